import { expect, test } from "vitest";
import { fallsOf, pathOf } from "../../client/drawing/trails.ts";
import { demonstrationTrails } from "../../client/lesson/demonstrations.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { type Episode, replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { drive } from "./script.ts";

const road = worlds.road!;
const lessonOf = (episode: Episode): Lesson => ({
  ...emptyLesson,
  world: road.name,
  demonstrations: [{ seq: 2, episode }],
});

test("what was shown has a mark where it fell, and none elsewhere", () => {
  const own = drive(road, 5001);
  const falls = fallsOf(pathOf(road, replay(road, own)));
  expect(falls.length).toBeGreaterThan(0);
  const trails = demonstrationTrails(lessonOf(own));
  expect(trails.filter(({ fell }) => fell).map(({ points }) => points.at(-1))).toEqual(falls);
  const flawless = demonstrationTrails(lessonOf(demonstrate(road, 5000)));
  expect(flawless.map(({ fell }) => fell)).toEqual([undefined]);
});
