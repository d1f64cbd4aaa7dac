import { describe, expect, test } from "vitest";
import { pairsOf } from "../../../shared/imitation/dataset.ts";
import { human } from "../../../shared/imitation/experts.ts";
import { firstTouch, nAligned, reactionLag, realign } from "../../../shared/imitation/lag.ts";
import { demonstrate, driverOf, rollout } from "../../../shared/imitation/rollout.ts";
import { fit } from "../../../shared/imitation/round.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import { seeded } from "../../../shared/random.ts";
import { width } from "../../../shared/spaces.ts";
import { Controller, replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { path } from "../../../shared/worlds/path/levels.ts";
import { oval, road } from "../../../shared/worlds/road/levels.ts";
import { restOf } from "../../../shared/worlds/steering.ts";

/** Someone as late and as unsteady as this at the wheel beside `trajectory`; flat, [T][width]. */
function shadow(world: Level, trajectory: Trajectory, lag: number, noise: number): number[] {
  const noiseModel = { noise, lag, inconsistency: 0, temperature: 0 };
  const driver = human(world, noiseModel).drives(seeded(lag));
  const action = new Float64Array(width(world.action));
  return Array.from({ length: trajectory.length }, (_, t) => {
    driver(trajectory.states.subarray(t * world.stateSize), action);
    return [...action];
  }).flat();
}

/** A drive by someone who has learned from one demonstration. */
function learnersDrive(world: Level, seed: number): Trajectory {
  const data = pairsOf(world, [replay(world, demonstrate(world, seed))]);
  const { policy } = fit(data, policyKinds.fourier!, seed);
  return replay(world, rollout(world, driverOf(world, policy), Controller.learner, seed + 1));
}

describe("the reaction lag", () => {
  test.each([0, 1, 3, 5, 8, 12])("of an expert who is %i steps late is found", (lag) => {
    for (const world of [road, oval]) {
      for (const seed of [5000, 5100, 5200]) {
        const drive = learnersDrive(world, seed);
        expect(reactionLag(world, drive, shadow(world, drive, lag, 0), 1)).toBe(lag);
        const unsteady = reactionLag(world, drive, shadow(world, drive, lag, 0.05), 1);
        expect(Math.abs(unsteady - lag), `${world.name} ${seed}`).toBeLessThanOrEqual(1);
      }
    }
  });

  test("is of the person: whoever waits until they touch the wheel is no later for it", () => {
    const drive = learnersDrive(road, 5000);
    const actions = shadow(road, drive, 6, 0).map((value, t) => (t < 60 ? 0 : value));
    expect(firstTouch(road, actions)).toBe(60);
    expect(reactionLag(road, drive, actions, 1)).toBe(6);
  });

  test("is at most three quarters of a second of the person's own time, and a third of what there is", () => {
    const drive = learnersDrive(road, 5000);
    const late = shadow(road, drive, 40, 0);
    for (const [speed, most] of [
      [1, 15],
      [0.75, 11],
      [0.5, 7],
    ] as const)
      expect(reactionLag(road, drive, late, speed)).toBeLessThanOrEqual(most);
    const random = seeded(3);
    const short = late.map((_, t) => (t < 191 ? 0 : 0.2 * random.uniform()));
    expect(reactionLag(road, drive, short, 1)).toBeLessThanOrEqual(3);
    const once = late.map((_, t) => (t < 199 ? 0 : 0.1));
    expect(reactionLag(road, drive, once, 1)).toBe(0);
  });

  test("of a wheel that is held still, or never touched, is none", () => {
    const drive = learnersDrive(road, 5000);
    for (const held of [0, 0.1])
      expect(reactionLag(road, drive, new Array(drive.length).fill(held), 1)).toBe(0);
  });

  test("of an action with several numbers is one for all of them", () => {
    const drive = learnersDrive(road, 5000);
    const action = { kind: "continuous", low: [-1, -1], high: [1, 1] } as const;
    const two: Level = { ...road, action, steering: { ...road.steering, rest: [0, 0] } };
    const random = seeded(8);
    for (const lag of [0, 3, 7]) {
      const actions = shadow(road, drive, lag, 0).flatMap((turn) => [
        0.01 * random.normal(), // says nothing, and little of it
        -2 * turn,
      ]);
      expect(reactionLag(two, drive, actions, 1)).toBe(lag);
    }
  });

  test("in a world that goes by slowly is few steps", () => {
    const drive = learnersDrive(path, 5000);
    const late = shadow(path, drive, 8, 0);
    expect(reactionLag(path, drive, late, 1)).toBeLessThanOrEqual(4);
    expect(reactionLag(path, drive, late, 0.5)).toBeLessThanOrEqual(2);
  });
});

describe("realigned", () => {
  test("each action goes to the state `lag` steps before it", () => {
    const actions = [0.1, 0.2, 0.3, 0.4];
    expect(realign(road, actions, 0).map(({ t, action }) => [t, ...action])).toEqual([
      [0, 0.1],
      [1, 0.2],
      [2, 0.3],
      [3, 0.4],
    ]);
    expect(realign(road, actions, 2).map(({ t, action }) => [t, ...action])).toEqual([
      [0, 0.3],
      [1, 0.4],
    ]);
    expect(realign(road, actions, 4)).toEqual([]);
  });

  test("what was steered before the first touch says nothing; what is at rest after it does", () => {
    const actions = [0, 0, 0.1, 0, 0.2];
    expect(realign(road, actions, 0).map(({ t }) => t)).toEqual([2, 3, 4]);
    expect(realign(road, actions, 1).map(({ t }) => t)).toEqual([1, 2, 3]);
    expect(realign(road, actions, 3).map(({ t }) => t)).toEqual([0, 1]);
    expect(realign(road, [0, 0], 0)).toEqual([]);
    const [x, y] = restOf(path.steering);
    expect(realign(path, [x!, y!, x!, 0.1, x!, y!], 0)).toEqual([
      { t: 1, action: [x, 0.1] },
      { t: 2, action: [x, y] },
    ]);
  });

  test("labels are as many as are counted without making them", () => {
    const rest = restOf(path.steering);
    for (const [world, actions] of [
      [road, [0, 0, 0.1, 0, 0.2]],
      [road, [0, 0]],
      [path, [...rest, rest[0]!, 0.1, ...rest]],
    ] as const)
      for (const lag of [0, 1, 2, 3, 9])
        expect(nAligned(world, actions, lag)).toBe(realign(world, actions, lag).length);
  });
});
