import { describe, expect, test } from "vitest";
import {
  driveToFall,
  enduranceOf,
  mostSteps,
  summaryOf,
  toldLaps,
} from "../../../shared/imitation/endurance.ts";
import { headlineIn } from "../../../shared/imitation/headline.ts";
import { rollout } from "../../../shared/imitation/rollout.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import { path } from "../../../shared/worlds/path/levels.ts";
import { chicane, oval, road, roadWith } from "../../../shared/worlds/road/levels.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import { always } from "./always.ts";

const seeds = [0, 1, 2, 3, 4, 5];
const straight = (_: Float64Array, action: Float64Array) => void action.fill(0);

describe("how far somebody gets before the first fall", () => {
  test("ends with the step before the first fall of the episode", () => {
    for (const world of [road, oval, chicane]) {
      const { steps } = enduranceOf(world, () => straight, seeds)!;
      for (const [i, seed] of seeds.entries()) {
        const { outcomes } = replay(world, rollout(world, straight, Controller.learner, seed));
        expect(steps[i]).toBe(outcomes.indexOf(Outcome.fell));
      }
    }
  });

  test("is the way along the line in laps, and backwards is less than nothing", () => {
    const still = roadWith({ gust: 0 });
    const onward = enduranceOf(still, () => still.expert, seeds)!;
    expect(onward.steps).toEqual(seeds.map(() => mostSteps));
    for (const laps of onward.laps) {
      // 0.15 units a step on a line that is driven a little shorter or longer than it is.
      expect((laps * still.track.length) / (0.15 * mostSteps)).toBeCloseTo(1, 1);
    }
    const circles = enduranceOf(still, () => (_, action) => void action.fill(0.25), seeds)!;
    for (const [i, steps] of circles.steps.entries())
      if (steps === mostSteps) expect(Math.abs(circles.laps[i]!)).toBeLessThan(0.1);

    // From the middle of the road straight on, the way along it is about as long as the drive.
    const { steps, laps } = enduranceOf(still, () => straight, seeds)!;
    for (const [i, n] of steps.entries()) {
      const share = (laps[i]! * still.track.length) / (0.15 * n);
      expect(share).toBeGreaterThan(0.8);
      expect(share).toBeLessThan(1.2);
    }
    const { states } = driveToFall(still, still.expert, Controller.learner, 1);
    const reversed = new Float64Array(3 * 101);
    for (let t = 0; t <= 100; t++) reversed.set(states.subarray(300 - 3 * t, 303 - 3 * t), 3 * t);
    const forwards = still.laps!({ states: states.subarray(0, 303), length: 100 });
    expect(still.laps!({ states: reversed, length: 100 })).toBeCloseTo(-forwards, 9);
    expect(forwards).toBeGreaterThan(0.4);
  });

  test("is not cut short by the world's horizon", () => {
    const short = { ...roadWith({ gust: 0 }), horizon: 7 };
    expect(enduranceOf(short, () => short.expert, [3])!.steps).toEqual([mostSteps]);
    expect(driveToFall(short, straight, Controller.learner, 3).outcomes.at(-1)).toBe(Outcome.fell);
  });

  test("is asked of no further start once there were steps enough", () => {
    const all = enduranceOf(road, () => straight, seeds)!;
    const steps = (enough: number) => enduranceOf(road, () => straight, seeds, enough)!.steps;
    const [first, second] = all.steps;
    expect(steps(1)).toEqual([first]);
    expect(steps(first!)).toEqual([first]);
    expect(steps(first! + 1)).toEqual([first, second]);
    expect(steps(1e6)).toEqual(all.steps);
  });

  test("is asked of a new driver at each start", () => {
    const asked: number[] = [];
    enduranceOf(
      road,
      (seed) => {
        asked.push(seed);
        return straight;
      },
      seeds,
    );
    expect(asked).toEqual(seeds);
  });

  test("is nothing where one cannot fall", () => {
    expect(enduranceOf(path, () => path.expert, seeds)).toBeNull();
    expect(enduranceOf(garden, () => garden.expert, seeds)).toBeNull();
  });

  test("is summed up by its median, with an interval and how many held", () => {
    const laps = [0.1, 9.4, 1, 0.5, 2, 9.3, 0.2, 0.3];
    const steps = laps.map((n) => (n > 9 ? mostSteps : Math.round(215 * n)));
    expect(summaryOf({ steps, laps })).toEqual({
      laps: 0.75,
      interval: [0.1, 9.4],
      held: 2,
      starts: 8,
    });
  });
});

describe("the headline", () => {
  test("is the median of laps on a road, in tenths, of which more is better", () => {
    const headline = headlineIn(road);
    expect(headline.better).toBe("more");
    expect(headline.from(always(0), seeds)).toEqual(enduranceOf(road, () => straight, seeds)!.laps);
    expect(headline.of([0.31, 9.3, 1.24, 1.26])).toBe(1.3);
    expect(toldLaps(1.26) - toldLaps(1.34)).toBe(0);
  });

  test("is the mean of the world's measure where one cannot fall", () => {
    const headline = headlineIn(path);
    expect(headline.unit).toBe(path.measure.unit);
    expect(headline.better).toBe(path.measure.better);
    const values = headline.from(always(0), seeds);
    expect(values).toEqual(
      seeds.map((seed) =>
        path.measure.of(
          replay(
            path,
            rollout(path, (_, a) => a.fill(0), Controller.learner, seed),
          ),
        ),
      ),
    );
    expect(headline.of([1, 2, 6])).toBe(3);
  });
});
