import { describe, expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { seeded } from "../../../shared/random.ts";
import { replay } from "../../../shared/worlds/episode.ts";
import { path } from "../../../shared/worlds/path.ts";

describe("the article's path", () => {
  test("the expert steps 0.2 on and at most 0.3 toward sin 2x", () => {
    const action = new Float64Array(2);
    const at = (x: number, y: number) => {
      path.expert(Float64Array.of(x, y), action);
      return [...action];
    };
    expect(at(0.5, 0.8)).toEqual([0.2, Math.sin(1) - 0.8]);
    expect(at(0.5, 2)).toEqual([0.2, -0.3]);
    expect(at(2.3, 0)).toEqual([0.2, -0.3]);
    expect(at(0.7, 0)).toEqual([0.2, 0.3]);
  });

  test("a step adds the action, and noise of standard deviation 0.02 on both axes", () => {
    const random = seeded(1);
    const next = new Float64Array(2);
    const n = 20_000;
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      path.step(Float64Array.of(1, 0.5), Float64Array.of(0.2, -0.1), random, next);
      const [dx, dy] = [next[0]! - 1.2, next[1]! - 0.4];
      [dx, dy, dx * dx, dy * dy].forEach((value, k) => {
        sums[k]! += value / n;
      });
    }
    expect(Math.abs(sums[0]!)).toBeLessThan(0.001);
    expect(Math.abs(sums[1]!)).toBeLessThan(0.001);
    expect(Math.sqrt(sums[2]!)).toBeCloseTo(0.02, 3);
    expect(Math.sqrt(sums[3]!)).toBeCloseTo(0.02, 3);
    path.step(Float64Array.of(1, 0.5), Float64Array.of(0.2, -0.1), null, next);
    expect([...next]).toEqual([Math.fround(1.2), Math.fround(0.4)]);
  });

  test("it starts at x = 0, about 0.1 off, and takes 30 steps", () => {
    let square = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const state = new Float64Array(2);
      path.start(seeded(seed), state);
      expect(state[0]).toBe(0);
      square += state[1]! ** 2 / 2000;
    }
    expect(Math.sqrt(square)).toBeCloseTo(0.1, 2);
    expect(replay(path, demonstrate(path, 1)).length).toBe(30);
  });

  test("even the expert is about a third off the curve", () => {
    let off = 0;
    for (let seed = 0; seed < 200; seed++) {
      off += path.measure.of(replay(path, demonstrate(path, seed))) / 200;
    }
    expect(off).toBeGreaterThan(0.25);
    expect(off).toBeLessThan(0.4);
  });
});
