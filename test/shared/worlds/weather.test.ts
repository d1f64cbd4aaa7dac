import { describe, expect, test } from "vitest";
import { seeded } from "../../../shared/random.ts";
import { wrap } from "../../../shared/worlds/angle.ts";
import { Simulation } from "../../../shared/worlds/episode.ts";
import { rain } from "../../../shared/worlds/garden/levels.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { path } from "../../../shared/worlds/path/levels.ts";
import { road } from "../../../shared/worlds/road/levels.ts";
import { pushOf } from "../../../shared/worlds/weather.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

/** Every step of twenty drives of the scripted expert's, and which way the weather pushed in it. */
function steps(world: Level, drives = 20) {
  const action = new Float64Array(world.action.kind === "discrete" ? 1 : world.action.low.length);
  return Array.from({ length: drives }, (_, seed) => {
    const drive = new Simulation(world, seed);
    const taken = [];
    while (!drive.over) {
      const before = drive.state.slice();
      world.expert(before, action);
      const outcome = drive.step(action);
      const after = drive.state.slice();
      const push = pushOf(world, before, action, after, outcome);
      taken.push({ before, action: action.slice(), after, outcome, push });
    }
    return taken;
  }).flat();
}

describe.each(Object.values(worlds))("on $name", (world) => {
  test("still air pushes nobody, whatever comes of the step", () => {
    const random = seeded(3);
    const after = new Float64Array(world.stateSize);
    for (const { before, action } of steps(world, 5)) {
      if (world.action.kind === "continuous")
        action.forEach((_, i) => {
          const { low, high } = world.action as { low: readonly number[]; high: readonly number[] };
          action[i] = low[i]! + random.uniform() * (high[i]! - low[i]!);
        });
      const outcome = world.step(before, action, null, after);
      expect(pushOf(world, before, action, after, outcome)).toBeNull();
    }
  });
});

test("a gust on the road is felt whenever it blows, to the side to which it turns the car", () => {
  const taken = steps(road, 40);
  let gusts = 0;
  for (const { before, action, after, outcome, push } of taken) {
    if (outcome !== Outcome.goesOn) continue;
    const turned = wrap(after[2]! - before[2]! - action[0]!);
    if (Math.abs(turned) < 1e-3) expect(push).toBeNull();
    else {
      gusts++;
      // A quarter turn to the left of where one would have headed, or to the right.
      const aside = wrap(push! - before[2]! - action[0]!);
      expect(aside).toBeCloseTo((Math.sign(turned) * Math.PI) / 2, 5);
    }
  }
  expect(gusts / taken.length).toBeGreaterThan(0.012);
  expect(gusts / taken.length).toBeLessThan(0.028);
});

test("who is blown off the road was pushed to the side on which they were", () => {
  // Along the road, left of its middle by nearly all there is: one step ahead is still on it.
  const place = { along: 0, offset: 0, heading: 0, curvature: 0 };
  const point = { x: 0, y: 0 };
  road.track.at(3, point);
  road.track.locate(point.x, point.y, place);
  const left = place.heading + Math.PI / 2;
  const before = Float64Array.of(
    point.x + 0.55 * Math.cos(left),
    point.y + 0.55 * Math.sin(left),
    place.heading,
  );
  const straight = Float64Array.of(0);
  const still = new Float64Array(3);
  expect(road.step(before, straight, null, still)).toBe(Outcome.goesOn);
  const after = new Float64Array(3);
  for (let seed = 0; ; seed++) {
    if (road.step(before, straight, seeded(seed), after) !== Outcome.fell) continue;
    const push = pushOf(road, before, straight, after, Outcome.fell)!;
    expect(Math.abs(wrap(push - left))).toBeLessThan(0.5);
    return;
  }
});

test("a slip in the rain is felt whenever one is elsewhere than one meant to be, the way one went", () => {
  const next = new Float64Array(2);
  let slips = 0;
  for (const { before, action, after, push } of steps(rain, 40)) {
    rain.step(before, action, null, next);
    expect(push !== null).toBe(String(next) !== String(after));
    if (push === null || String(after) === String(before)) continue;
    slips++;
    expect(Math.sin(push)).toBeCloseTo(before[0]! - after[0]!, 9);
    expect(Math.cos(push)).toBeCloseTo(after[1]! - before[1]!, 9);
  }
  expect(slips).toBeGreaterThan(20);
});

test("the path's weather is too weak to be felt", () => {
  for (const { push } of steps(path)) expect(push).toBeNull();
});
