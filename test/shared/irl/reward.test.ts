import { describe, expect, it } from "vitest";
import { human } from "../../../shared/imitation/experts.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { tileReward } from "../../../shared/irl/belief.ts";
import { featuresOf, linearReward } from "../../../shared/irl/features.ts";
import { modelOf } from "../../../shared/irl/lattice.ts";
import { inferFrom, tileVisits } from "../../../shared/irl/reward.ts";
import { scoresOf } from "../../../shared/irl/rewardScores.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { visitationFrequency } from "../../../shared/irl/visitation.ts";
import { Stream, seeded } from "../../../shared/random.ts";
import { replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { road } from "../../../shared/worlds/road/levels.ts";
import type { Road } from "../../../shared/worlds/road/road.ts";
import { driven } from "./driven.ts";
import { lanes, walk } from "./lanes.ts";
import { sum } from "./support.ts";
import { corridor, steps, type Toy } from "./toy.ts";

describe("inferFrom", () => {
  it("infers that a person who walks on likes to be far, and one who walks back does not", () => {
    const on = inferFrom(corridor(), [steps(0.5, Array(10).fill(1)), steps(1.5, Array(7).fill(1))]);
    expect(on.weights).toHaveLength(2);
    expect(on.weights[0]).toBeGreaterThan(0);
    const reward = tileReward(corridor(), on.weights);
    for (let i = 1; i < 5; i++) expect(reward[i]).toBeGreaterThan(reward[i - 1]!);
    expect(on).toMatchObject({ demonstrations: 2, impossible: 0 });
    expect(on.gradientNorm).toBeLessThanOrEqual(1e-6);
    expect(inferFrom(corridor(), [steps(3.5, Array(10).fill(-1))]).weights[0]).toBeLessThan(0);
  });

  it("weighs all steps of an episode without a horizon alike", () => {
    // Small steps within a cell: first 20 on, then 80 back.
    const u = [...Array(20).fill(0.01), ...Array(80).fill(-0.01)];
    expect(inferFrom(corridor(), [steps(2.5, u)]).weights[0]).toBeLessThan(0);
    expect(inferFrom(corridor(), [steps(2.5, u.slice(0, 20))]).weights[0]).toBeGreaterThan(0);
  });

  it("leaves out impossible steps and demonstrations without a step, and counts the steps", () => {
    const leap = steps(0.5, [1, 1, 1, 1]);
    leap.states[2] = 3.1;
    leap.states[3] = 3.1;
    leap.states[4] = 2.9;
    const inferred = inferFrom(corridor(), [leap, steps(0.5, [1]), steps(-9, [1, 1, 1])]);
    expect(inferred).toMatchObject({ demonstrations: 1, impossible: 1 });
    expect(() => inferFrom(corridor(), [steps(0.5, [1])])).toThrow(/corridor/);
    expect(() => inferFrom(corridor(), [])).toThrow(/corridor/);
  });

  it("reports the covariance and the undetermined directions", () => {
    const { nFeatures } = garden.lattice;
    const inferred = inferFrom(garden, [driven(garden, 2000)]);
    const { weights, covariance, undetermined, matched, agreement, deviation } = inferred;
    expect(deviation).toBe(3);
    expect(weights).toHaveLength(nFeatures);
    expect(covariance).toHaveLength(nFeatures ** 2);
    for (let j = 0; j < nFeatures; j++) {
      expect(covariance[j * nFeatures + j]).toBeGreaterThan(0);
      expect(covariance[j * nFeatures + j]).toBeLessThanOrEqual(9);
      for (let k = 0; k < j; k++)
        expect(covariance[j * nFeatures + k]).toBeCloseTo(covariance[k * nFeatures + j]!, 12);
    }
    expect(sum(matched.map((w) => w * w))).toBeCloseTo(1, 9);
    expect(agreement).toBeGreaterThan(0.5);
    expect(agreement).toBeLessThanOrEqual(1);
    expect(undetermined).toEqual([]);
    // Without mud on any path, mud stays undetermined.
    const lane = inferFrom(lanes(), [walk("flowers", ">>>>")]);
    expect(lane.undetermined).toHaveLength(1);
    expect(Math.abs(lane.undetermined[0]![0]!)).toBeCloseTo(1, 9);
    expect(lane.covariance[0]).toBeCloseTo(1, 9); // the prior's, where no taste is dealt
    expect(lane.deviation).toBe(1);
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

  it("finds home the best tile of the garden, from walks straight home", () => {
    const walks = [2000, 2001, 2002, 2003, 2004].map((seed) => driven(garden, seed));
    const { weights, visits, impossible } = inferFrom(garden, walks);
    const { tiles, nStates } = garden.lattice;
    const reward = tileReward(garden, weights);
    const best = reward.indexOf(Math.max(...reward));
    expect(garden.names!.cell(tiles[best]!.cell)).toMatch(/home$/);
    reward.forEach((r, i) => {
      if (i !== best) expect(r).toBeLessThan(reward[best]! - 1);
    });
    expect(visits).toHaveLength(tiles.length);
    expect(tiles.length).toBeLessThan(nStates); // walls are no tiles
    expect(visits[best]).toBe(5);
    expect(sum(visits)).toBe(sum(walks.map(({ length }) => length + 1)));
    expect(impossible).toBe(0);
  });

  it("finds the middle of the road better than its edges, from drives along the middle", {
    timeout: 120_000,
  }, () => {
    const drives = [2000, 2001, 2002].map((seed) => driven(road, seed));
    const inferred = inferFrom(road, drives);
    const weight = named(inferred.weights);
    expect(weight["near the edge"]).toBeLessThan(-1);
    expect(weight["at an angle"]).toBeLessThan(-1);
    expect(inferred.gradientNorm).toBeLessThanOrEqual(1e-6);
    const steps = drives.length * (road.horizon / road.lattice.hold);
    expect(inferred.impossible).toBeLessThan(0.1 * steps);

    const reward = tileReward(road, inferred.weights);
    const visited = (weights: (visits: number) => number) => {
      const total = sum(inferred.visits.map(weights));
      return sum(reward.map((r, i) => (weights(inferred.visits[i]!) * r) / total));
    };
    expect(visited((n) => n)).toBeGreaterThan(visited((n) => (n === 0 ? 1 : 0)) + 0.5);
  });

  it("learns from few falls that they are unwanted, and foretells a late, noisy driver by it", {
    timeout: 300_000,
  }, () => {
    const hands = human(road, { noise: 0.3, lag: 3, inconsistency: 0, temperature: 0 });
    const drives = Array.from({ length: 6 }, (_, i) =>
      replay(road, demonstrate(road, 2000 + i, hands.drives(seeded(2000 + i, Stream.expert)))),
    );
    const falls = sum(drives.map(road.measure.of));
    expect(falls).toBeGreaterThan(0);
    const { weights } = inferFrom(road, drives);
    expect(named(weights).crashed).toBeLessThan(-2);

    const { mdp, features } = modelOf(road);
    const { policy } = softValueIteration(mdp, linearReward(features, Float64Array.from(weights)));
    const crashed = road.lattice.featureNames.indexOf("crashed");
    const visits = visitationFrequency(mdp, policy);
    const fallen =
      featuresOf(features, road.lattice.nFeatures, visits)[crashed]! * (1 - mdp.discount);
    // As often as they fell, about: a lattice step is three of the world's.
    expect(fallen).toBeLessThan((4 * falls) / (drives.length * (road.horizon / road.lattice.hold)));

    const { heldOut } = scoresOf(road, drives, weights, null);
    expect(heldOut!.chance).toBeCloseTo(1 / 7, 2);
    expect(heldOut!.recovered).toBeGreaterThan(0.195);
  });

  it("tells drivers who cut the inside of bends from those on the middle or the outside", {
    timeout: 300_000,
  }, () => {
    const weightsOf = (cut: number) => {
      const policy = cutting(road, cut);
      return inferFrom(
        road,
        [2000, 2001, 2002].map((seed) => driven(road, seed, policy)),
      ).weights;
    };
    const inside = weightsOf(0.4);
    const outside = weightsOf(-0.4);
    expect(named(inside)["inside of bends"]).toBeGreaterThan(2);
    expect(named(outside)["inside of bends"]).toBeLessThan(-2);
    // In bends the noise leads outwards, so the middle needs a little weight on the inside.
    expect(Math.abs(named(weightsOf(0))["inside of bends"]!)).toBeLessThan(1);

    const better = (weights: readonly number[]) => {
      const reward = tileReward(road, weights);
      const mean = (side: number) => {
        const there = road.lattice.tiles.flatMap(({ x, y }, i) => {
          const place = { along: 0, offset: 0, heading: 0, curvature: 0 };
          road.track.locate(x, y, place);
          const inward = side * Math.sign(place.curvature) * place.offset;
          return Math.abs(place.curvature) > 0.4 && inward > 0.1 && inward < 0.5
            ? [reward[i]!]
            : [];
        });
        expect(there.length).toBeGreaterThan(50);
        return sum(there) / there.length;
      };
      return mean(1) - mean(-1);
    };
    expect(better(inside)).toBeGreaterThan(0.5);
    expect(better(outside)).toBeLessThan(-0.5);
  });
});

/** The road's weights, by their features' names. */
function named(weights: readonly number[]): Record<string, number> {
  return Object.fromEntries(road.lattice.featureNames.map((name, k) => [name, weights[k]!]));
}

/** Follows a line that is `cut` times the curvature inside of the road's middle. */
function cutting({ track, steering: { toward } }: Road, cut: number): Level["expert"] {
  const place = { along: 0, offset: 0, heading: 0, curvature: 0 };
  const point = { x: 0, y: 0 };
  return (state, action) => {
    track.locate(state[0]!, state[1]!, place);
    track.at(place.along + 0.6, point);
    track.locate(point.x, point.y, place);
    const offset = cut * place.curvature;
    const x = point.x - offset * Math.sin(place.heading);
    const y = point.y + offset * Math.cos(place.heading);
    toward(state, x, y, action);
  };
}

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
    const wide: Toy = { ...world, lattice: { ...world.lattice, tiles } };
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
