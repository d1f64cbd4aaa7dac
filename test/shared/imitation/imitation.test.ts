import { describe, expect, test } from "vitest";
import { dagger } from "../../../shared/imitation/dagger.ts";
import { aggregate, noData, pairsOf } from "../../../shared/imitation/dataset.ts";
import { measure } from "../../../shared/imitation/evaluation.ts";
import { scripted } from "../../../shared/imitation/experts.ts";
import { demonstrate, driverOf, rollout } from "../../../shared/imitation/rollout.ts";
import { ask, choose, fit, rollOut } from "../../../shared/imitation/round.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import { queries } from "../../../shared/queries/index.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { road } from "../../../shared/worlds/road/levels.ts";

const firstSeed = 1024;
const method = { query: queries.every!, budget: 1000, drives: 2 };
const shown = (world: Level, seeds: number[]) =>
  seeds.map((seed) => replay(world, demonstrate(world, seed)));

describe("the data set", () => {
  test("holds a pair for each step that the expert chose, and none for the learner's", () => {
    const episode = demonstrate(road, 2000);
    const trajectory = replay(road, episode);
    const mixed = {
      ...trajectory,
      controllers: trajectory.controllers.map((_, t) =>
        t % 3 === 0 ? Controller.learner : Controller.expert,
      ),
    };
    const all = pairsOf(road, [trajectory]);
    const some = pairsOf(road, [mixed]);
    expect(all.n).toBe(trajectory.length);
    expect(some.n).toBe(mixed.controllers.filter((who) => who === Controller.expert).length);
    const observation = new Float64Array(4);
    road.observe(trajectory.states.subarray(3, 6), observation); // t = 1 is the first that is kept
    expect(some.observations.subarray(0, 4)).toEqual(observation);
    expect(some.actions[0]).toBe(trajectory.actions[1]);
  });

  test("grows by the labels, behind what was there", () => {
    const before = pairsOf(garden, shown(garden, [2000]));
    const after = aggregate(garden, before, [{ state: Float64Array.of(1, 2), action: [3] }]);
    expect(after.n).toBe(before.n + 1);
    expect(after.observations.subarray(0, before.observations.length)).toEqual(before.observations);
    expect(after.observations[before.n * 64 + 10]).toBe(1); // of 8 rows of 8 tiles
    expect(after.actions.at(-1)).toBe(3);
    expect(before.n).toBe(before.actions.length); // and leaves the old one alone
    expect(noData(garden).n).toBe(0);
  });
});

describe("rollout", () => {
  test("a policy's drive is recorded as the learner's, and replays to where it was", () => {
    const { policy } = fit(pairsOf(road, shown(road, [2000])), policyKinds.fourier!, 1);
    const episode = rollout(road, driverOf(road, policy), Controller.learner, 3000);
    const { states, length, controllers } = replay(road, episode);
    expect(controllers.every((who) => who === Controller.learner)).toBe(true);
    const observation = new Float64Array(4);
    const action = new Float64Array(1);
    for (let t = 0; t < length; t++) {
      road.observe(states.subarray(3 * t, 3 * t + 3), observation);
      policy.act(observation, action);
      expect(action[0]).toBe(episode.actions[t]);
    }
  });

  test("the learner's drives never use a held-out seed, and differ from seed to seed", () => {
    const { policy } = fit(pairsOf(garden, shown(garden, [2000])), policyKinds.softmax!, 1);
    const seeds = Array.from({ length: 200 }, (_, seed) =>
      rollOut(garden, policy, method, { firstSeed }, 1, seed).map(({ episode }) => episode.seed),
    ).flat();
    expect(Math.min(...seeds)).toBeGreaterThanOrEqual(firstSeed);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});

describe("asking", () => {
  test("every: about each visited state, in order, and they are the states that were visited", () => {
    const { policy } = fit(pairsOf(road, shown(road, [2000])), policyKinds.fourier!, 1);
    const drives = rollOut(road, policy, method, { firstSeed }, 1, 5);
    const asked = ask(road, policy, choose(road, policy, drives, method, 5));
    expect(asked.length).toBe(400);
    expect(asked[250]).toMatchObject({ drive: 1, t: 50 });
    expect(asked[250]!.state).toEqual(drives[1]!.states.subarray(150, 153));
  });
});

describe("DAgger", () => {
  const method = { kind: policyKinds.softmax!, query: queries.every!, budget: 1000, drives: 5 };
  const expert = scripted(garden);
  const heldOut = Array.from({ length: 40 }, (_, i) => i);

  test("each round learns from the demonstrations and all answers so far", () => {
    const rounds = dagger(garden, shown(garden, [2000]), method, expert, 1, firstSeed);
    let n = 0;
    for (let round = 0; round < 4; round++) {
      const { data } = rounds.next().value;
      expect(data.n).toBeGreaterThan(n);
      n = data.n;
    }
  });

  // The slowest of ten seeds: whoever is lost stands still, so that a round tells of few tiles.
  test("in the garden the clone of one walk gets lost, and fifteen rounds later nobody does", () => {
    const rounds = dagger(garden, shown(garden, [2000]), method, expert, 1, firstSeed);
    const share = () => {
      const homes = measure(garden, rounds.next().value.policy, heldOut);
      return homes.reduce((sum, home) => sum + home, 0) / homes.length;
    };
    expect(share()).toBeLessThan(0.5);
    for (let round = 1; round < 15; round++) share();
    expect(share()).toBe(1);
  });

  test("runs twice alike under one seed", () => {
    const run = (seed: number) => {
      const rounds = dagger(garden, shown(garden, [2000]), method, expert, seed, firstSeed);
      rounds.next();
      return JSON.stringify(rounds.next().value.policy.toJSON());
    };
    expect(run(3)).toBe(run(3));
    expect(run(3)).not.toBe(run(4));
  });
});
