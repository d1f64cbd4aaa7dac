import * as z from "zod";
import { lessonId, lessonSecret } from "../lesson/protocol.ts";
import type { Debrief } from "./debrief.ts";
import type { Trace } from "./trace.ts";

/**
 * The room `class`, by which everybody in a class sees it: the wall, the teacher and the pupils. Its state is what follows;
 * nothing is changed by it, for which there are the routes in requests.ts.
 */

/** What one joins the room with. A pupil has a number and their secret, the teacher the class's; without, one looks on. */
export const classEntry = z.strictObject({
  class: lessonId,
  pupil: z.int().positive().optional(),
  secret: lessonSecret.optional(),
});
export type ClassEntry = z.infer<typeof classEntry>;

/** What a pupil is at, as their lesson has it. */
export type Activity =
  /** Has to show something. */
  | "demonstrating"
  /** Has shown enough, and has not trained. */
  | "cloning"
  /** Answers, takes the wheel or steers along. */
  | "correcting"
  /** Has corrected enough to train again. */
  | "retraining"
  /** Has shown enough to look at the reward. */
  | "rewarding"
  /** All of the plan is done. */
  | "done";

/** State of the room: what every page of a class sees, as Colyseus' decoder gives it. */
export interface ClassState {
  readonly title: string;
  /** Key in the registry of worlds. */
  readonly world: string;
  /** The plan, JSON of a `PlannedLevel` as the class was begun with it, without its instructions; `rounds` below may be more. */
  readonly level: string;
  /** The letters by which pupils come; empty once the class has ended. */
  readonly code: string;
  readonly isEnded: boolean;
  /** Whether nobody new may come: the teacher has shut the door. */
  readonly isShut: boolean;
  /** Whether nobody may go on: "eyes to the front". */
  readonly isFrozen: boolean;
  /** Index in `stepsOf` of the last step that everybody may do; -1 where each goes on as they like. */
  readonly step: number;
  /** Rounds of correcting, with those that were added. */
  readonly rounds: number;
  /** When the time for what is done now is over, and nobody may go on, ms since 1970 by the server's clock (see `clock`); 0 for never. */
  readonly endsAt: number;
  /** Whether names are hidden from everybody but the teacher. All nicknames are empty then: a pupil is "No. 7". */
  readonly areNamesHidden: boolean;
  /** Number of the pupil who is shown to all; 0 for nobody. */
  readonly shown: number;
  /** What there is so many of in a learner's score, as in "laps before the first crash". */
  readonly unit: string;
  readonly better: "more" | "fewer";
  /** Whether the class's learner is being trained. */
  readonly isComparing: boolean;
  /** Number of the event that says what became of the class's learner; 0 before it was first trained. */
  readonly comparison: number;
  /** The teacher's pages that are open, wherever. */
  readonly teacherPages: number;
  /** Those who were not removed, by their number as text, in the order in which they came. */
  readonly pupils: Pupils;
}

export interface Pupils extends Iterable<[string, PupilState]> {
  readonly size: number;
  get(number: string): PupilState | undefined;
  forEach(callback: (pupil: PupilState, number: string) => void): void;
}

export interface PupilState {
  /** Theirs in the class's log, which no other gets. */
  readonly number: number;
  /** 1 for who came first, 2 …: what they are called while names are hidden. */
  readonly place: number;
  /** Empty while names are hidden. */
  readonly nickname: string;
  /** Whether a page of theirs is open. */
  readonly isHere: boolean;
  readonly activity: Activity;
  /** Whether their learner is being trained at this moment. */
  readonly isTraining: boolean;
  readonly demonstrations: number;
  /** Times that their learner was trained; 0 before the clone. */
  readonly trained: number;
  /** Corrections in the round that is under way, of whichever way. */
  readonly corrections: number;
  /** Answers in stopped time, and steps under their hands in takeovers and beside drives, in all rounds. */
  readonly labels: number;
  /** Score of their newest learner on the held-out starts, in the state's `unit`; NaN before there is one. */
  readonly score: number;
  /** A point for each learner, the first first: labels that it was trained with, then its score. [2 · trained] */
  readonly curve: ArrayLike<number> & Iterable<number>;
  /**
   * Number of the newest drive, 0 before there is one; when it changes, `trace` has another. It is that of the lesson's
   * event by which the newest learner was trained or, where nothing is trained, of what the pupil did last.
   */
  readonly trace: number;
  /**
   * How far they said that the clone, and the corrected learner, would get, in the state's `unit`; NaN before they said
   * it, -1 where they went on without.
   */
  readonly guessClone: number;
  readonly guessCorrected: number;
}

const pupil = z.int().positive();

/** What anyone in the room may ask it; each answer's type is in {@link ClassAnswers}. */
export const classRequests = {
  /** A drive of a learner from the class's start, the same one and in the same wind for all. */
  trace: z.discriminatedUnion("of", [
    /**
     * A pupil's first learner, or their newest: the crash, and the repair. Where nothing is trained, their last walk, and
     * what their reward makes of it once it was worked out since.
     */
    z.strictObject({ of: z.literal("pupil"), pupil, which: z.literal(["first", "newest"]) }),
    /** The class's: trained on everybody's labels, which count alike or by agreement. */
    z.strictObject({ of: z.literal("class"), how: z.literal(["pooled", "agreed"]) }),
    /** What a pupil showed with another's labels. */
    z.strictObject({ of: z.literal("swap"), pupil }),
  ]),
  /** Where the experts disagree. */
  map: z.strictObject({}),
  debrief: z.strictObject({}),
  clock: z.strictObject({}),
} as const;
export type ClassRequestName = keyof typeof classRequests;
export type ClassRequest<N extends ClassRequestName> = z.infer<(typeof classRequests)[N]>;

/** Where the pupils' learners do different things. */
export interface DisagreementMap {
  /** Of the comparison, see `ClassState.comparison`. */
  readonly seq: number;
  /** Places: states to draw at, [n][stateSize], in the order of the world's viewpoints. */
  readonly states: readonly (readonly number[])[];
  /**
   * How far apart two of the learners are there, the mean over all pairs: 0 where all do the same. Where actions are
   * continuous as a share of their range, where they are a few the share of pairs that part. [n]
   */
  readonly apart: readonly number[];
  /** How far the pooled learner is from what most of them do (the median, or the most frequent), likewise. [n] */
  readonly pooledApart: readonly number[];
}

export interface ClassAnswers {
  readonly trace: Trace;
  readonly map: DisagreementMap;
  readonly debrief: Debrief;
  /** ms since 1970. */
  readonly clock: { readonly now: number };
}
