import { describe, expect, test } from "vitest";
import { labelChanges } from "../../client/lesson/learned/label-changes.ts";
import { PreviewLearner } from "../../client/lesson/learned/preview-learner.ts";
import { aggregate, pairsOf } from "../../shared/imitation/dataset.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { fit } from "../../shared/imitation/round.ts";
import { apply, type NewEvent, read } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { labelsOf, startRound } from "../../shared/lesson/training.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import type { Policy } from "../../shared/policies/policy.ts";
import { width } from "../../shared/spaces.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";

/** What the server records of a training, and nobody here looks at. */
const unmeasured = { digest: "", arithmetic: "", ms: 0 };
const after = (lesson: Lesson, event: NewEvent): Lesson =>
  apply(lesson, read({ seq: lesson.seq + 1, at: 0, ...event }));

/** A lesson whose learner has been cloned from one demonstration, and asks. */
function cloned(world: string, policy: string, query = "random", budget = 12): Lesson {
  const episode = demonstrate(worlds[world]!, 5001);
  const before = [
    { type: "created", world } as const,
    { type: "demonstrated", episode } as const,
  ].reduce(after, emptyLesson);
  const { round } = startRound(before, { policy, query, budget, drives: 2 }, 7);
  return after(before, { type: "trained", v: 2, ...round, ...unmeasured, basis: 2 });
}

const answered = (lesson: Lesson, action: readonly number[]): Lesson =>
  after(lesson, {
    type: "labelled",
    round: lesson.rounds.length - 1,
    index: lesson.rounds.at(-1)!.answers.length,
    action,
  });
const takenBack = (lesson: Lesson): Lesson =>
  after(lesson, {
    type: "undone",
    round: lesson.rounds.length - 1,
    index: lesson.rounds.at(-1)!.answers.length - 1,
  });

/** What a policy does, and how unfamiliar it all is to it, at each step of the lesson's rollouts. */
function predictions(lesson: Lesson, policy: Policy): number[] {
  const world = worlds[lesson.world]!;
  const observation = new Float64Array(world.observationSize);
  const action = new Float64Array(width(world.action));
  return lesson.rounds.at(-1)!.episodes.flatMap((episode) => {
    const { states, length } = replay(world, episode);
    return Array.from({ length }, (_, t) => {
      world.observe(states.subarray(t * world.stateSize, (t + 1) * world.stateSize), observation);
      policy.act(observation, action);
      return [...action, policy.uncertainty(observation)];
    }).flat();
  });
}

function fittedAnew(lesson: Lesson): Policy {
  const world = worlds[lesson.world]!;
  const { plan, seed, learningSeed = seed } = lesson.rounds.at(-1)!;
  const shown = lesson.demonstrations.map(({ episode }) => replay(world, episode));
  const data = aggregate(world, pairsOf(world, shown), labelsOf(world, lesson));
  return fit(data, policyKinds[plan.policy]!, learningSeed).policy;
}

function expectSame(
  one: readonly number[],
  other: readonly number[],
  tolerance: number = 1e-8,
): void {
  expect(one.length).toBe(other.length);
  const gap = Math.max(...one.map((value, i) => Math.abs(value - other[i]!)));
  expect(gap).toBeLessThan(tolerance);
}

describe.each([
  ["road", "gaussianProcess"],
  ["road", "fourier"],
  ["road", "linear"],
  ["path", "fourier"],
  ["garden", "softmax"],
  ["garden", "tabular"],
])("in the %s, %s", (name, policy) => {
  const world = worlds[name]!;
  const start = cloned(name, policy);
  // Which of its places the others all but make up for, a process finds out in the order in which they came.
  const tolerance = policy === "gaussianProcess" ? 1e-4 : 1e-8;
  const actions =
    world.action.kind === "discrete"
      ? [[0], [3], [1], [1], [2]]
      : [1, -1, 0.5, 1, -0.2].map((share) =>
          world.action.kind === "continuous" ? world.action.high.map((high) => share * high) : [],
        );

  test("label after label, and taken back, it is the policy fitted to all of them", () => {
    const learner = new PreviewLearner(start);
    expectSame(
      predictions(start, learner.policy),
      predictions(start, fittedAnew(start)),
      tolerance,
    );
    let lesson = start;
    const goOn = (next: Lesson) => {
      learner.change(labelChanges(world, lesson.rounds.at(-1)!, next.rounds.at(-1)!));
      lesson = next;
      expectSame(
        predictions(lesson, learner.policy),
        predictions(lesson, fittedAnew(lesson)),
        tolerance,
      );
    };
    for (const action of actions) goOn(answered(lesson, action));
    goOn(takenBack(lesson));
    // One taken back and another given in its place, told at once.
    goOn(answered(takenBack(lesson), actions[0]!));
    goOn(actions.reduce(answered, lesson));
  });

  test("a label that comes and goes leaves nothing, and one told twice is learned once", () => {
    const learner = new PreviewLearner(start);
    const before = predictions(start, learner.policy);
    const label = answered(start, actions[0]!);
    const [then, now] = [start.rounds[0]!, label.rounds[0]!];
    learner.change(labelChanges(world, then, now));
    learner.change(labelChanges(world, then, now));
    const learned = predictions(start, learner.policy);
    expect(learned).not.toEqual(before);
    expectSame(learned, predictions(start, fittedAnew(label)));
    learner.change(labelChanges(world, now, then));
    learner.change(labelChanges(world, now, then));
    expectSame(predictions(start, learner.policy), before);
  });
});

test.each(["fair", "road", "oval", "chicane"].filter((name) => worlds[name]))(
  "on the %s, a process that is told each step of a drive in turn stays that of a fit, and forgets no place",
  (name) => {
    const world = worlds[name]!;
    let lesson = cloned(name, "gaussianProcess", "every", 80);
    const learner = new PreviewLearner(lesson);
    const { episodes, queries } = lesson.rounds[0]!;
    const states = episodes.map((episode) => replay(world, episode).states);
    const expected = new Float64Array(1);
    const unfamiliar = () => predictions(lesson, learner.policy).filter((_, i) => i % 2 === 1);
    let before = unfamiliar();
    for (const [drive, t] of queries) {
      world.expert(states[drive]!.subarray(t * world.stateSize), expected);
      const next = answered(lesson, [...expected]);
      learner.change(labelChanges(world, lesson.rounds[0]!, next.rounds[0]!));
      lesson = next;
      if (lesson.rounds[0]!.answers.length % 10 > 0) continue;
      const now = unfamiliar();
      expect(Math.max(...now.map((u, i) => u - before[i]!))).toBeLessThan(1e-9);
      before = now;
    }
    expect(queries.length).toBe(80);
    expectSame(predictions(lesson, learner.policy), predictions(lesson, fittedAnew(lesson)), 1e-3);
  },
);
