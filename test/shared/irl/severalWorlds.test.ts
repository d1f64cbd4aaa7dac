import { describe, expect, it } from "vitest";
import { rollout } from "../../../shared/imitation/rollout.ts";
import {
  mostInformativeStart,
  mostInformativeWorld,
  verdictOn,
  weightBeliefs,
} from "../../../shared/irl/belief.ts";
import { intervalOf, untellableIn } from "../../../shared/irl/certainty.ts";
import { rewardDriver } from "../../../shared/irl/driver.ts";
import { linearReward } from "../../../shared/irl/features.ts";
import { modelOf } from "../../../shared/irl/lattice.ts";
import { mdp } from "../../../shared/irl/mdp.ts";
import { inferFrom, posteriorFrom } from "../../../shared/irl/reward.ts";
import { maxEntOver, toldIn } from "../../../shared/irl/severalWorlds.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { episodeFrom } from "../../../shared/laboratory/walkers.ts";
import { seeded } from "../../../shared/random.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { gardenOf } from "../../../shared/worlds/garden/garden.ts";
import { drought, garden, maze, rain } from "../../../shared/worlds/garden/levels.ts";
import type { Level, Tabular } from "../../../shared/worlds/level.ts";
import { furthest } from "./support.ts";

const here = garden as Level & Tabular;
const there = garden.another!(3) as Level & Tabular;
const taste = Float64Array.from(garden.tastes!.gardener!.weights);
const walks = (world: Tabular, n: number, seed: number) => {
  const { mdp: model, features } = modelOf(world);
  const { policy } = softValueIteration(model, linearReward(features, taste));
  const random = seeded(seed);
  return Array.from({ length: n }, () => episodeFrom(model, policy, 0, random));
};

describe("the reward behind walks in several worlds", () => {
  it("is that of one world where all of them are the same", () => {
    const shown = walks(here, 5, 1);
    const split = [shown.slice(0, 2), shown.slice(2)].map((demonstrations) => ({
      model: modelOf(here),
      demonstrations,
    }));
    const { weights, certainty } = maxEntOver(split, 3);
    const lattice = shown.map((walk) => ({
      states: Int32Array.from(walk.states),
      actions: Int32Array.from(walk.actions),
      at: Int32Array.from(walk.states.keys()),
      leftOut: new Uint8Array(walk.actions.length),
      impossible: 0,
    }));
    const one = posteriorFrom(here, lattice);
    expect(furthest(weights, one.weights)).toBeLessThan(1e-4);
    expect(furthest(certainty.covariance, one.certainty.covariance)).toBeLessThan(1e-3);
  });

  it("is known better from both than from either", () => {
    const parts = [here, there].map((world, i) => ({
      model: modelOf(world),
      demonstrations: walks(world, 3, i),
    }));
    const spread = (of: typeof parts) => {
      const { covariance } = maxEntOver(of, 3).certainty;
      return taste.reduce((sum, _, k) => sum + covariance[k * (taste.length + 1)]!, 0);
    };
    const both = spread(parts);
    for (const part of parts) expect(both).toBeLessThan(spread([part]));
  });

  it("is looked for where it tells the most", () => {
    const n = taste.length;
    const covariance = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) ? 0 : 9));
    const belief = { weights: new Float64Array(n), covariance };
    const alone = [here, there].map((world) => mostInformativeStart(world, belief));
    const best = mostInformativeWorld([here, there], belief);
    expect(best.gain).toBe(Math.max(...alone.map(({ gain }) => gain)));
    expect(best.cell).toBe(alone[best.world]!.cell);
  });
});

