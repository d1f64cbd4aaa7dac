import { describe, expect, it } from "vitest";
import { linearReward } from "../../../shared/irl/features.ts";
import { modelOf } from "../../../shared/irl/lattice.ts";
import { valueIteration } from "../../../shared/irl/planning.ts";
import { inferFrom } from "../../../shared/irl/reward.ts";
import { arriving, regretOf } from "../../../shared/irl/taste.ts";
import { seeded } from "../../../shared/random.ts";
import { replay, Simulation, type Trajectory } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { lane, lanes, walk } from "./lanes.ts";
import { paths } from "./support.ts";
import { corridor, steps } from "./toy.ts";

/** A walk by an optimal policy for a reward; ties are broken at random. */
function perfect(world: Level, weights: ArrayLike<number>, seed: number): Trajectory {
  const { mdp, features } = modelOf(world);
  const reward = linearReward(features, Float64Array.from(weights));
  const { policy } = valueIteration(mdp, reward);
  const random = seeded(seed);
  const drive = new Simulation(world, seed);
  const actions: number[] = [];
  while (!drive.over) {
    const row = (drive.time * mdp.nStates + world.lattice.cellOf(drive.state)) * mdp.nActions;
    const best = Array.from({ length: mdp.nActions }, (_, a) => a).filter(
      (a) => policy[row + a]! > 0,
    );
    actions.push(best[random.below(best.length)]!);
    drive.step(Float64Array.of(actions.at(-1)!));
  }
  return replay(world, { world: world.name, seed, actions, controllers: actions.map(() => 0) });
}

describe("regret", () => {
  it.each(Object.entries(garden.tastes!))("of a perfect %s is 0", (_, { weights }) => {
    for (let seed = 2000; seed < 2010; seed++)
      expect(regretOf(garden, weights, perfect(garden, weights, seed))).toBeCloseTo(0, 9);
  });

  it("is what a detour costs, by hand", () => {
    // Nine states are visited. Home at the fourth move collects it five times, and mud once.
    const weights = [-4, 0.75, 1];
    const regret = (...way: Parameters<typeof walk>) => regretOf(lanes(), weights, walk(...way));
    expect(regret("mud", ">>>>")).toBe(0); // 5 − 4
    expect(regret("mud", "..>>>>")).toBe(2); // two moves later
    expect(regret("mud", ">>.>>")).toBe(5); // one move later, and mud twice
    expect(regret("mud", "........")).toBe(1); // never home, but nothing lost on the way
    expect(regret("flowers", ">>>>")).toBe(0); // 5 + 3/4
    expect(regret("flowers", ">>.>>")).toBe(0.25); // a flower for a move at home
    expect(regret("flowers", ">>......")).toBe(0.5); // seven flowers, and never home
  });

  it("where staying would be better than going home, compares who went home with who does", () => {
    const weights = [0, 2, 1];
    expect(regretOf(lanes(), weights, walk("flowers", ">>......"))).toBe(0); // 14
    expect(regretOf(lanes(), weights, walk("flowers", ">>>>"))).toBe(4); // 2 + 5
    expect(regretOf(lanes(), weights, walk("flowers", ">>....>>"))).toBe(0); // 10 + 1
  });

  it("of a walk that was broken off has no reward after it", () => {
    const weights = [-4, 0.75, 1];
    expect(regretOf(lanes(), weights, walk("flowers", ">>>"))).toBe(5);
    expect(regretOf(lanes(), weights, walk("flowers", ">>"))).toBe(5);
    expect(regretOf(lanes(), weights, walk("flowers", ">"))).toBe(5.75);
    for (const { weights } of Object.values(garden.tastes!)) {
      const whole = perfect(garden, weights, 2000);
      const half = Math.floor(whole.length / 2);
      const broken = {
        ...whole,
        length: half,
        states: whole.states.slice(0, (half + 1) * garden.stateSize),
        actions: whole.actions.slice(0, half),
        outcomes: whole.outcomes.slice(0, half),
      };
      expect(regretOf(garden, weights, broken)).toBeGreaterThan(regretOf(garden, weights, whole));
    }
  });

  it("rejects an infinite horizon", () => {
    expect(() => regretOf(corridor(), [1, 1], steps(0.5, [1, 1]))).toThrow(RangeError);
    expect(() => regretOf(corridor(), [1, 1], steps(0.5, [1, 1]))).toThrow(/corridor/);
  });
});

describe("the best ways that arrive", () => {
  const { mdp, features } = modelOf(lanes());
  const { nStates, nActions } = mdp;
  const home = (s: number) => features[3 * s + 2] === 1;
  /** Each way from the near end of either lane, and what it comes to. */
  const ways = Object.values(lane).flatMap(({ start }) => paths(mdp, start));

  it.each([
    ["of who likes flowers better than home", [0, 2, 1]],
    ["of who likes home no better than anything else", [-1, 0, 0]],
    ["of who wants nothing", [0, 0, 0]],
  ])("%s are all those that cost least, and no others", (_, weights) => {
    const reward = linearReward(features, Float64Array.from(weights));
    const { policy } = arriving(mdp, reward);
    const taken = ways.filter(({ states, actions }) =>
      actions.every((a, t) => policy[(t * nStates + states[t]!) * nActions + a]! > 0),
    );
    const worth = (way: (typeof ways)[number]) =>
      way.states.reduce((sum, s) => sum + reward[s]!, 0);
    const best = Object.values(lane).flatMap(({ start }) => {
      const arrived = ways.filter(({ states }) => states[0] === start && home(states.at(-1)!));
      const most = Math.max(...arrived.map(worth));
      return arrived.filter((way) => worth(way) === most);
    });
    expect(taken.length).toBe(best.length);
    const cheapest = new Set(best);
    expect(taken.every((way) => cheapest.has(way))).toBe(true);
  });
});

describe("three perfect walks through the garden", () => {
  const tries = 10;
  const grown = ["in flowers", "in mud", "in puddles", "on gravel"].map((name) =>
    garden.lattice.featureNames.indexOf(name),
  );
  /** The terrain with the greatest weight; the lawn, which comes last, has 0. */
  const favourite = (weights: ArrayLike<number>) => {
    const worth = [...grown.map((k) => weights[k]!), 0];
    return worth.indexOf(Math.max(...worth));
  };

  it.each(Object.entries(garden.tastes!))("give away a %s", (_, { weights }) => {
    let right = 0;
    for (let i = 0; i < tries; i++) {
      const walks = [0, 1, 2].map((j) => perfect(garden, weights, 3000 + 3 * i + j));
      if (favourite(inferFrom(garden, walks).weights) === favourite(weights)) right++;
    }
    expect(right).toBeGreaterThanOrEqual(0.8 * tries);
  });
});
