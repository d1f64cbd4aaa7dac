import { describe, expect, it } from "vitest";
import { human } from "../../../shared/imitation/experts.ts";
import { labelNoise } from "../../../shared/imitation/labelNoise.ts";
import { seeded } from "../../../shared/random.ts";
import type { ActionSpace } from "../../../shared/spaces.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";

const wheel: ActionSpace = { kind: "continuous", low: [-0.5], high: [1.5] };
const moves: ActionSpace = { kind: "discrete", names: ["a", "b", "c", "d"] };

describe("the noise of a label", () => {
  it("solves by hand: numbers", () => {
    // Half the range is 1. Ten pairs a distance of 0.2 apart: σ² = 0.02, and σ̂² / σ² is χ² / 10.
    const pairs = Array.from(
      { length: 10 },
      (_, i) => [[0.1 * (i % 2)], [0.2 + 0.1 * (i % 2)]] as const,
    );
    const { pairs: n, noise, interval } = labelNoise(wheel, pairs)!;
    expect(n).toBe(10);
    expect(noise).toBeCloseTo(Math.sqrt(0.02), 12);
    // Quantiles of χ² with ten degrees of freedom, from a table: 18.307 and 3.940.
    expect(interval[0]).toBeCloseTo(Math.sqrt(0.2 / 18.307), 3);
    expect(interval[1]).toBeCloseTo(Math.sqrt(0.2 / 3.94), 3);
  });

  it("solves by hand: moves", () => {
    // Four of ten differ. With three other moves to slip to, 2e − (4/3) e² = 0.4.
    const pairs = Array.from({ length: 10 }, (_, i) => [[0], [i < 4 ? 1 : 0]] as const);
    const { noise, interval } = labelNoise(moves, pairs)!;
    expect(2 * noise - (4 / 3) * noise * noise).toBeCloseTo(0.4, 12);
    // Wilson's interval for 4 of 10 with z = 1.6449: the roots of (p − 0.4)² = z² p (1 − p) / 10.
    for (const end of interval) {
      const p = 2 * end - (4 / 3) * end * end;
      expect((p - 0.4) ** 2).toBeCloseTo((1.6448536 ** 2 * p * (1 - p)) / 10, 6);
    }
    expect(interval[0]).toBeLessThan(noise);
    expect(interval[1]).toBeGreaterThan(noise);
  });

  it("leaves out what is at the end of its range, and says nothing of nothing", () => {
    const free = [[[0.1], [0.3]]] as const;
    expect(labelNoise(wheel, [...free, [[1.5], [1.5]], [[-0.5], [0]]])).toEqual(
      labelNoise(wheel, free),
    );
    expect(labelNoise(wheel, [[[1.5], [1.5]]])).toBeNull();
    expect(labelNoise(wheel, [])).toBeNull();
    expect(labelNoise(moves, [])).toBeNull();
  });

  it("holds a normal noise nine times in ten", () => {
    const random = seeded(1);
    let held = 0;
    for (let i = 0; i < 2000; i++) {
      const pairs = Array.from({ length: 6 }, () => {
        const middle = 0.5 + 0.1 * random.normal();
        return [[middle + 0.05 * random.normal()], [middle + 0.05 * random.normal()]] as const;
      });
      const [low, high] = labelNoise(wheel, pairs)!.interval;
      if (low <= 0.05 && 0.05 <= high) held++;
    }
    expect(held / 2000).toBeGreaterThan(0.88);
    expect(held / 2000).toBeLessThan(0.92);
  });

  it("finds the slips of somebody who walks by a script", () => {
    const expert = human(garden, { noise: 0.2, lag: 0, inconsistency: 0, temperature: 0 });
    const answers = expert.answers(seeded(2));
    const state = new Float64Array(garden.stateSize);
    garden.start(seeded(3), state);
    const answer = () => {
      const action = new Float64Array(1);
      answers(state, action);
      return action;
    };
    const pairs = Array.from({ length: 3000 }, () => [answer(), answer()] as const);
    expect(labelNoise(garden.action, pairs)!.noise).toBeCloseTo(0.2, 1);
  });
});
