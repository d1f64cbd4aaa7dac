import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dagger, type RoundResult } from "../../../shared/imitation/dagger.ts";
import { scripted } from "../../../shared/imitation/experts.ts";
import { demonstrate, driverOf } from "../../../shared/imitation/rollout.ts";
import { type Method, rounds } from "../../../shared/imitation/round.ts";
import { bestOf, bestPolicy, select } from "../../../shared/imitation/selection.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import type { Fit, Policy, PolicyKind } from "../../../shared/policies/policy.ts";
import { betaMixtureWith } from "../../../shared/queries/betaMixture.ts";
import { every } from "../../../shared/queries/every.ts";
import { queries } from "../../../shared/queries/index.ts";
import type { Query } from "../../../shared/queries/query.ts";
import { takeover } from "../../../shared/queries/takeover.ts";
import { width } from "../../../shared/spaces.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { road } from "../../../shared/worlds/road/levels.ts";

const firstSeed = 1024;

/** The first `n` rounds of DAgger with the scripted expert, after one demonstration. */
function roundsOf(world: Level, method: Method, n: number, seed: number): RoundResult[] {
  const shown = [replay(world, demonstrate(world, 2000 + seed))];
  const loop = dagger(world, shown, method, scripted(world), seed, firstSeed);
  return Array.from({ length: n }, () => loop.next().value);
}

test("who ranks states does not ask where it is too late, and who asks about every state does", () => {
  const asked = (name: string) => {
    const method = { ...fourierWith(queries[name]!), drives: 4 };
    const demonstrations = [replay(road, demonstrate(road, 2001))];
    return rounds(road, demonstrations, method, 1, { firstSeed }).next().value.questions;
  };
  const late = (name: string) => asked(name).filter(({ state }) => road.isLost!(state)).length;
  expect(late("every")).toBeGreaterThan(0);
  for (const name of ["novel", "random"]) {
    expect(asked(name).length).toBeGreaterThan(10);
    expect(late(name)).toBe(0);
  }
});

const fourierWith = (query: Query): Method => ({
  kind: policyKinds.fourier!,
  query,
  budget: 1000,
  drives: 2,
});

describe("any world, any policy, any query, any seed", () => {
  const combinations = Object.values(worlds).flatMap((world) =>
    Object.values(policyKinds)
      .filter(({ actions }) => actions === world.action.kind)
      .flatMap((kind) => Object.values(queries).map((query) => ({ world, kind, query }))),
  );

  /** Networks take seconds to fit: here they are fitted once a run, and drive both rounds. */
  const isSlow = ({ name }: PolicyKind) => name.startsWith("mlp");
  const fittedOnce = (kind: PolicyKind): PolicyKind => {
    let fitted: Fit | null = null;
    return {
      ...kind,
      *fit(data, random) {
        fitted ??= yield* kind.fit(data, random);
        return fitted;
      },
    };
  };

  const run = (world: Level, kind: PolicyKind, query: Query, seed: number) => {
    const short = { ...world, horizon: 20 };
    const method = { query, budget: 6, labels: 30, drives: 2 };
    const once = isSlow(kind) ? fittedOnce(kind) : kind;
    const rounds = roundsOf(short, { ...method, kind: once }, 2, seed);
    return {
      policies: rounds.map(({ policy }) => JSON.stringify(policy.toJSON())),
      answers: rounds.map(({ answers }) => answers),
      drives: rounds.map(({ drives }) => drives),
      pairs: rounds.map(({ data }) => data.n),
    };
  };

  test.each([
    { which: "quick", slow: false, limits: { numRuns: 60 } },
    // What these few runs do not come to, another day's do.
    { which: "slow", slow: true, limits: { numRuns: 5, interruptAfterTimeLimit: 4000 } },
  ])("runs twice alike, within its budgets: the $which policies", ({ slow, limits }) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...combinations.filter(({ kind }) => isSlow(kind) === slow)),
        fc.integer({ min: 0, max: 2 ** 31 }),
        ({ world, kind, query }, seed) => {
          const once = run(world, kind, query, seed);
          expect(run(world, kind, query, seed)).toEqual(once);
          expect(once.answers[1]!.length).toBeLessThanOrEqual(6);
          expect(once.pairs[1]).toBeLessThanOrEqual(30);
          expect(once.pairs[1]).toBe(once.pairs[0]! + once.answers[1]!.length);
        },
      ),
      limits,
    );
  });
});

