import { describe, expect, test } from "vitest";
import { demonstrate, rollout } from "../../../shared/imitation/rollout.ts";
import { rewardDriver } from "../../../shared/irl/driver.ts";
import { inferFrom } from "../../../shared/irl/reward.ts";
import { seeded } from "../../../shared/random.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { scoreOf } from "../../../shared/worlds/measure.ts";
import { mountain, ravine } from "../../../shared/worlds/mountain/levels.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

/** MountainCarEnv.step of Gymnasium 1.0, line by line, in double precision. */
function gymnasium(position: number, velocity: number, action: number) {
  velocity += (action - 1) * 0.001 + Math.cos(3 * position) * -0.0025;
  velocity = Math.max(Math.min(velocity, 0.07), -0.07);
  position += velocity;
  position = Math.max(Math.min(position, 0.6), -1.2);
  if (position === -1.2 && velocity < 0) velocity = 0;
  return { position, velocity, terminated: position >= 0.5 && velocity >= 0 };
}

const reaches = (world: typeof mountain, seed: number, driver = world.expert) =>
  replay(world, rollout(world, driver, Controller.learner, seed)).outcomes.at(-1) === Outcome.done;

describe("the mountain's dynamics", () => {
  test("are Gymnasium's, but for the rounding of states", () => {
    const random = seeded(3);
    const next = new Float64Array(2);
    let ends = 0;
    for (let i = 0; i < 5000; i++) {
      const state = Float64Array.of(-1.2 + 1.8 * random.uniform(), -0.07 + 0.14 * random.uniform());
      const action = random.below(3);
      const expected = gymnasium(state[0]!, state[1]!, action);
      const outcome = mountain.step(state, Float64Array.of(action), random, next);
      expect(next[0]).toBeCloseTo(expected.position, 6);
      expect(next[1]).toBeCloseTo(expected.velocity, 8);
      if (Math.abs(expected.position - 0.5) < 1e-6) continue;
      expect(outcome === Outcome.done).toBe(expected.terminated);
      if (outcome === Outcome.done) ends++;
    }
    expect(ends).toBeGreaterThan(100);
  });

  test("stop the car at the wall on the left", () => {
    const next = new Float64Array(2);
    mountain.step(Float64Array.of(-1.19, -0.07), Float64Array.of(0), null, next);
    expect([...next]).toEqual([Math.fround(-1.2), 0]);
  });

  test("start at rest between -0.6 and -0.4, everywhere alike", () => {
    const state = new Float64Array(2);
    const positions = Array.from({ length: 400 }, (_, seed) => {
      mountain.start(seeded(seed), state);
      expect(state[1]).toBe(0);
      return state[0]!;
    });
    expect(Math.min(...positions)).toBeGreaterThan(-0.6001);
    expect(Math.min(...positions)).toBeLessThan(-0.59);
    expect(Math.max(...positions)).toBeGreaterThan(-0.41);
    expect(Math.max(...positions)).toBeLessThan(-0.3999);
  });
});

describe.each([mountain, ravine])("on $name", (world) => {
  test("the engine alone does not climb out, and swinging does in good time", () => {
    for (let seed = 0; seed < 50; seed++) {
      const right = (_: Float64Array, action: Float64Array) => action.fill(2);
      expect(reaches(world, seed, right)).toBe(false);
      const { length, outcomes } = replay(world, demonstrate(world, seed));
      expect(outcomes.at(-1)).toBe(Outcome.done);
      expect(length).toBeLessThan(0.75 * world.horizon);
    }
  });

  test("a score is the time to the flag, and who does not get there has none", () => {
    const fast = replay(world, demonstrate(world, 1));
    const { ranks, words } = scoreOf(world, fast, null)!;
    expect(ranks).toEqual([fast.length]);
    expect(words).toBe(`${(fast.length / 20).toFixed(1)} s to the flag`);
    const idle = replay(
      world,
      rollout(world, (_, action) => action.fill(1), Controller.learner, 1),
    );
    expect(idle.length).toBe(200);
    expect(world.measure.of(idle)).toBe(0);
    expect(scoreOf(world, idle, null)).toBeNull();
  });

  test("the car stands on the slope, and its state lies in the plane beneath", () => {
    const { picture } = world;
    const [shape] = picture.shapes;
    if (shape?.kind !== "ribbon") throw new Error("there is no slope");
    const lowest = shape.points.reduce((a, b) => (b[1] < a[1] ? b : a));
    const rest = picture.pose(Float64Array.of(-Math.PI / 6, 0));
    expect(rest.x).toBeCloseTo(lowest[0], 1);
    expect(rest.y).toBeGreaterThan(lowest[1]);
    expect(rest.heading).toBeCloseTo(0, 6);
    for (const position of [-1.1, -0.8, -0.2, 0.3]) {
      const [slow, fast] = [0, 0.05].map((v) => picture.pose(Float64Array.of(position, v)));
      expect({ ...fast, onMap: null }).toEqual({ ...slow, onMap: null });
      expect(Math.sign(slow!.heading!)).toBe(Math.sign(position + Math.PI / 6));
      expect(fast!.onMap!.x).toBe(slow!.onMap!.x);
      expect(fast!.onMap!.y).toBeGreaterThan(slow!.onMap!.y);
      expect(slow!.onMap!.y).toBeLessThan(lowest[1]);
      const tile = world.lattice.tiles[world.lattice.cellOf(Float64Array.of(position, 0.033))]!;
      const { x, y } = picture.pose(Float64Array.of(position, 0.033)).onMap!;
      expect(Math.max(Math.abs(tile.x - x), Math.abs(tile.y - y))).toBeLessThan(
        tile.size / 2 + 1e-6,
      );
    }
  });

  test("a pointer beside the car pushes it there, and on it lets it roll", () => {
    const state = Float64Array.of(-0.5, 0.02);
    const { x, y } = world.picture.pose(state);
    const action = new Float64Array(1);
    for (const [aside, expected] of [
      [-1, 0],
      [0, 1],
      [1, 2],
    ] as const) {
      world.steering.toward(state, x + aside, y - 3, action);
      expect(action[0]).toBe(expected);
    }
  });
});

describe("what is inferred from swings", () => {
  const shown = Array.from({ length: 6 }, (_, i) =>
    replay(mountain, demonstrate(mountain, 100 + i)),
  );
  const inferred = inferFrom(mountain, shown);

  test("is that one wants to be at the flag, and the model can take nearly every step", () => {
    const [flag, left] = inferred.weights;
    expect(flag).toBeGreaterThan(0.5);
    expect(flag).toBeGreaterThan(2 * Math.abs(left!));
    const steps = shown.reduce((sum, { length }) => sum + length / 5, 0);
    expect(inferred.impossible).toBeLessThan(0.1 * steps);
    expect(inferred.visits.reduce((a, b) => a + b)).toBe(
      shown.reduce((sum, { length }) => sum + length + 1, 0),
    );
  });

  test.each([mountain, ravine])("drives a car to the flag of the $name", (world) => {
    const driver = rewardDriver(world, inferred.weights);
    const there = Array.from({ length: 20 }, (_, seed) => reaches(world, seed, driver));
    expect(there.filter(Boolean).length).toBeGreaterThanOrEqual(18);
  });
});
