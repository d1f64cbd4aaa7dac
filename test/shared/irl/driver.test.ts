import { describe, expect, it } from "vitest";
import { rewardDriver } from "../../../shared/irl/driver.ts";
import { inferFrom } from "../../../shared/irl/reward.ts";
import { seeded } from "../../../shared/random.ts";
import { gardenOf } from "../../../shared/worlds/garden/garden.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { path } from "../../../shared/worlds/path/levels.ts";
import { chicane, oval, road } from "../../../shared/worlds/road/levels.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import { driven } from "./driven.ts";
import { sum } from "./support.ts";
import { corridor } from "./toy.ts";

/** The mean of the world's measure over episodes that were not demonstrations. */
function measured(world: Level, drives: number, policy = world.expert): number {
  const seeds = Array.from({ length: drives }, (_, i) => 100 + i);
  return sum(seeds.map((seed) => world.measure.of(driven(world, seed, policy)))) / drives;
}

/** The fewest moves home from `state`, found breadth first through the world's steps. */
function movesHome(world: Level, state: Float64Array): number {
  const seen = new Set([String(state)]);
  let reached = [state];
  for (let moves = 1; reached.length > 0; moves++) {
    const beyond: Float64Array[] = [];
    for (const from of reached) {
      for (let a = 0; a < world.lattice.nActions; a++) {
        const next = new Float64Array(world.stateSize);
        if (world.step(from, Float64Array.of(a), null, next) === Outcome.done) return moves;
        if (seen.has(String(next))) continue;
        seen.add(String(next));
        beyond.push(next);
      }
    }
    reached = beyond;
  }
  return Number.POSITIVE_INFINITY;
}

describe("rewardDriver", () => {
  it("goes to the reward from any state, and not into the fence", () => {
    const world = corridor();
    const chosen = (weights: number[], x: number) => {
      const action = Float64Array.of(0);
      rewardDriver(world, weights)(Float64Array.of(x), action);
      return action[0];
    };
    for (const x of [0.3, 1.7, 2.2, 3.4]) {
      expect(chosen([1, 0], x)).toBe(1);
      expect(chosen([-1, 0], x)).toBe(-1);
    }
    expect(chosen([0, 1], 2.2)).toBe(-1);
    expect(chosen([0, -1], 0.3)).toBe(1);
    expect(() => rewardDriver(world, [1])).toThrow(/1 weights for the 2 features of corridor/);
  });

  it("acts by the state within a cell", () => {
    // From 2.5 both actions stay within the cell from 2 to 3.
    const action = Float64Array.of(0);
    for (const sign of [1, -1]) {
      rewardDriver(corridor({ size: 0.1 }), [sign, 0])(Float64Array.of(2.5), action);
      expect(action[0]).toBe(sign);
    }
  });

  it("returns to the lattice from outside", () => {
    const driver = rewardDriver(oval, [-1, 0, 0, -1, 0]);
    const action = Float64Array.of(0);
    // At the oval's bottom, to the right; a lattice step cannot correct a heading of 2 rad.
    for (const aside of [2, -2]) {
      const state = Float64Array.of(0, -2.5, aside);
      expect(oval.lattice.cellOf(state)).toBe(-1);
      driver(state, action);
      expect(Math.sign(action[0]!)).toBe(-Math.sign(aside));
    }
  });

  it("walks home in the fewest moves where only home has a reward", () => {
    const weights = garden.lattice.featureNames.map((name) => (name.includes("home") ? 1 : 0));
    expect(weights).toContain(1);
    const driver = rewardDriver(garden, weights);
    for (let seed = 0; seed < 50; seed++) {
      const { length, states } = driven(garden, seed, driver);
      expect(length).toBe(movesHome(garden, states.slice(0, garden.stateSize)));
    }
  });

  it("walks home by a reward inferred from walks home, here and in another garden", () => {
    const walks = Array.from({ length: 10 }, (_, i) => driven(garden, 2000 + i));
    const { weights } = inferFrom(garden, walks);
    const other = gardenOf({ name: "other", title: "Other", seed: 3 });
    for (const world of [garden, other])
      expect(measured(world, 100, rewardDriver(world, weights))).toBe(1);
  });

  it("follows the path's curve about as well as the demonstrations", () => {
    const walks = Array.from({ length: 10 }, (_, i) => driven(path, 2000 + i));
    const driver = rewardDriver(path, inferFrom(path, walks).weights);
    expect(measured(path, 30, driver)).toBeLessThan(1.5 * measured(path, 30));
  });

  it("drives unseen roads by a reward inferred from drives on the clover", {
    timeout: 300_000,
  }, () => {
    const drives = [2000, 2001, 2002].map((seed) => driven(road, seed));
    const { weights } = inferFrom(road, drives);
    for (const world of [road, oval, chicane])
      expect(measured(world, 100, rewardDriver(world, weights)), world.name).toBeLessThan(0.1);
  });

  it("never falls where another action avoids it, even if the reward does not punish the edge", {
    timeout: 60_000,
  }, () => {
    // It likes the middle, where a fall would put it.
    const driver = rewardDriver(oval, [-5, 0, 0, 0, 0]);
    const { hold, nActions } = oval.lattice;
    const random = seeded(1);
    const action = new Float64Array(1);
    const survives = (state: Float64Array, turn: Float64Array) => {
      const ahead = state.slice();
      for (let n = 0; n < hold; n++)
        if (oval.step(ahead, turn, null, ahead) === Outcome.fell) return false;
      return true;
    };
    let choices = 0;
    for (let i = 0; i < 4000; i++) {
      const place = { along: 0, offset: 0, heading: 0, curvature: 0 };
      const u = random.uniform();
      const point = { x: 0, y: 0 };
      oval.track.at(u * oval.track.length, point);
      oval.track.locate(point.x, point.y, place);
      const offset = 1.2 * random.uniform() - 0.6;
      const state = Float64Array.of(
        point.x - offset * Math.sin(place.heading),
        point.y + offset * Math.cos(place.heading),
        place.heading + 2 * random.uniform() - 1,
      );
      const safe = Array.from({ length: nActions }, (_, a) => {
        oval.lattice.action(a, action);
        return survives(state, action);
      });
      if (!safe.includes(true) || !safe.includes(false)) continue;
      choices++;
      driver(state, action);
      expect(survives(state, action)).toBe(true);
    }
    expect(choices).toBeGreaterThan(200);
  });
});
