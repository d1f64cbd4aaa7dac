import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearReward } from "../../../shared/irl/features.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { readProblem } from "../../../shared/laboratory/problem.ts";
import { consequencesOf, solve } from "../../../shared/laboratory/solution.ts";
import { seeded } from "../../../shared/random.ts";
import {
  discounted,
  furthest,
  normals,
  outcomes,
  paths,
  randomMdp,
  sample,
  sum,
} from "../irl/support.ts";

/** A small problem as a file: demonstrations of an expert with random weights. */
function problemOf(seed: number, horizon: number, l2?: number, nTerminals = 1) {
  const nStates = 4;
  const model = randomMdp({
    seed,
    nStates,
    nActions: 2,
    branches: 2,
    nTerminals,
    discount: 0.9,
    horizon,
  });
  const random = seeded(seed, 7);
  const features = normals(nStates * 2, random);
  const { policy } = softValueIteration(model, linearReward(features, normals(2, random)));
  const demonstrations = Array.from({ length: 5 }, () =>
    sample(model, policy, Math.min(horizon, 200), random),
  );
  const file = {
    nStates,
    nActions: 2,
    transitions: Array.from({ length: nStates * 2 }, (_, row) => {
      const [s, a] = [Math.floor(row / 2), row % 2];
      return outcomes(model, s, a).map(({ next, probability }) => [s, a, next, probability]);
    }).flat(),
    features: Array.from({ length: nStates }, (_, s) => [...features.subarray(2 * s, 2 * s + 2)]),
    start: [...model.start],
    terminals: nTerminals > 0 ? [3] : [],
    discount: 0.9,
    ...(Number.isFinite(horizon) && { horizon }),
    ...(l2 !== undefined && { l2 }),
    demonstrations: demonstrations.map(({ states, actions }) =>
      states.map((s, t) => (t < actions.length ? [s, actions[t]!] : [s])),
    ),
  };
  return { model, features, demonstrations, problem: readProblem(JSON.stringify(file), true) };
}

const seeds = fc.integer({ min: 1, max: 1e6 });

