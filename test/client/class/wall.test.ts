import { describe, expect, test } from "vitest";
import { type CurvePoint, medianCurve } from "../../../client/class/wall/curves.ts";
import { driveOf, poseAt, poseBefore } from "../../../client/class/wall/drive.ts";
import { captionHeight, layOut } from "../../../client/class/wall/layout.ts";
import { traceOf } from "../../../shared/class/trace.ts";
import { driveToFall } from "../../../shared/imitation/endurance.ts";
import { Controller } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";

describe("tiles on the wall", () => {
  const sizes = [
    [1400, 1000],
    [390, 600],
    [1000, 200],
  ] as const;

  test.each(sizes)("in %d × %d, however many, all lie in the room and none on another", (w, h) => {
    for (const n of [1, 2, 3, 4, 7, 12, 30, 60]) {
      for (const aspect of [0.5, 1, 2.3]) {
        const boxes = layOut(n, w, h, aspect);
        // Where there is no room, there are none rather than some.
        expect([0, n]).toContain(boxes.length);
        if (w === 1400) expect(boxes).toHaveLength(n);
        for (const [i, { x, y, width, height }] of boxes.entries()) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(w);
          expect(y + height + captionHeight).toBeLessThanOrEqual(h);
          expect(Math.abs(width / height - aspect)).toBeLessThan((1 + aspect) / height);
          for (const other of boxes.slice(0, i)) {
            const apart = other.x + width <= x || other.y + height + captionHeight <= y;
            expect(apart || other.x >= x + width).toBe(true);
          }
        }
      }
    }
  });

  test("are as large as any number of columns allows", () => {
    // Four beside each other in two rows are as high as they are wide, and leave no room.
    const [first] = layOut(8, 4 * 200 + 30, 2 * (200 + captionHeight) + 10, 1);
    expect(first!.width).toBe(200);
  });

  test("that are alone in a row are in its middle", () => {
    const [only] = layOut(1, 1000, 300, 1);
    expect(only!.x + only!.width / 2).toBeCloseTo(500, 0);
  });
});

describe("the median of a class", () => {
  const curve = (...points: readonly (readonly [number, number])[]): CurvePoint[] =>
    points.map(([labels, score]) => ({ labels, score }));

  test("is of the last learners up to a number of labels, and of those alone who came so far", () => {
    const curves = [
      curve([0, 1], [10, 2], [20, 9]),
      curve([0, 3], [12, 4], [24, 5]),
      curve([0, 2]),
    ];
    expect(medianCurve(curves)).toEqual([
      { labels: 0, score: 2 },
      // The second has had no answer trained by then: it is as it was with none.
      { labels: 10, score: 2.5 },
      { labels: 12, score: 3 },
      { labels: 20, score: 6.5 },
    ]);
  });

  test("is not told where fewer than half of those came who have a learner", () => {
    const curves = [curve([0, 1], [12, 8]), curve([0, 1]), curve([0, 2]), []];
    expect(medianCurve(curves)).toEqual([{ labels: 0, score: 1 }]);
    expect(medianCurve([[], []])).toEqual([]);
  });
});

describe("a drive on the wall", () => {
  const world = worlds.road!;
  const { states, length } = driveToFall(world, world.expert, Controller.learner, 7, 101);
  const drive = driveOf(world, traceOf(world, { states, steps: length, fell: false }, 1));

  test("has its poses where the drive had them, the last one too", () => {
    expect(drive.every).toBe(2);
    for (const t of [0, 1, 2, 57, 100, 101, 500]) {
      const at = Math.min(t, length) * world.stateSize;
      const there = world.picture.pose(states.subarray(at, at + world.stateSize));
      const shown = poseAt(drive, t);
      expect(Math.hypot(there.x - shown.x, there.y - shown.y)).toBeLessThan(0.02);
    }
  });

  test("goes from pose to pose, and stays at the last", () => {
    expect([0, 1.9, 2, 99.5, 100.5, 101, 900].map((t) => poseBefore(drive, t))).toEqual([
      0, 0, 1, 49, 50, 51, 51,
    ]);
  });
});
