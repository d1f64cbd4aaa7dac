import { describe, expect, test } from "vitest";
import { guessOfScore, isRight, questionFor } from "../../../shared/lesson/guess.ts";
import { worlds } from "../../../shared/worlds/index.ts";

describe.each([
  { world: worlds.road!, values: Array.from({ length: 121 }, (_, i) => i / 10) },
  { world: worlds.mountain!, values: Array.from({ length: 21 }, (_, i) => i / 20) },
])("the guesses on $world.title", ({ world, values }) => {
  const { choices } = questionFor(world, Boolean(world.laps))!;

  test("leave out nothing that may come, and share only where two meet", () => {
    for (const value of values) {
      const right = choices.filter((choice) => isRight(choice, value));
      const meet = choices.slice(1).some(({ from }) => from === value);
      expect(right.length, String(value)).toBe(meet ? 2 : 1);
    }
    for (const [i, { to }] of choices.slice(0, -1).entries()) expect(choices[i + 1]!.from).toBe(to);
  });

  test("stand for one number each, by which they are found again", () => {
    for (const choice of choices) expect(guessOfScore(world, choice.typical)).toBe(choice);
  });
});

test("1.8 laps are not 2 to 5 laps", () => {
  const [, twoOrLess, more] = questionFor(worlds.road!, true)!.choices;
  expect(more!.words).toBe("2 to 5 laps");
  expect([isRight(twoOrLess!, 1.8), isRight(more!, 1.8), isRight(more!, 4.7)]).toEqual([
    true,
    false,
    true,
  ]);
});

test("where nothing is counted in laps or shares there is nothing to guess", () => {
  expect(questionFor({ measure: { ...worlds.road!.measure, scale: "length" } }, false)).toBeNull();
});
