import { describe, expect, test } from "vitest";
import { human, type NoiseModel, scripted } from "../../../shared/imitation/experts.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { seeded } from "../../../shared/random.ts";
import { contains, width } from "../../../shared/spaces.ts";
import { replay } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { road } from "../../../shared/worlds/road/levels.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

const none: NoiseModel = { noise: 0, lag: 0, inconsistency: 0, temperature: 0 };
const half = 0.25; // of the road's steering, radians

const statesOf = (world: Level, seed: number) => {
  const { states, length } = replay(world, demonstrate(world, seed));
  return Array.from({ length }, (_, t) =>
    states.slice(t * world.stateSize, (t + 1) * world.stateSize),
  );
};
const actions = (
  world: Level,
  driver: (state: Float64Array, action: Float64Array) => void,
  states: readonly Float64Array[],
) =>
  states.map((state) => {
    const action = new Float64Array(width(world.action));
    driver(state, action);
    return action[0]!;
  });
/** A state in the road's middle, where the script's action is far from both bounds. */
const middle = statesOf(road, 2000).find((state) => {
  const [action] = actions(road, road.expert, [state]);
  return Math.abs(action!) < 0.02;
})!;
/** Somewhere in the garden. */
const corner = Float64Array.of(0, 0);
const many = (state: Float64Array, n: number) => Array.from({ length: n }, () => state);
const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe.each(Object.values(worlds))("a human on $name", (world) => {
  const states = statesOf(world, 2000);

  test("is the script where nothing is human", () => {
    const script = actions(world, scripted(world).drives(seeded(1)), states);
    expect(actions(world, human(world, none).drives(seeded(1)), states)).toEqual(script);
    expect(actions(world, human(world, none).answers(seeded(1)), states)).toEqual(script);
  });

  test("only ever does what the world allows, and the same under the same seed", () => {
    const frail = { noise: 0.5, lag: 2, inconsistency: 0.5, temperature: 0.5 };
    const drive = () => {
      const driver = human(world, frail).drives(seeded(4));
      return states.map((state) => {
        const action = new Float64Array(width(world.action));
        driver(state, action);
        expect(contains(world.action, action)).toBe(true);
        return [...action];
      });
    };
    expect(drive()).toEqual(drive());
  });

  test("with a lag does at the wheel what was right some steps ago, and answers without", () => {
    const late = human(world, { ...none, lag: 3 });
    const script = actions(world, world.expert, states);
    const first = script[0]!;
    expect(actions(world, late.drives(seeded(1)), states)).toEqual(
      [first, first, first, ...script].slice(0, states.length),
    );
    expect(actions(world, late.answers(seeded(1)), states)).toEqual(script);
  });
});

describe("noise", () => {
  test("on the road misses by its standard deviation, in half ranges", () => {
    const [right] = actions(road, road.expert, [middle]);
    const noisy = human(road, { ...none, noise: 0.2 }).answers(seeded(1));
    const misses = actions(road, noisy, many(middle, 4000)).map((a) => a - right!);
    expect(rootMeanSquare(misses)).toBeGreaterThan(0.95 * 0.2 * half);
    expect(rootMeanSquare(misses)).toBeLessThan(1.05 * 0.2 * half);
  });

  test("in the garden slips to each other action equally often", () => {
    const [right] = actions(garden, garden.expert, [corner]);
    const noisy = human(garden, { ...none, noise: 0.4 }).answers(seeded(1));
    const taken = actions(garden, noisy, many(corner, 8000));
    const share = (a: number) => taken.filter((b) => b === a).length / taken.length;
    for (const a of [0, 1, 2, 3, 4]) {
      if (a === right) expect(share(a)).toBeCloseTo(0.6, 1);
      else expect(Math.abs(share(a) - 0.1)).toBeLessThan(0.015);
    }
  });
});

