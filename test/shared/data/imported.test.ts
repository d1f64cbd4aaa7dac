import { expect, test } from "vitest";
import { BadEpisodes, lessonOfEpisodes, linesOf } from "../../../shared/data/imported.ts";
import { driven, lines } from "./lessons.ts";

const one = driven("path", 2000);
const { states } = one;
/** With one number off by less than anybody would see. */
const off = states.map((state, t) => (t === 7 ? [state[0]!, state[1]! + 1e-7] : state));

test.each([
  ["", "There is no episode in this file."],
  [`${lines(one)}{`, "Line 2: It is not JSON."],
  [lines({ ...one, seed: "1" }), 'Line 1: "seed": Invalid input: expected number'],
  [lines({ ...one, world: "moon" }), 'Line 1: There is no world "moon"'],
  [lines({ ...one, seed: 5 }), "Line 1: This seed is held out for measuring."],
  [
    lines({ ...one, seed: -5 }),
    "Line 1: It is longer than an episode can be, or its seed is none.",
  ],
  [lines(one, { ...one, states: off }), "Line 2: State 7 is ["],
  [lines({ ...one, states: [...states, [0, 0]] }), "It has 32 states, and the replay has 31."],
  [lines({ ...one, actions: one.actions.map(() => 9) }), "Line 1: Step 0 has an action that"],
  [lines({ ...one, actions: one.actions.slice(1) }), "Line 1: An action of path has 2 numbers."],
  [lines({ ...one, actions: [...one.actions, ...one.actions] }), "Line 1: Not an episode of path"],
  [lines(one, driven("garden", 2000)), "Line 2: This lesson is about path."],
])("%#: what is wrong is named with its line", (text, sentence) => {
  expect(() => lessonOfEpisodes(linesOf(text), undefined, 0)).toThrow(sentence);
});

test("the first states, blank lines and fields of one's own are fine", () => {
  const text = `\n${lines({ ...one, states: states.slice(0, 3), who: "me" })}\n`;
  expect(lessonOfEpisodes(linesOf(text), undefined, 7)).toMatchObject([
    { seq: 1, at: 7, type: "created", world: "path" },
    { seq: 2, at: 7, type: "demonstrated", episode: { seed: 2000, actions: one.actions } },
  ]);
});

test("a lesson is no longer than one can be, however short its numbers are in the file", () => {
  const text = lines({ ...one, states: undefined }).repeat(3);
  const longest = Math.round(2.5 * JSON.stringify(one.actions).length);
  expect(lessonOfEpisodes(linesOf(text), undefined, 0)).toHaveLength(4);
  expect(() => lessonOfEpisodes(linesOf(text), undefined, 0, longest)).toThrow(
    new BadEpisodes(["Line 2: With this, it is longer than a lesson can be."]),
  );
});

test("a zero below zero is replayed as it is stored: as zero", () => {
  const drives = Array.from({ length: 9 }, (_, i) => driven("garden", 3000 + i));
  const text = lines(...drives).replaceAll(/(?<=[[,])0(?=[,\]])/g, "-0");
  const told = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const isBelow = (value: number) => Object.is(value, -0);
  expect(told.some(({ actions }) => actions.some(isBelow))).toBe(true);
  expect(told.some(({ states }) => states.flat().some(isBelow))).toBe(true);
  const shown = lessonOfEpisodes(linesOf(text), undefined, 0).slice(1);
  expect(shown).toMatchObject(drives.map(({ actions }) => ({ episode: { actions } })));
});

test("ten complaints are the most, and an unknown world is one", () => {
  expect(() => lessonOfEpisodes(linesOf("no\n".repeat(20)), undefined, 0)).toThrow(
    new BadEpisodes(Array.from({ length: 10 }, (_, i) => `Line ${i + 1}: It is not JSON.`)),
  );
  expect(() => lessonOfEpisodes(linesOf(lines(one)), "moon", 0)).toThrow(
    'There is no world "moon"',
  );
});
