import { describe, expect, test } from "vitest";
import { mostSteps } from "../../../shared/imitation/endurance.ts";
import { bestRounds } from "../../../shared/lesson/best.ts";
import { apply, type LessonEvent, lessonAt, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../../shared/lesson/lesson.ts";
import { nHeldOut, validationSeeds, validationSteps } from "../../../shared/lesson/protocol.ts";
import { changes, decide } from "../../../shared/lesson/requests.ts";
import { labelsOf, startRound } from "../../../shared/lesson/training.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import beforeArithmetic from "./logs/before-arithmetic.json";
import beforeCertainty from "./logs/before-certainty.json";
import beforeEndurance from "./logs/before-endurance.json";
import beforeErrors from "./logs/before-errors.json";
import notes from "./logs/notes.json";

const key = "next-key";

/** What a version wrote, and the lesson that it was then. */
interface Recorded {
  readonly events: readonly Pick<LessonEvent, "seq" | "at" | "type">[];
  readonly lesson: { readonly rounds: readonly object[] };
}

/** Logs of before events had versions, and the lessons that they were last. */
const unversioned: Readonly<Record<string, Recorded>> = {
  "of before rewards came with their certainty": beforeCertainty as Recorded,
  "of before a training kept its errors": beforeErrors as Recorded,
  "of before a training named its arithmetic": beforeArithmetic as Recorded,
};

/** The lesson with what all versions since have added to it, and without what is outdated since: a reward on an earlier road. */
function upToDate({ rounds, ...lesson }: Recorded["lesson"]) {
  const named = rounds.map((round) => ({ ...round, arithmetic: "host" }));
  return { ...lesson, notes: [], rounds: named, inference: null };
}

describe.each(Object.entries(unversioned))("a log %s", (_, { events, lesson: before }) => {
  test("is the lesson that it was", () => {
    expect(events.map(read).reduce(apply, emptyLesson)).toEqual(upToDate(before));
  });

  test("has only events in their newest form", () => {
    const known = events.map(read);
    expect(known.map(({ seq, at }) => ({ seq, at }))).toEqual(
      events.map(({ seq, at }) => ({ seq, at })),
    );
    for (const event of known) {
      expect(read(JSON.parse(JSON.stringify(event)))).toEqual(event);
      if (event.type === "trained") expect(event).toMatchObject({ v: 2, arithmetic: "host" });
      if (event.type === "created") expect(event.taste).not.toBeUndefined();
    }
  });

  test("goes on: an answer, a note, and a training on all of it", () => {
    goesOn(events.map(read).reduce(apply, emptyLesson));
  });
});

describe("a log with a note, and a training that names its arithmetic", () => {
  test("is the lesson that it was", () => {
    expect(notes.events.map(read).reduce(apply, emptyLesson)).toEqual(notes.lesson);
  });

  test("goes on: an answer, a note, and a training on all of it", () => {
    goesOn(notes.events.map(read).reduce(apply, emptyLesson));
  });
});

describe("a log of before a training kept how far its learner gets", () => {
  const lesson = beforeEndurance.events.map(read).reduce(apply, emptyLesson);

  test("is the lesson that it was, in which nothing of it is recorded", () => {
    expect(lesson).toEqual(beforeEndurance.lesson);
    for (const round of lesson.rounds) {
      expect(round.endurance).toBeUndefined();
      expect(round.validation).toBeUndefined();
    }
    expect(bestRounds(lesson)).toEqual([0, 1]);
  });

  test("goes on with a training that records it", () => {
    const after = goesOn(lesson);
    const { endurance, validation } = after.rounds.at(-1)!;
    expect(endurance!.steps).toHaveLength(nHeldOut);
    expect(endurance!.laps).toHaveLength(nHeldOut);
    expect(validation!.length).toBeGreaterThanOrEqual(validationSteps / mostSteps);
    expect(validation!.length).toBeLessThanOrEqual(validationSeeds.length);
    expect(bestRounds(after)).toEqual([0, 1, 2]);
  });
});

/** Answers, notes and trains, all by way of JSON. */
function goesOn(before: Lesson): Lesson {
  const add = (lesson: Lesson, event: object): Lesson =>
    apply(lesson, read(JSON.parse(JSON.stringify({ seq: lesson.seq + 1, at: 0, ...event }))));
  const world = worlds[before.world]!;
  const nLabels = labelsOf(world, before).length;
  const round = before.rounds.length - 1;
  const { answers, plan } = before.rounds[round]!;
  const action = [0];
  let lesson = add(before, decide("label", before, { key, round, index: answers.length, action }));
  expect(labelsOf(world, lesson)).toHaveLength(nLabels + 1);
  lesson = add(lesson, decide("note", lesson, { key, step: "correct", text: "goes on" }));
  expect(changes.train.refuse(lesson, { plan })).toBeNull();
  const { round: started } = startRound(lesson, plan, lesson.seq);
  const computed = { basis: lesson.seq, digest: "", arithmetic: "test", ms: 1 };
  lesson = add(lesson, changes.train.decide(lesson, { plan }, { ...started, ...computed }));
  expect(lesson.rounds).toHaveLength(round + 2);
  expect(lesson.rounds.at(-1)).toMatchObject({ ...computed, labels: nLabels + 1 });
  return lesson;
}

describe("a reward without its certainty", () => {
  const { events } = beforeCertainty as Recorded;
  const old = events.find(({ type }) => type === "inferred")!;

  test("keeps its place, and nothing follows from it", () => {
    expect(read(old)).toEqual({ seq: old.seq, at: old.at, type: "outdated" });
    expect(lessonAt(events.map(read), old.seq).inference).toBeNull();
  });

  test("cannot be read where it is damaged", () => {
    expect(() => read({ ...old, weights: [1, "2"] })).toThrow();
    expect(() => read({ ...old, basis: undefined })).toThrow();
  });
});

describe("a reward on a road whose falls had no weight", () => {
  const { events } = beforeArithmetic as Recorded;
  const old = events.find(({ type }) => type === "inferred")!;

  test.each([3, 4])("keeps its place, and nothing follows from it (%i features)", (k) => {
    const stored = { ...old, weights: Array(k).fill(1), covariance: Array(k * k).fill(0) };
    expect(read(stored)).toEqual({ seq: old.seq, at: old.at, type: "outdated" });
    expect(() => read({ ...stored, basis: undefined })).toThrow();
  });

  test("is not mistaken for one of another world", () => {
    for (const { lattice } of Object.values(worlds)) {
      const k = lattice.nFeatures;
      const stored = { ...old, weights: Array(k).fill(1), covariance: Array(k * k).fill(0) };
      expect(read(stored)).toMatchObject({ type: "inferred", weights: stored.weights });
    }
  });
});

describe("what is read", () => {
  const find = (type: LessonEvent["type"]) =>
    (beforeArithmetic as Recorded).events.find((event) => event.type === type)!;
  const trained = find("trained") as LessonEvent & { readonly type: "trained" };

  const newest = { ...trained, v: 2, arithmetic: "stdlib-1" };
  const withEndurance = (steps: number[], laps = steps) => ({
    ...newest,
    endurance: { steps, laps },
  });

  test.each([
    ["nothing", null],
    ["text", "created"],
    ["a list", []],
    ["no type", { seq: 1, at: 0 }],
    ["a type that is none", { seq: 1, at: 0, type: "danced" }],
    ["a name that every object has", { seq: 1, at: 0, type: "constructor" }],
    ["no place", { at: 0, type: "created", world: "road" }],
    ["a place that is none", { seq: 0, at: 0, type: "created", world: "road" }],
    ["no time", { seq: 1, type: "created", world: "road" }],
    ["a world that is a number", { seq: 1, at: 0, type: "created", world: 1 }],
    ["a version to come", { seq: 1, at: 0, type: "created", world: "road", v: 2 }],
    ["a version that is none", { ...trained, v: "2" }],
    ["a training of a version to come", { ...trained, v: 3, arithmetic: "x" }],
    ["a training of this version without its arithmetic", { ...trained, v: 2 }],
    [
      "a training with a hole in its drive",
      { ...trained, episodes: [{ ...trained.episodes[0], actions: [0, null] }] },
    ],
    ["a training whose questions are no pairs", { ...trained, queries: [[0, 1, 2]] }],
    ["a training with uncertainty that is flat", { ...trained, uncertainty: [0.5] }],
    ["a training with more starts than are held out", withEndurance(Array(1025).fill(7))],
    ["a training with a start without a way", withEndurance([7, 7], [0.1])],
    ["a training of a drive that never ends", withEndurance([2001])],
    ["a training with a validation of nothing", { ...newest, validation: [] }],
    ["an answer without an action", { ...find("labelled"), action: undefined }],
    ["a shadow of words", { ...find("shadowed"), actions: ["left"] }],
  ])("is not %s", (_, json) => {
    expect(() => read(json)).toThrow();
  });

  test("says its version where that is above 1, and is what was written", () => {
    for (const event of [newest, { ...withEndurance([7, 2000]), validation: [0.1] }])
      expect(read(event)).toEqual(event);
    expect(read(trained)).toEqual({ ...trained, v: 2, arithmetic: "host" });
  });
});
