import { expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { apply, type NewEvent, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson, learningSeedOf } from "../../../shared/lesson/lesson.ts";
import { changes } from "../../../shared/lesson/requests.ts";
import { startRound } from "../../../shared/lesson/training.ts";
import { worlds } from "../../../shared/worlds/index.ts";

test("a learner is trained on twenty million numbers at most", () => {
  const { observationSize } = worlds.road!;
  const most = Math.floor(2e7 / observationSize);
  const shownFor = (steps: number): Lesson => {
    const controllers = Array<number>(steps).fill(0);
    const episode = { world: "road", seed: 5000, actions: [], controllers };
    return { ...emptyLesson, world: "road", demonstrations: [{ seq: 2, episode }] };
  };
  const plan = { policy: "fourier", query: "every", budget: 1, drives: 1 };
  const refuse = (lesson: Lesson) => changes.train.refuse(lesson, { plan });
  expect(refuse(shownFor(most))).toBeNull();
  expect(refuse(shownFor(most + 1))?.code).toBe("full");
});

test("a learner keeps what it once drew, and one of before that draws what it drew", () => {
  const add = (lesson: Lesson, event: NewEvent) =>
    apply(lesson, read({ seq: lesson.seq + 1, at: 0, ...event }));
  const show = (lesson: Lesson, seed: number) =>
    add(lesson, { type: "demonstrated", episode: demonstrate(worlds.path!, seed) });
  const plan = { policy: "fourier", query: "every", budget: 1, drives: 1 };
  const train = (lesson: Lesson, isOld: boolean) => {
    const { seq } = lesson;
    const draws = isOld ? undefined : learningSeedOf(lesson, plan.policy, seq);
    const { policy, round } = startRound(lesson, plan, seq, () => {}, draws);
    const computed = { basis: seq, digest: "", arithmetic: "", ms: 0 };
    const event = { type: "trained", v: 2, ...round, ...computed } as const;
    return { lesson: add(lesson, event), frequencies: policy.toJSON().frequencies };
  };
  const begun = show(add(emptyLesson, { type: "created", world: "path", taste: null }), 5001);
  const first = train(begun, false);
  const second = train(show(first.lesson, 5002), false);
  expect(second.frequencies).toEqual(first.frequencies);
  expect(second.lesson.rounds.map(({ seed, learningSeed }) => [seed, learningSeed])).toEqual([
    [2, 2],
    [4, 2],
  ]);

  const old = train(begun, true);
  const older = train(show(old.lesson, 5002), true);
  expect(older.frequencies).not.toEqual(old.frequencies);
  expect(older.lesson.rounds.map(({ learningSeed }) => learningSeed)).toEqual([
    undefined,
    undefined,
  ]);
  const going = train(show(older.lesson, 5003), false);
  expect(going.frequencies).toEqual(old.frequencies);
});
