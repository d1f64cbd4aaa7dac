import { expect, test } from "vitest";
import { rollout } from "../../../shared/imitation/rollout.ts";
import type { LessonEvent } from "../../../shared/lesson/fold.ts";
import { medianOf, Summing } from "../../../shared/study/summary.ts";
import { Controller } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";

/** A drive on the road with the wheel as `turn` has it at each step. */
function drive(turn: (t: number) => number) {
  let t = 0;
  const act = (_: Float64Array, action: Float64Array) => action.fill(turn(t++));
  return rollout(worlds.calm!, act, Controller.expert, 5000);
}

const placed = (events: readonly object[]) =>
  events.map((event, i) => ({ ...event, seq: i + 1, at: 0 })) as LessonEvent[];

const summaryOf = (events: readonly LessonEvent[]) => {
  const summing = new Summing();
  // As they are read: a few at a time.
  for (let i = 0; i < events.length; i += 3) summing.add(events.slice(i, i + 3));
  return summing.summary();
};

test("a wheel that is hardly touched stands still, and one that is turned does not", () => {
  const still = (turn: (t: number) => number) =>
    summaryOf(placed([{ type: "demonstrated", episode: drive(turn) }])).still;
  expect(still(() => 0)).toBe(1);
  expect(still((t) => (t % 2 === 0 ? 0.001 : -0.001))).toBe(1);
  expect(still((t) => Math.sin(t / 5))).toBeLessThan(0.2);
});

test("only what the person steered counts", () => {
  const episode = drive((t) => (t < 10 ? t / 100 : 0));
  const controllers = episode.controllers.map((_, t) =>
    t < 10 ? Controller.expert : Controller.learner,
  );
  const summary = summaryOf(
    placed([{ type: "intervened", round: 0, episode: { ...episode, controllers } }]),
  );
  expect(summary).toMatchObject({ takeovers: 1, steered: 10, still: 0.1 });
});

test("answers are told by how long they took and by how many are alike", () => {
  const answer = (action: number, ms: number) => ({
    type: "labelled",
    round: 0,
    index: 0,
    action: [action],
    recording: { input: "keys", ms },
  });
  const answers = [answer(0.5, 100), answer(0.501, 900), answer(-1, 2000), answer(0.2, 249)];
  expect(summaryOf(placed(answers))).toMatchObject({
    answers: 4,
    medianResponse: 574.5,
    fast: 0.5,
    same: 0.5,
  });
  expect(summaryOf([])).toMatchObject({
    medianResponse: null,
    fast: null,
    same: null,
    still: null,
  });
});

test("a median of nothing is none", () => {
  expect([[], [3], [3, 1], [9, 1, 5]].map(medianOf)).toEqual([null, 3, 2, 5]);
});
