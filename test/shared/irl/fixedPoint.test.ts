import { describe, expect, it } from "vitest";
import { extrapolate, newHistory } from "../../../shared/irl/fixedPoint.ts";
import type { Mdp } from "../../../shared/irl/mdp.ts";
import { valueIteration } from "../../../shared/irl/planning.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { seeded } from "../../../shared/random.ts";
import { furthest, grid, normals, outcomes, sum } from "./support.ts";

/** Values [s] after this many plain sweeps over all states. */
function plain(
  model: Mdp,
  reward: Float64Array,
  sweeps: number,
  of: (choices: number[]) => number,
): Float64Array {
  let values = new Float64Array(model.nStates);
  for (let i = 0; i < sweeps; i++) {
    values = reward.map((r, s) => {
      const choices = Array.from({ length: model.nActions }, (_, a) =>
        sum(outcomes(model, s, a).map(({ next, probability }) => probability * values[next]!)),
      );
      return r + of(choices.map((choice) => model.discount * choice));
    });
  }
  return values;
}

const most = (choices: number[]) => Math.max(...choices);
const softMost = (choices: number[]) =>
  most(choices) + Math.log(sum(choices.map((choice) => Math.exp(choice - most(choices)))));

describe("extrapolate", () => {
  const model = grid(4, { slip: 0.1, discount: 0.9 });
  const solvers = [
    ["soft", softValueIteration, softMost],
    ["hard", valueIteration, most],
  ] as const;

  it.each(solvers)(
    "leaves residuals whose squares overflow to plain sweeps: %s",
    (_, solve, of) => {
      for (const size of [1e152, 1e153, 1e154, 1e155, 1e160]) {
        for (let seed = 0; seed < 5; seed++) {
          const reward = normals(16, seeded(seed), size);
          const { values } = solve(model, reward);
          const expected = plain(model, reward, 400, of);
          expect(values.every(Number.isFinite)).toBe(true);
          expect(furthest(values, expected) / most(Array.from(expected, Math.abs))).toBeLessThan(
            1e-9,
          );
        }
      }
    },
  );

  /** Two sweeps with residuals of length 1, after which it extrapolates to a new point. */
  function begun() {
    const past = newHistory(2);
    const point = Float64Array.of(1, 0);
    expect(extrapolate(past, point, Float64Array.of(1, 0))).toBe(false);
    point.set([0, 1]);
    expect(extrapolate(past, point, Float64Array.of(0, 1))).toBe(true);
    expect([...point]).not.toEqual([0, 1]);
    return { past, point };
  }

  it.each([3, Number.NaN, Number.POSITIVE_INFINITY, 1e200])(
    "is undone where the residual becomes %d, once",
    (residual) => {
      const { past, point } = begun();
      expect(extrapolate(past, point, Float64Array.of(residual, 0))).toBe(true);
      expect([...point]).toEqual([0, 1]);
      point.set([5, 5]);
      expect(extrapolate(past, point, Float64Array.of(residual, 0))).toBe(false);
      expect([...point]).toEqual([5, 5]);
    },
  );

  it("pauses after many sweeps without progress, until plain sweeps make some", () => {
    const { past, point } = begun();
    let extrapolated = true;
    // Without progress until its patience runs out at the next sweep.
    extrapolate(past, point, Float64Array.of(3, 0));
    for (let sweep = 3; sweep <= 40; sweep++) {
      point.set([sweep, -sweep]);
      extrapolated = extrapolate(past, point, Float64Array.of(1, sweep / 1e3));
    }
    expect(extrapolated).toBe(true);
    point.set([1e6, 1e6]);
    expect(extrapolate(past, point, Float64Array.of(3, 0))).toBe(true);
    expect([...point]).toEqual([40, -40]);
    for (const residual of [3, 1, 3, Number.NaN, 1, 3]) {
      point.set([residual, 7]);
      expect(extrapolate(past, point, Float64Array.of(residual, 0))).toBe(false);
      expect([...point]).toEqual([residual, 7]);
    }
    expect(extrapolate(past, point, Float64Array.of(0.8, 0))).toBe(false);
    expect(extrapolate(past, point, Float64Array.of(0, 0.8))).toBe(true);
  });
});