describe("solve", () => {
  test.each([3, Number.POSITIVE_INFINITY])(
    "finds the most likely weights for the actions, whatever followed (%d decisions)",
    (horizon) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const { demonstrations, problem } = problemOf(seed, horizon);
          expect(problem.outcomes).toBe("expected");
          const { weights } = solve(problem);
          const objective = (w: number[]) => {
            const { policy } = consequencesOf(problem, Float64Array.from(w));
            const chances = policy.flat(Number.POSITIVE_INFINITY as 1) as unknown as number[];
            const endless = horizon === Number.POSITIVE_INFINITY;
            const logs = demonstrations.map(({ states, actions }) =>
              sum(
                actions.map((a, t) => {
                  const row = (endless ? 0 : t * 4) + states[t]!;
                  // Without a horizon all steps count alike.
                  return (endless ? 1 : 0.9 ** t) * Math.log(chances[2 * row + a]!);
                }),
              ),
            );
            return sum(logs) / 5 - (0.2 / 2) * sum(w.map((x) => x * x));
          };
          weights.forEach((_, k) => {
            const at = (step: number) => objective(weights.map((w, i) => (i === k ? w + step : w)));
            expect(Math.abs(at(1e-4) - at(-1e-4)) / 2e-4).toBeLessThan(2e-5);
          });
        }),
        { numRuns: 20 },
      );
    },
  );

  test("finds weights where the gradient over all paths is zero, for outcomes as observed", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(undefined, 0.05), (seed, l2) => {
        const { model, features, demonstrations, problem } = problemOf(seed, 3, l2);
        const solution = solve({ ...problem, outcomes: "observed" });
        const feature = (k: number) => features.filter((_, i) => i % 2 === k);
        const reward = linearReward(features, Float64Array.from(solution.weights));

        // The causal likelihood needs Q, summed over the possible next states.
        const value = (s: number, left: number): number =>
          left === 0 || model.terminal[s]
            ? reward[s]!
            : reward[s]! + Math.log(sum([0, 1].map((a) => Math.exp(later(s, a, left)))));
        const later = (s: number, a: number, left: number): number =>
          0.9 *
          sum(
            outcomes(model, s, a).map(
              ({ next, probability }) => probability * value(next, left - 1),
            ),
          );
        const learner = [0, 0];
        for (const { states: shown } of demonstrations) {
          for (const { states, actions, luck } of paths(model, shown[0]!)) {
            const chosen = actions.reduce((product, a, t) => {
              const left = 3 - t;
              return (
                product *
                Math.exp(
                  later(states[t]!, a, left) - (value(states[t]!, left) - reward[states[t]!]!),
                )
              );
            }, 1);
            for (const k of [0, 1])
              learner[k]! +=
                (luck * chosen * discounted(states, feature(k), 0.9)) / demonstrations.length;
          }
        }
        const expert = [0, 1].map(
          (k) =>
            sum(demonstrations.map(({ states }) => discounted(states, feature(k), 0.9))) /
            demonstrations.length,
        );
        expect(furthest(solution.expertFeatures, expert)).toBeLessThan(1e-9);
        expect(furthest(solution.learnerFeatures, learner)).toBeLessThan(1e-9);
        const penalty = l2 ?? 1 / demonstrations.length;
        const gradient = solution.weights.map((w, k) => expert[k]! - learner[k]! - penalty * w);
        expect(Math.hypot(...gradient)).toBeLessThan(2e-6);
        expect(Math.abs(Math.hypot(...gradient) - solution.gradientNorm)).toBeLessThan(1e-8);
        expect(furthest(solution.reward, reward)).toBeLessThan(1e-12);
      }),
      { numRuns: 20 },
    );
  });

  test("has the visits of its own weights, from the demonstrations' starts", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(6, Number.POSITIVE_INFINITY), (seed, horizon) => {
        const { model, problem, demonstrations } = problemOf(seed, horizon);
        const { weights, visitation } = solve(problem);
        const starts = new Float64Array(4);
        for (const { states } of demonstrations) starts[states[0]!]! += 1 / demonstrations.length;
        const following = consequencesOf(
          { ...problem, mdp: { ...model, start: starts } },
          Float64Array.from(weights),
        );
        expect(furthest(following.visitation, visitation)).toBeLessThan(1e-8);
      }),
      { numRuns: 20 },
    );
  });

  test("gives intervals around the weights, narrower with a stronger prior", () => {
    const width = ([low, high]: readonly [number, number]) => high - low;
    const [loose, tight] = [0.1, 10].map((l2) => solve(problemOf(3, 6, l2).problem));
    for (const { weights, intervals } of [loose!, tight!]) {
      weights.forEach((w, k) => {
        const [low, high] = intervals[k]!;
        expect((low + high) / 2).toBeCloseTo(w, 9);
        expect(low).toBeLessThan(w);
      });
    }
    tight!.intervals.forEach((interval, k) => {
      expect(width(interval!)).toBeLessThan(width(loose!.intervals[k]!));
    });
  });

  test("reports a feature without evidence as undetermined, and unbounded without a prior", () => {
    const blind = (l2: number) => {
      const { problem } = problemOf(5, 6, l2, 0);
      // The second feature is constant, and all episodes have the same length.
      return solve({ ...problem, features: problem.features.map((f, i) => (i % 2 === 1 ? 1 : f)) });
    };
    expect(blind(0).undetermined.length).toBe(1);
    expect(Math.abs(blind(0).undetermined[0]![1]!)).toBeCloseTo(1, 6);
    expect(blind(0).intervals[0]).not.toBeNull();
    expect(blind(0).intervals[1]).toBeNull();
    expect(blind(0.1).intervals[1]).not.toBeNull();
  });
});

describe("consequencesOf", () => {
  test("has a policy for each time of a horizon, and values for one more", () => {
    const { problem, features } = problemOf(1, 6);
    const weights = Float64Array.of(0.3, -0.8);
    const { policy, values, visitation, reward } = consequencesOf(problem, weights);
    const choices = policy as readonly (readonly (readonly number[])[])[];
    expect([choices.length, choices[0]!.length, choices[0]![0]!.length]).toEqual([6, 4, 2]);
    expect(choices.flat().every((row) => Math.abs(sum(row) - 1) < 1e-12)).toBe(true);
    expect([values.length, (values[0] as readonly number[]).length]).toEqual([7, 4]);
    expect(values[6]).toEqual(reward);
    expect(reward).toEqual([...linearReward(features, weights)]);
    // The entries of the flat policy, by their indices.
    const flat = softValueIteration(problem.mdp, Float64Array.from(reward)).policy;
    expect(choices[2]![1]![1]).toBe(flat[(2 * 4 + 1) * 2 + 1]);
    expect(visitation.length).toBe(4);
  });

  test("has no time without a horizon", () => {
    const { policy, values } = consequencesOf(
      problemOf(1, Number.POSITIVE_INFINITY).problem,
      Float64Array.of(0.3, -0.8),
    );
    const choices = policy as readonly (readonly number[])[];
    expect([choices.length, choices[0]!.length, values.length]).toEqual([4, 2, 4]);
    expect(choices.every((row) => Math.abs(sum(row) - 1) < 1e-12)).toBe(true);
    expect(values.every((value) => typeof value === "number")).toBe(true);
  });
});
