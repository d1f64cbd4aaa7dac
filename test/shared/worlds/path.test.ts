import { describe, expect, test } from "vitest";
import { dagger } from "../../../shared/imitation/dagger.ts";
import { pairsOf } from "../../../shared/imitation/dataset.ts";
import { measure } from "../../../shared/imitation/evaluation.ts";
import { scripted } from "../../../shared/imitation/experts.ts";
import { type Driver, demonstrate } from "../../../shared/imitation/rollout.ts";
import { fit } from "../../../shared/imitation/round.ts";
import { mean } from "../../../shared/imitation/statistics.ts";
import { rewardDriver } from "../../../shared/irl/driver.ts";
import { inferFrom } from "../../../shared/irl/reward.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import { novel } from "../../../shared/queries/novel.ts";
import { seeded } from "../../../shared/random.ts";
import { replay } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { crags, gale, path } from "../../../shared/worlds/path/levels.ts";

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

describe("what the further levels teach", () => {
  const heldOut = Array.from({ length: 50 }, (_, seed) => seed);
  const shown = (on: Level) => [101, 102].map((seed) => replay(on, demonstrate(on, seed)));
  const off = (on: Level, driver: Driver = on.expert) =>
    mean(heldOut.map((seed) => on.measure.of(replay(on, demonstrate(on, seed, driver)))));

  test("among crags a clone cuts the corners that it was shown, and the reward behind them does not", () => {
    const cloned = fit(pairsOf(crags, shown(crags)), policyKinds.fourier!, 1).policy;
    const { weights } = inferFrom(crags, shown(crags));
    const after = rewardDriver(crags, Float64Array.from(weights));
    expect(mean(measure(crags, cloned, heldOut))).toBeGreaterThan(0.9 * off(crags));
    expect(off(crags, after)).toBeLessThan(0.75 * off(crags));
    // And what one is after is the same on a curve that nobody has shown.
    const elsewhere = rewardDriver(path, Float64Array.from(weights));
    expect(off(path, elsewhere)).toBeLessThan(0.75 * off(path));
  });

  test("in a gale corrections make good most of what a clone lacks, on average over six lessons", () => {
    const method = { kind: policyKinds.gaussianProcess!, query: novel, budget: 24, drives: 3 };
    const lacking = [1, 2, 3, 4, 5, 6].map((lesson) => {
      const drives = [101, 102].map((seed) => replay(gale, demonstrate(gale, 10 * lesson + seed)));
      const rounds = dagger(gale, drives, method, scripted(gale), lesson, 1000 * lesson);
      return Array.from({ length: 6 }, () => {
        const { policy } = rounds.next().value;
        return mean(measure(gale, policy, heldOut)) - off(gale);
      });
    });
    const clone = mean(lacking.map((lacks) => lacks[0]!));
    const corrected = mean(lacking.map((lacks) => lacks.at(-1)!));
    expect(clone).toBeGreaterThan(0.1);
    expect(corrected).toBeLessThan(0.5 * clone);
  });

  test("gusts are rare and strong, push both ways, and the plan knows nothing of them", () => {
    const random = seeded(2);
    const next = new Float64Array(2);
    const n = 5000;
    let [up, down] = [0, 0];
    for (let i = 0; i < n; i++) {
      gale.step(Float64Array.of(1, 0), Float64Array.of(0.2, 0), random, next);
      if (next[1]! > 0.4) up++;
      if (next[1]! < -0.4) down++;
    }
    expect(Math.abs(up / n - 0.06)).toBeLessThan(0.01);
    expect(Math.abs(down / n - 0.06)).toBeLessThan(0.01);
    gale.step(Float64Array.of(1, 0), Float64Array.of(0.2, 0), null, next);
    expect([...next]).toEqual([Math.fround(1.2), 0]);
  });
});