describe("the likelihood of walks in several worlds", () => {
  const told = toldIn(
    [here, there].map((world, i) => ({
      model: modelOf(world),
      demonstrations: walks(world, 2 + i, i),
    })),
  );
  const alone = [here, there].map((world, i) =>
    toldIn([{ model: modelOf(world), demonstrations: walks(world, 2 + i, i) }]),
  );
  const at = taste.map((weight, k) => weight / 2 + 0.1 * k);
  const n = taste.length;
  /** By central differences of what `of` has at weights a little to either side, for each weight. */
  const slopes = (of: (weights: Float64Array) => Float64Array) =>
    Array.from({ length: n }, (_, k) => {
      const [low, high] = [-1e-4, 1e-4].map((step) =>
        of(at.map((weight, j) => (j === k ? weight + step : weight))),
      );
      return high!.map((value, i) => (value - low![i]!) / 2e-4);
    });
  const gradientAt = (weights: Float64Array) => {
    const gradient = new Float64Array(n);
    told.loss(weights, gradient);
    return gradient;
  };

  it("is the product of theirs, and its curvature the sum", () => {
    const sum = (of: (one: typeof told) => Float64Array) => {
      const [first, second] = alone.map(of);
      return first!.map((value, i) => value + second![i]!);
    };
    const value = (one: typeof told) => Float64Array.of(one.loss(at, new Float64Array(n)));
    expect(furthest(value(told), sum(value))).toBeLessThan(1e-12);
    const curvature = (one: typeof told) => one.information(at);
    expect(furthest(curvature(told), sum(curvature))).toBeLessThan(1e-12);
    expect(told.count).toBe(5);
  });

  it("has the gradient and the curvature that it changes by", () => {
    const value = (weights: Float64Array) => Float64Array.of(told.loss(weights, at.slice()));
    const byValue = slopes(value).map(([slope]) => slope!);
    expect(furthest(gradientAt(at), byValue)).toBeLessThan(1e-5);
    expect(
      furthest(
        told.information(at),
        slopes(gradientAt).flatMap((row) => [...row]),
      ),
    ).toBeLessThan(1e-5);
  });
});

describe("what a lesson infers from walks here and elsewhere", () => {
  /** Walks of somebody who hates puddles, in a world of the game. */
  const shownIn = (world: Level, first: number, n: number) => ({
    world: world as Level & Tabular,
    trajectories: Array.from({ length: n }, (_, i) => {
      const driver = rewardDriver(world, Float64Array.from(garden.tastes!.dandy!.weights));
      return replay(world, rollout(world, driver, Controller.expert, first + i));
    }),
  });
  type Shown = ReturnType<typeof shownIn>;
  const infer = ({ world, trajectories }: Shown, ...elsewhere: Shown[]) =>
    inferFrom(world, trajectories, undefined, elsewhere);
  const apart = (a: ReturnType<typeof infer>, b: ReturnType<typeof infer>) =>
    Math.max(furthest(a.weights, b.weights), furthest(a.covariance, b.covariance));
  const puddles = drought.lattice.featureNames.indexOf("in puddles");

  it("is the same where elsewhere is here, however the walks are split", () => {
    const all = shownIn(garden, 3000, 5);
    const part = (from: number, to?: number) => ({
      ...all,
      trajectories: all.trajectories.slice(from, to),
    });
    const one = infer(all);
    for (const split of [infer(part(0, 2), part(2)), infer(part(3), part(0, 1), part(1, 3))]) {
      expect(apart(split, one)).toBeLessThan(1e-3);
      expect(split).toMatchObject({ demonstrations: 5, deviation: 3, undetermined: [] });
    }
    // What is told of one world stays what it is.
    expect(infer(part(0, 2), part(2)).visits).toEqual(infer(part(0, 2)).visits);
    expect(infer(all, part(0, 0))).toEqual(one);
  });

  it("is the same in whichever order the worlds are", () => {
    const [a, b, c] = [shownIn(garden, 1, 3), shownIn(maze, 2, 2), shownIn(rain, 3, 3)];
    const first = infer(a, b, c);
    for (const other of [infer(a, c, b), infer(b, a, c), infer(c, b, a)])
      expect(apart(other, first)).toBeLessThan(1e-3);
  });

  it("closes elsewhere what was left open here", () => {
    const [dry, wet] = [shownIn(drought, 1, 4), shownIn(garden, 2, 4)];
    const alone = infer(dry);
    const onPuddles = (of: typeof alone) => weightBeliefs(of)[puddles]!;
    expect(onPuddles(alone).interval[1]).toBeCloseTo(intervalOf(0, 9)[1], 6);
    expect(verdictOn(onPuddles(alone))).toBe("unknown");
    expect(alone.undetermined.map((direction) => Math.abs(direction[puddles]!))).toEqual([1]);
    const both = infer(dry, wet);
    expect(verdictOn(onPuddles(both))).toBe("avoided");
    expect(onPuddles(both).learnt).toBeGreaterThan(0.4);
    expect(both.undetermined).toEqual([]);
    // That it was found elsewhere does not make it known to who walks here alone.
    expect(infer(dry)).toEqual(alone);
  });

  it("leaves open what all of the worlds leave open", () => {
    const dry = { name: "dry", title: "Dry", teaches: "", seed: 4, without: ["puddle"] } as const;
    const both = infer(shownIn(drought, 1, 4), shownIn(gardenOf(dry), 2, 4));
    expect(both.undetermined.map((direction) => Math.abs(direction[puddles]!))).toEqual([1]);
    const { mean, interval } = weightBeliefs(both)[puddles]!;
    expect(mean).toBeCloseTo(0, 9);
    expect(interval[1]).toBeCloseTo(intervalOf(0, 9)[1], 6);
  });

  it("takes nothing from a world with other features", () => {
    const other = { ...here, lattice: { ...here.lattice, featureNames: ["elsewhere"] } };
    const all = shownIn(garden, 3000, 1);
    expect(() => infer(all, { ...all, world: other })).toThrow(/other features/);
  });
});

