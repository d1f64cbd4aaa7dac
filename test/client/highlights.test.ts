import { expect, test } from "vitest";
import { fallsOf, pathOf } from "../../client/drawing/trails.ts";
import { fallAt, momentOf, sayMoment } from "../../client/lesson/watch/highlights.ts";
import { shownIn } from "../../client/lesson/watch/shown.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { drive } from "./script.ts";

const road = worlds.road!;
const own = drive(road, 5001);
const path = pathOf(road, replay(road, own));
const [fall] = fallsOf(path);
const crashed = "It crashed. You crashed near here, too.";
const strange = "It crashed. You never showed it this.";
const few = "It crashed. It needs more answers near here.";

/** A lesson in which somebody drove like that. */
const lesson: Lesson = {
  ...emptyLesson,
  world: road.name,
  demonstrations: [{ seq: 2, episode: own }],
};
const shown = shownIn(road, lesson);
const say = (x: number, turn: number, seen = shown) =>
  sayMoment(fallAt(road, { x: fall!.x + x, y: fall!.y, heading: fall!.heading! + turn }, seen));

test("who crashed there too is not told that they never showed it", () => {
  expect(shown.falls).toEqual(fallsOf(path));
  expect(say(0, 0)).toBe(crashed);
  // Looking elsewhere, and a car's length further on.
  expect(say(0, Math.PI / 2)).toBe(crashed);
  expect(say(road.picture.agent, 1)).toBe(crashed);
  expect(say(100, 0)).toBe(strange);
  const moment = momentOf(road, replay(road, own), shown)!;
  expect(moment).toMatchObject({ kind: "fell", isNew: false, isShared: true });
  expect(sayMoment(moment)).toBe(crashed);
});

test("it is told where nothing that was shown, or corrected since, came by", () => {
  expect(say(0, 0, { poses: [], falls: [], corrected: [] })).toBe(strange);
  expect(say(0, 0, { poses: [fall!], falls: [], corrected: [] })).toBe("It crashed.");
  // A round whose drive was taken over where it fell, and the one after it.
  const taken = { ...own, controllers: own.controllers.map(() => 0) };
  const round = {
    episodes: [],
    queries: [],
    answers: [],
    answered: [],
    interventions: [{ seq: 4, episode: taken }],
    shadows: [],
  };
  const rounds = [round, { ...round, interventions: [] }] as unknown as Lesson["rounds"];
  const corrected = (rounds: Lesson["rounds"]) =>
    say(0, 0, shownIn(road, { ...lesson, demonstrations: [], rounds }));
  expect(corrected(rounds)).toBe(few);
  expect(corrected(rounds.slice(0, 1)), "the round's own corrections came after it").toBe(strange);
});

test("who answered near by is told that it needs more, whatever way the car looked", () => {
  const near = { ...shown, falls: [], corrected: [fall!] };
  expect(say(0, Math.PI / 2, near)).toBe(few);
  expect(say(road.picture.agent, 1, near)).toBe(few);
  expect(say(100, 0, near)).toBe(strange);
  // Their own crash says more.
  expect(say(0, 0, { ...shown, corrected: [fall!] })).toBe(crashed);
});
