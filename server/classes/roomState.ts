import { Encoder, type SchemaType, schema, t } from "@colyseus/schema";
import { noProgress } from "../../shared/class/progress.ts";
import type { Activity } from "../../shared/class/room.ts";
import type { Pupil, SchoolClass } from "../../shared/class/schoolClass.ts";
import { headlineIn } from "../../shared/imitation/headline.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Standing } from "./standing.ts";

/** The state of a class's room, as Colyseus synchronises it; `shared/class/room.ts` says what it means. */

// What does not fit is encoded once more, for each who joins: sixty pupils with long curves are well below.
Encoder.BUFFER_SIZE = 128 * 1024;

export const PupilSchema = schema(
  {
    number: t.uint32(),
    place: t.uint16(),
    nickname: t.string().default(""),
    isHere: t.boolean().default(false),
    activity: t.string().default("demonstrating" satisfies Activity),
    isTraining: t.boolean().default(false),
    demonstrations: t.uint16().default(0),
    trained: t.uint16().default(0),
    corrections: t.uint16().default(0),
    labels: t.uint32().default(0),
    score: t.float64().default(Number.NaN),
    curve: t.array("float64"),
    trace: t.uint32().default(0),
    guessClone: t.float64().default(Number.NaN),
    guessCorrected: t.float64().default(Number.NaN),
  },
  "Pupil",
);
export type PupilSchema = SchemaType<typeof PupilSchema>;

export const ClassSchema = schema(
  {
    title: t.string().default(""),
    world: t.string().default(""),
    level: t.string().default(""),
    code: t.string().default(""),
    isEnded: t.boolean().default(false),
    isShut: t.boolean().default(false),
    isFrozen: t.boolean().default(false),
    step: t.int8().default(-1),
    rounds: t.uint8().default(0),
    endsAt: t.float64().default(0),
    areNamesHidden: t.boolean().default(false),
    shown: t.uint32().default(0),
    unit: t.string().default(""),
    better: t.string().default("more"),
    isComparing: t.boolean().default(false),
    comparison: t.uint32().default(0),
    teacherPages: t.uint8().default(0),
    pupils: t.map(PupilSchema),
  },
  "Class",
);
export type ClassSchema = SchemaType<typeof ClassSchema>;

/** More pages are as many: a byte has no larger number, and would begin anew. */
const mostPages = 255;

/** What a room knows of pupils beside the class's log. */
export interface Known {
  readonly standing: Standing;
  readonly isHere: (pupil: number) => boolean;
  /** Whether somebody can come by the class's letters. */
  readonly isOpen: boolean;
  /** From which the class is led. */
  readonly teacherPages: number;
}

/** Brings the state up to date. Colyseus sends what differs. */
export function follow(state: ClassSchema, now: SchoolClass, known: Known): void {
  // Instructions can be long, nobody draws them, and all that is here goes to everybody.
  const { instructions: _, ...level } = now.level!;
  const headline = headlineIn(worlds[level.world]!);
  assign(state, {
    title: now.title,
    world: level.world,
    level: JSON.stringify(level),
    code: known.isOpen ? now.code : "",
    isEnded: now.isEnded,
    isShut: now.isShut,
    isFrozen: now.isFrozen,
    step: now.step ?? -1,
    rounds: now.rounds,
    endsAt: now.endsAt ?? 0,
    areNamesHidden: now.areNamesHidden,
    shown: now.shown ?? 0,
    unit: headline.unit,
    better: headline.better,
    comparison: now.comparison?.seq ?? 0,
    teacherPages: Math.min(mostPages, known.teacherPages),
  });
  for (const key of [...state.pupils.keys()])
    if (now.pupils.get(Number(key))?.isRemoved !== false) state.pupils.delete(key);
  for (const pupil of now.present) {
    const key = `${pupil.number}`;
    if (!state.pupils.has(key))
      state.pupils.set(key, new PupilSchema({ number: pupil.number, place: pupil.place }));
    const one = state.pupils.get(key)!;
    assign(one, {
      nickname: now.areNamesHidden ? "" : pupil.nickname,
      isHere: known.isHere(pupil.number),
      guessClone: guessOf(pupil, "clone"),
      guessCorrected: guessOf(pupil, "corrected"),
    });
    followLesson(one, now, known.standing);
  }
}

/** Brings what is known of a pupil's lesson up to date. */
export function followLesson(one: PupilSchema, { level }: SchoolClass, standing: Standing): void {
  const progress = standing.progress.get(one.number) ?? noProgress;
  const { curve } = progress;
  assign(one, {
    isTraining: standing.isTraining(one.number),
    activity: progress.activity,
    demonstrations: progress.demonstrations,
    trained: curve.length,
    corrections: progress.corrections,
    labels: progress.labels,
    score: curve.at(-1)?.[1] ?? Number.NaN,
    trace: level!.learner ? progress.trained : Math.max(progress.shown, progress.rewarded),
  });
  // Points are added, and never change.
  for (let i = one.curve.length / 2; i < curve.length; i++) one.curve.push(...curve[i]!);
}

function guessOf({ guesses }: Pupil, about: "clone" | "corrected"): number {
  const said = guesses[about];
  return said === undefined ? Number.NaN : (said ?? -1);
}

/** Sets what differs: what is set to the same is not sent, but for NaN, which is never the same. */
function assign<T extends object>(target: T, values: Partial<T>): void {
  for (const [name, value] of Object.entries(values))
    if (!Object.is(target[name as keyof T], value)) target[name as keyof T] = value as T[keyof T];
}
