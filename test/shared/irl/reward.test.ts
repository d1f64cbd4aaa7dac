import { describe, expect, it } from "vitest";
import { inferFrom, tileVisits } from "../../../shared/irl/reward.ts";
import { seeded } from "../../../shared/random.ts";
import { width } from "../../../shared/spaces.ts";
import { Drive, replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden.ts";
import { road } from "../../../shared/worlds/road.ts";
import type { World } from "../../../shared/worlds/world.ts";
import { sum } from "./support.ts";
import { corridor, steps } from "./toy.ts";

/** An episode of the scripted expert. */
function driven(world: World, seed: number): Trajectory {
  const drive = new Drive(world, seed);
  const action = new Float64Array(width(world.action));
  const actions: number[] = [];
  while (!drive.over) {
    world.expert(drive.state, action);
    actions.push(...action);
    drive.step(action);
  }
  const controllers = new Array(actions.length / action.length).fill(0);
  return replay(world, { world: world.name, seed, actions, controllers });
}

describe("inferFrom", () => {
  it("finds that whoever walks on wants to be far, and whoever walks back does not", () => {
    const on = inferFrom(corridor(), [steps(0.5, Array(10).fill(1)), steps(1.5, Array(7).fill(1))]);
    expect(on.weights).toHaveLength(2);
    expect(on.weights[0]).toBeGreaterThan(0);
    for (let i = 1; i < 5; i++) expect(on.reward[i]).toBeGreaterThan(on.reward[i - 1]!);
    expect(on).toMatchObject({ demonstrations: 2, impossible: 0 });
    expect(on.gradientNorm).toBeLessThanOrEqual(1e-6);
    expect(inferFrom(corridor(), [steps(3.5, Array(10).fill(-1))]).weights[0]).toBeLessThan(0);
  });

  it("judges a drive without end by all of it, not by how it began", () => {
    // Small moves within a cell: first twenty on, then eighty back.
    const u = [...Array(20).fill(0.01), ...Array(80).fill(-0.01)];
    expect(inferFrom(corridor(), [steps(2.5, u)]).weights[0]).toBeLessThan(0);
    expect(inferFrom(corridor(), [steps(2.5, u.slice(0, 20))]).weights[0]).toBeGreaterThan(0);
  });

  it("leaves out what the model cannot produce, says how much, and what took no step", () => {
    const leap = steps(0.5, [1, 1, 1, 1]);
    leap.states[2] = 3.1;
    leap.states[3] = 3.1;
    leap.states[4] = 2.9;
    const inferred = inferFrom(corridor(), [leap, steps(0.5, [1]), steps(-9, [1, 1, 1])]);
    expect(inferred).toMatchObject({ demonstrations: 1, impossible: 1 });
    expect(() => inferFrom(corridor(), [steps(0.5, [1])])).toThrow(/corridor/);
    expect(() => inferFrom(corridor(), [])).toThrow(/corridor/);
  });

  it("reports progress up to 1", () => {
    const shares: number[] = [];
    inferFrom(corridor(), [steps(0.5, [1, 1, 1, 1])], (share) => shares.push(share));
    expect(shares.at(-1)).toBe(1);
  });

  it("is plain JSON", () => {
    const inferred = inferFrom(corridor(), [steps(0.5, [1, 1, 1, 1])]);
    expect(JSON.parse(JSON.stringify(inferred))).toEqual(inferred);
  });

  it("finds home the best place of the garden, from walks straight home", () => {
    const walks = [2000, 2001, 2002, 2003, 2004].map((seed) => driven(garden, seed));
    const { reward, visits, impossible } = inferFrom(garden, walks);
    expect(reward).toHaveLength(25);
    expect(reward[24]).toBeGreaterThan(reward[0]! + 1);
    expect(Math.max(...reward)).toBe(reward[24]);
    expect(Math.min(...reward)).toBe(reward[0]);
    expect(visits[24]).toBe(5);
    expect(sum(visits)).toBe(sum(walks.map(({ length }) => length + 1)));
    expect(impossible).toBe(0);
  });

  it("finds the middle of the road better than its edges, from drives along the middle", {
    timeout: 120_000,
  }, () => {
    const drives = [2000, 2001, 2002].map((seed) => driven(road, seed));
    const inferred = inferFrom(road, drives);
    const weight = Object.fromEntries(
      road.lattice.featureNames.map((name, k) => [name, inferred.weights[k]!]),
    );
    expect(weight["near the edge"]).toBeLessThan(-1);
    expect(weight["along the road"]).toBeGreaterThan(1);
    // Pure pursuit cuts corners.
    expect(weight["inside of bends"]).toBeGreaterThan(0);
    expect(inferred.gradientNorm).toBeLessThanOrEqual(1e-6);
    const steps = drives.length * (road.horizon / road.lattice.hold);
    expect(inferred.impossible).toBeLessThan(0.1 * steps);

    const visited = (weights: (visits: number) => number) => {
      const total = sum(inferred.visits.map(weights));
      return sum(inferred.reward.map((r, i) => (weights(inferred.visits[i]!) * r) / total));
    };
    expect(visited((n) => n)).toBeGreaterThan(visited((n) => (n === 0 ? 1 : 0)) + 0.5);
  });
});

describe("tileVisits", () => {
  it("counts each state on the tile that it is on, and nothing off the map", () => {
    // 3.5 is in the middle of its tile; -0.1 and 5.2 are off the map.
    const trajectory = {
      ...steps(0, [0, 0, 0, 0]),
      states: Float64Array.of(3.5, -0.1, 0.4, 5.2, 3.9),
    };
    expect(tileVisits(corridor(), [trajectory, trajectory])).toEqual([2, 0, 0, 4, 0]);
  });

  it("counts a state on the nearest of tiles that overlap", () => {
    const world = corridor();
    const tiles = [1, 2, 3, 2.5].map((x) => ({ x, y: 0, size: 2, cell: 0 }));
    const wide: World = { ...world, lattice: { ...world.lattice, tiles } };
    const trajectory = { ...steps(0, [0, 0]), states: Float64Array.of(1.9, 1.1, 2.4) };
    expect(tileVisits(wide, [trajectory])).toEqual([1, 1, 0, 1]);
  });

  it("counts a car on the tile under it, whatever its heading", () => {
    const state = new Float64Array(road.stateSize);
    road.start(seeded(1), state);
    const here = { length: 0, states: state } as unknown as Trajectory;
    const visits = tileVisits(road, [here]);
    const tile = road.lattice.tiles[visits.indexOf(1)]!;
    expect(sum(visits)).toBe(1);
    expect(Math.abs(tile.x - state[0]!)).toBeLessThanOrEqual(tile.size / 2);
    expect(Math.abs(tile.y - state[1]!)).toBeLessThanOrEqual(tile.size / 2);
  });
});