describe("whoever drives", () => {
  test("the stored action is the expert's, and the learner's is kept beside it", () => {
    for (const query of [every, betaMixtureWith(0.5), takeover]) {
      const rounds = roundsOf(road, fourierWith(query), 3, 1);
      for (let round = 1; round < rounds.length; round++) {
        const learner = driverOf(road, rounds[round - 1]!.policy);
        const action = new Float64Array(1);
        for (const answer of rounds[round]!.answers) {
          road.expert(answer.state as Float64Array, action);
          expect(answer.action[0]).toBe(action[0]);
          learner(answer.state as Float64Array, action);
          expect(answer.proposed[0]).toBe(action[0]);
        }
      }
    }
  });

  test("takeover: all steps of the expert become labels, and none of the learner's", () => {
    const rounds = roundsOf(road, fourierWith(takeover), 3, 1);
    const [drives, answers] = [rounds[1]!.drives, rounds[1]!.answers];
    const states = drives.flatMap(({ states, controllers }) =>
      Array.from(controllers, (who, t) => ({ who, state: states.slice(3 * t, 3 * t + 3) })),
    );
    const experts = states.filter(({ who }) => who === Controller.expert);
    expect(experts.length).toBeGreaterThan(0);
    expect(experts.length).toBeLessThan(states.length);
    expect(answers.map(({ state }) => Float64Array.from(state))).toEqual(
      experts.map(({ state }) => state),
    );
  });

  test("betaMixture: the expert drives β of the steps, each of which replays as it was driven", () => {
    const rounds = roundsOf(road, { ...fourierWith(betaMixtureWith(0.5)), drives: 8 }, 4, 1);
    for (let round = 1; round < 4; round++) {
      const { drives } = rounds[round]!;
      const beta = 0.5 ** (round - 1);
      const steps = drives.reduce((sum, { length }) => sum + length, 0);
      const byExpert = drives
        .flatMap(({ controllers }) => [...controllers])
        .filter((who) => who === Controller.expert).length;
      const error = 5 * Math.sqrt(beta * (1 - beta) * steps);
      expect(Math.abs(byExpert - beta * steps)).toBeLessThanOrEqual(error);
      const learner = driverOf(road, rounds[round - 1]!.policy);
      const action = new Float64Array(width(road.action));
      for (const { states, actions, controllers, length } of drives) {
        for (let t = 0; t < length; t++) {
          const driver = controllers[t] === Controller.expert ? road.expert : learner;
          driver(states.subarray(3 * t, 3 * t + 3), action);
          expect(actions[t]).toBe(action[0]);
        }
      }
    }
  });

  test("a strategy with a gate is refused where no expert is there to take the wheel", () => {
    const shown = [replay(road, demonstrate(road, 2001))];
    const alone = rounds(road, shown, fourierWith(takeover), 1, { firstSeed });
    expect(() => alone.next()).toThrow("takeover needs an expert at the wheel");
  });

  test("no rollout has a held-out seed's start", () => {
    const heldOut = new Set(
      Array.from({ length: firstSeed }, (_, seed) =>
        replay(road, { ...demonstrate(road, seed), actions: [0], controllers: [0] })
          .states.subarray(0, 3)
          .join(),
      ),
    );
    for (const query of Object.values(queries)) {
      const { drives } = roundsOf(road, fourierWith(query), 2, 3)[1]!;
      for (const { states } of drives)
        expect(heldOut.has(states.subarray(0, 3).join())).toBe(false);
    }
  });
});

describe("the policy to return", () => {
  /** Always goes in the same direction. */
  const stubborn = (direction: number): Policy => ({
    kind: "stubborn",
    act: (_, action) => action.fill(direction),
    uncertainty: () => 1,
    familiarity: () => ({ uncertainty: () => 1, see: () => {} }),
    toJSON: () => ({ kind: "stubborn" }),
  });
  const round = (policy: Policy): RoundResult => ({
    ...roundsOf(garden, { ...fourierWith(every), kind: policyKinds.softmax! }, 1, 1)[0]!,
    policy,
  });
  const seeds = Array.from({ length: 40 }, (_, i) => 512 + i);

  test("is the best on the validation seeds, not the last; the last is there too", () => {
    const [up, down] = [stubborn(0), stubborn(1)];
    const method = { ...fourierWith(every), kind: policyKinds.softmax!, drives: 10 };
    const taught = roundsOf(garden, method, 16, 1);
    const good = taught.at(-1)!.policy;
    const rounds = [up, down, good, good, up].map(round);
    const chosen = select(garden, rounds, seeds);
    expect(chosen.best).toBe(2);
    expect(bestPolicy(chosen)).toBe(good);
    expect(chosen.rounds.at(-1)!.policy).toBe(up);
    expect(chosen.validation[0]).toBe(0);
    expect(chosen.validation[2]).toBe(1);
  });

  test("is the earliest of equals, whether more or fewer is better", () => {
    expect(bestOf([3, 1, 2, 1], "fewer")).toBe(1);
    expect(bestOf([3, 1, 3, 2], "more")).toBe(0);
  });
});