describe("what no play can tell", () => {
  it("is, where there is no puddle, what one thinks of puddles, until one has been to another garden", () => {
    const dry = modelOf(drought);
    const directions = untellableIn([dry]).map((direction) => [...direction].map(Math.abs));
    expect(directions).toHaveLength(1);
    const isPuddle = garden.lattice.featureNames.map((name) => (name === "in puddles" ? 1 : 0));
    directions[0]!.forEach((size, k) => {
      expect(size).toBeCloseTo(isPuddle[k]!, 9);
    });
    expect(untellableIn([dry, modelOf(here)])).toEqual([]);
  });

  it("is what another garden is worth the way for", () => {
    const n = taste.length;
    const puddles = drought.lattice.featureNames.indexOf("in puddles");
    // All is known but for the puddles.
    const covariance = Float64Array.from({ length: n * n }, (_, i) =>
      i % (n + 1) ? 0 : i === puddles * (n + 1) ? 9 : 0.01,
    );
    const belief = { weights: taste, covariance };
    const best = mostInformativeWorld([drought, here], belief);
    expect(best).toMatchObject({ world: 1, feature: puddles });
    expect(best.gain).toBeGreaterThan(mostInformativeStart(drought, belief).gain + 0.1);
  });

  /** Three floors of two rooms. Up: to either room of the next floor, from the last one to the first. */
  const house = (mayStay: boolean) =>
    mdp({
      nStates: 6,
      nActions: 3,
      discount: 0.9,
      horizon: 7,
      start: [1, 0, 0, 0, 0, 0],
      transitions: (s, a) => {
        const floor = Math.floor(s / 2);
        const next = mayStay && a === 2 ? s : 2 * ((floor + 1) % 3) + (a % 2);
        return [{ next, probability: 1 }];
      },
    });
  /** Whether it is the left room, and a potential of the floor. */
  const features = Float64Array.from([1, 2, 0, 2, 1, -1, 0, -1, 1, 0.5, 0, 0.5]);
  const moving = { mdp: house(false), features };
  const staying = { mdp: house(true), features };
  const policy = ({ mdp: model }: typeof moving, weights: readonly number[]) =>
    softValueIteration(model, linearReward(features, Float64Array.from(weights))).policy;

  it("is a potential that all actions change alike, until in another world they do not", () => {
    const [direction, ...more] = untellableIn([moving]);
    expect(more).toEqual([]);
    expect(Math.abs(direction![1]!)).toBeCloseTo(1, 9);
    expect(untellableIn([staying])).toEqual([]);
    expect(untellableIn([moving, staying])).toEqual([]);
    // Shaped by it, nobody acts in another way; where one may stay, they do.
    expect(furthest(policy(moving, [0.7, 0]), policy(moving, [0.7, 5]))).toBeLessThan(1e-12);
    expect(furthest(policy(staying, [0.7, 0]), policy(staying, [0.7, 5]))).toBeGreaterThan(0.1);
  });

  it("is a ground that a garden does not have", () => {
    const { mdp: model, features: all } = modelOf(here);
    const without = all.map((value, i) => (i % taste.length === 2 ? 0 : value));
    const [direction, ...more] = untellableIn([{ mdp: model, features: without }]);
    expect(more).toEqual([]);
    expect(Math.abs(direction![2]!)).toBeCloseTo(1, 9);
    expect(untellableIn([{ mdp: model, features: without }, modelOf(there)])).toEqual([]);
  });
});
