import { expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { labelNoises } from "../../../shared/lesson/labelNoise.ts";
import { emptyLesson, type Lesson, type Round } from "../../../shared/lesson/lesson.ts";
import { road } from "../../../shared/worlds/road/levels.ts";

const episode = demonstrate(road, 2000);
const { length } = episode.controllers;
const half = 0.25; // of the wheel's range

/** A lesson whose only round has these answers and shadows. */
function lessonWith(round: Partial<Round>): Lesson {
  const empty = { queries: [], answers: [], answered: [], interventions: [], shadows: [] };
  return {
    ...emptyLesson,
    world: road.name,
    rounds: [{ ...empty, ...round, episodes: [episode] } as unknown as Round],
  };
}

/** A shadow of the drive that steers this far at each step. */
const shadow = (at: (t: number) => number, lag = 0) => ({
  seq: 9,
  drive: 0,
  speed: 1,
  lag,
  actions: Array.from({ length }, (_, t) => at(t)),
});

test("tells noise from questions that came again, of those that were answered", () => {
  const queries = [
    [0, 1],
    [0, 5],
    [0, 1],
    [0, 7],
    [0, 5],
  ] as const;
  const answers = [[0.1], [0], [0.1 + 0.1 * half], [0.2]];
  const { timeStop, shadow, both } = labelNoises(lessonWith({ queries, answers }));
  expect(timeStop!.pairs).toBe(1);
  expect(timeStop!.noise).toBeCloseTo(0.1 / Math.SQRT2, 9);
  expect(shadow).toBeNull();
  expect(both).toBeNull();
  const one = lessonWith({ queries, answers: answers.slice(0, 2) });
  expect(labelNoises(one).timeStop).toBeNull();
});

test("tells noise from drives that were steered along with twice, half a second apart", () => {
  const shadows = [shadow(() => 0.1), shadow((t) => 0.1 + (t % 10 === 0 ? 0.2 : 0.8) * half)];
  const { shadow: found } = labelNoises(lessonWith({ shadows }));
  expect(found!.pairs).toBe(length / 10);
  expect(found!.noise).toBeCloseTo(0.2 / Math.SQRT2, 9);
  expect(labelNoises(lessonWith({ shadows: shadows.slice(0, 1) })).shadow).toBeNull();
});

test("sets answers beside what was steered there, drawn forward by the hands' lag", () => {
  const queries = [
    [0, 4],
    [0, 5],
  ] as const;
  // At step 7, three after the state of step 4.
  const shadows = [shadow((t) => (t === 7 ? 0.1 + 0.3 * half : 0.01 + t / 1000), 3)];
  const { both } = labelNoises(lessonWith({ queries, answers: [[0.1]], shadows }));
  expect(both!.pairs).toBe(1);
  expect(both!.noise).toBeCloseTo(0.3 / Math.SQRT2, 9);
});

test("keeps rounds apart", () => {
  const lesson = lessonWith({ queries: [[0, 1]], answers: [[0.1]] });
  const twice = { ...lesson, rounds: [lesson.rounds[0]!, lesson.rounds[0]!] };
  expect(labelNoises(twice).timeStop).toBeNull();
});