describe("inconsistency", () => {
  test("on the road is the same offset all through an episode, and another in the next", () => {
    const [right] = actions(road, road.expert, [middle]);
    const offsets = Array.from({ length: 400 }, (_, seed) => {
      const driver = human(road, { ...none, inconsistency: 0.2 }).drives(seeded(seed));
      const of = actions(road, driver, many(middle, 3)).map((a) => a - right!);
      expect(new Set(of).size).toBe(1);
      return of[0]!;
    });
    expect(rootMeanSquare(offsets)).toBeGreaterThan(0.85 * 0.2 * half);
    expect(rootMeanSquare(offsets)).toBeLessThan(1.15 * 0.2 * half);
  });

  test("in the garden is one habit an episode", () => {
    const [right] = actions(garden, garden.expert, [corner]);
    const habits = Array.from({ length: 30 }, (_, seed) => {
      const driver = human(garden, { ...none, inconsistency: 0.5 }).drives(seeded(seed));
      const taken = new Set(actions(garden, driver, many(corner, 100)));
      taken.delete(right!);
      expect(taken.size).toBeLessThanOrEqual(1);
      return [...taken][0];
    });
    expect(new Set(habits).size).toBe(5); // four others, and the habit of doing what is right
  });
});

describe("Boltzmann choice", () => {
  /** Moves home from each state that has a way there: those next to home know, and then their neighbours. */
  function distances() {
    const states = Array.from({ length: 64 }, (_, i) => Float64Array.of(Math.floor(i / 8), i % 8));
    const distance = new Map<string, number>();
    const next = new Float64Array(2);
    for (let n = 1, last = -1; last !== distance.size; n++) {
      last = distance.size;
      const found = states.filter((state) =>
        [0, 1, 2, 3].some((a) => {
          const outcome = garden.step(state, Float64Array.of(a), null, next);
          return outcome === Outcome.done || distance.get(next.join())! < n;
        }),
      );
      for (const state of found) if (!distance.has(state.join())) distance.set(state.join(), n);
    }
    return distance;
  }

  test("in the garden follows exp(Q/τ), with Q the steps home", () => {
    const distance = distances();
    /** Steps home that begin with each action. */
    const stepsFrom = (state: Float64Array) =>
      [0, 1, 2, 3, 4].map((a) => {
        const next = new Float64Array(2);
        const outcome = garden.step(state, Float64Array.of(a), null, next);
        return outcome === Outcome.done ? 1 : 1 + distance.get(next.join())!;
      });
    const temperature = 0.8;
    // In the open: some moves are a step better than staying, and some are a step worse.
    const open = statesOf(garden, 2000).find((state) => new Set(stepsFrom(state)).size === 3)!;
    const steps = stepsFrom(open);
    const odds = steps.map((n) => Math.exp(-n / temperature));
    const total = odds.reduce((sum, p) => sum + p, 0);
    const driver = human(garden, { ...none, temperature }).answers(seeded(1));
    const n = 10_000;
    const taken = actions(garden, driver, many(open, n));
    odds.forEach((odd, a) => {
      const p = odd / total;
      const count = taken.filter((b) => b === a).length;
      expect(Math.abs(count - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)));
    });
  });

  test("on the road falls off exponentially with the distance, and stays within the bounds", () => {
    const [right] = actions(road, road.expert, [middle]);
    const at = (temperature: number) =>
      actions(
        road,
        human(road, { ...none, temperature }).answers(seeded(1)),
        many(middle, 8000),
      ).map((a) => Math.abs(a - right!));
    const narrow = at(0.1); // the bounds, ten scales away, hardly matter
    expect(narrow.reduce((sum, d) => sum + d, 0) / narrow.length / (0.1 * half)).toBeCloseTo(1, 1);
    const beyond = narrow.filter((d) => d > 0.2 * half).length / narrow.length;
    expect(Math.abs(beyond - Math.exp(-2))).toBeLessThan(0.02);
    // Very hot is uniform within the bounds, around an action near the middle of them.
    const hot = at(50);
    expect(hot.reduce((sum, d) => sum + d, 0) / hot.length / half).toBeCloseTo(0.5, 1);
  });
});
