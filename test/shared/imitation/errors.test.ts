import { describe, expect, test } from "vitest";
import {
  bendOf,
  cellsOf,
  errorsOf,
  examine,
  marksOf,
  shareNeverShown,
} from "../../../shared/imitation/errors.ts";
import { judge, measure } from "../../../shared/imitation/evaluation.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import { replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { path } from "../../../shared/worlds/path/levels.ts";
import { road } from "../../../shared/worlds/road/levels.ts";

const seeds = [0, 1, 2, 3];

const always = (value: number): Policy => ({
  kind: "always",
  act: (_, action) => action.fill(value),
  uncertainty: () => 1,
  familiarity: () => ({ uncertainty: () => 1, see: () => {} }),
  toJSON: () => ({ kind: "always" }),
});

describe.each(Object.values(worlds))("on $name", (world) => {
  const policy = always(world.action.kind === "discrete" ? 1 : 0.2);

  test("one pass gives the measures, and errors that never fall", () => {
    const { measures, errors } = examine(world, policy, seeds);
    expect(measures).toEqual(measure(world, policy, seeds));
    expect(errors).toHaveLength(20);
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    expect(marksOf(world).at(-1)).toBe(world.horizon);
    expect(new Set(marksOf(world)).size).toBe(20);
  });

  test("an expert's own states have all been shown, in whatever order", () => {
    const drives = seeds.map((seed) => replay(world, demonstrate(world, seed)));
    expect(shareNeverShown(world, drives, cellsOf(world, drives.toReversed()))).toBe(0);
    expect(shareNeverShown(world, drives, new Set())).toBe(1);
    expect(shareNeverShown(world, [], new Set())).toBe(0);
  });
});

test.each([road, path])(
  "where there is a line, the errors are sums of what a judge finds on $name",
  (world) => {
    const { errors } = examine(world, always(0.1), seeds);
    const costs = seeds.map((seed) => judge(world, (_, action) => action.fill(0.1), seed).cost);
    marksOf(world).forEach((mark, k) => {
      const sums = costs.map((cost) => cost.slice(0, mark).reduce((sum, c) => sum + c, 0));
      expect(errors[k]).toBeCloseTo(sums.reduce((sum, c) => sum + c, 0) / seeds.length, 3);
    });
  },
);

describe("in the garden", () => {
  test("the errors of whoever gets home are the moves before the last, and stay what they were", () => {
    const walks = seeds.map((seed) => replay(garden, demonstrate(garden, seed)));
    const before = walks.map(({ length }) => length - 1);
    const mean = before.reduce((sum, n) => sum + n, 0) / walks.length;
    const errors = errorsOf(garden, walks);
    expect(errors.at(-1)).toBe(mean);
    const last = marksOf(garden).findIndex((mark) => mark > Math.max(...before));
    expect(new Set(errors.slice(last))).toEqual(new Set([mean]));
  });

  test("whoever stays never gets home, and errs in every move", () => {
    expect(examine(garden, always(4), seeds).errors).toEqual(marksOf(garden));
    expect(bendOf(examine(garden, always(4), seeds).errors)).toBe(1);
  });

  test("of three tiles one of which was shown, two thirds were not", () => {
    const over = (tiles: readonly number[]) =>
      ({ states: Float64Array.from(tiles.flatMap((tile) => [0, tile])) }) as Trajectory;
    expect(shareNeverShown(garden, [over([1, 2, 3])], cellsOf(garden, [over([2, 7])]))).toBe(2 / 3);
    // States are counted, not tiles: what it comes back to counts again.
    const two = [over([2, 1]), over([1, 1, 2, 1])];
    expect(shareNeverShown(garden, two, cellsOf(garden, [over([2])]))).toBe(4 / 6);
  });
});

test("a drive that was broken off says nothing about what would have come", () => {
  const whole = demonstrate(road, 7);
  const part = (length: number) =>
    replay(road, {
      ...whole,
      actions: whole.actions.slice(0, length),
      controllers: whole.controllers.slice(0, length),
    });
  const errors = errorsOf(road, [replay(road, whole)]);
  expect(errorsOf(road, [part(75)])).toEqual(errors.slice(0, 7));
  expect(errorsOf(road, [part(75), replay(road, whole)])).toEqual(errors);
  expect(errorsOf(road, [])).toEqual([]);
});

test("a line bends by 1, T² by 3, T³ by 7", () => {
  const grown = (power: number) => Array.from({ length: 20 }, (_, k) => (k + 1) ** power);
  expect([1, 2, 3].map((power) => bendOf(grown(power)))).toEqual([1, 3, 7]);
  expect(bendOf(grown(1).slice(0, 19))).toBeNull();
  expect(bendOf(Array(20).fill(0))).toBeNull();
});
