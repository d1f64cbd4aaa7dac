import { computed, type ReadonlySignal, useSignal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useLayoutEffect, useMemo } from "preact/hooks";
import type { RoundStep } from "../../shared/imitation/round.ts";
import type { Lesson, TrainingPlan } from "../../shared/lesson/lesson.ts";
import type { LearnedPolicy, Progress, Race } from "../../shared/lesson/protocol.ts";
import type { ChangeName, Request } from "../../shared/lesson/requests.ts";
import type { Step } from "../../shared/lesson/steps.ts";
import type { Level } from "../../shared/worlds/level.ts";
import type { Keeper } from "../net/session.ts";
import type { Activity } from "../stage/activity.ts";
import type { Controls } from "../stage/controls.ts";
import type { GuessedLearner } from "./leading.ts";

/** What goes on on the stage, and a few words on it; null while it speaks for itself. */
export interface Scene {
  readonly activity: Activity;
  readonly caption: ReadonlySignal<string | null>;
}

/** What the lesson is, and what this person is doing in it. */
export interface LessonState {
  /** The lesson's address. */
  readonly id: string;
  readonly keptIn: Keeper;
  /** What the log's events come to. */
  readonly lesson: ReadonlySignal<Lesson>;
  /** The lesson's world; null before the lesson has come. */
  readonly world: ReadonlySignal<Level | null>;
  /** Whether this person may teach in it. */
  readonly owner: ReadonlySignal<boolean>;
  /** What is computed for the lesson; null while nothing is. */
  readonly work: ReadonlySignal<Progress | null>;
  /** Whether something is computed for it, or about to be. */
  readonly busy: ReadonlySignal<boolean>;
  readonly step: ReadonlySignal<Step>;
  /** The step of the DAgger round that the lesson is at; null for what is no part of it. */
  readonly roundStep: ReadonlySignal<RoundStep | null>;
  /** How the next training is to go; null before the lesson has come. */
  readonly plan: ReadonlySignal<TrainingPlan | null>;
  /** Why nothing can be trained as it is planned; null where it can be, and before the lesson has come. */
  readonly noTraining: ReadonlySignal<string | null>;
  /** Whether to train is something to do now. */
  readonly mayTrain: ReadonlySignal<boolean>;
  /** The way of correcting that was chosen last. */
  readonly way: ReadonlySignal<string>;
  /** Cell of the world's lattice where the next demonstration is to start; null for anywhere. */
  readonly start: ReadonlySignal<number | null>;
  readonly scene: ReadonlySignal<Scene | null>;
  /** How often something was celebrated. */
  readonly celebrations: ReadonlySignal<number>;
  /** What was said aloud last. */
  readonly news: ReadonlySignal<string>;
  /** Why the last thing could not be done; null once something else has been. */
  readonly notice: ReadonlySignal<string | null>;
  /** Whether a walk was left before its end when one came to this step; it is not kept. */
  readonly hasDroppedWalk: ReadonlySignal<boolean>;
  /** Whether there is anything to do yet at `step`. */
  allows(step: Step): boolean;
  /** Why one has to wait with a change for whoever leads the lesson; null where one need not. */
  held(name: ChangeName): string | null;
  /** Why there is nothing to do yet at `step`, where it is only that they hold it; null otherwise. */
  heldAt(step: Step): string | null;
}

/** What a person has done, as the panels tell it. */
export interface LessonActions {
  /** Asks for a change; true once it is on disk, false where it was refused. */
  ask<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<boolean>;
  /** Trains on all there is, lets the learner drive, and turns to watch it. */
  train(): Promise<void>;
  infer(): Promise<void>;
  /** What the clone and the learner do on `seed`; null where it was refused. */
  race(seed: number): Promise<Race | null>;
  /** What the last round learned; null where it could not be had. */
  policy(): Promise<LearnedPolicy | null>;
  /** Stops what is computed for the lesson. */
  stop(): void;
  go(step: Step): void;
  /** Puts something on the stage; what was there is told to leave. */
  show(scene: Scene | null): void;
  /** Goes to another lesson. */
  open(lesson: string): void;
  /** A goal is reached: to be heard, and seen on the stage. */
  celebrate(): void;
  /** Says something aloud, to those who do not see it. */
  say(words: string): void;
  /** Says why something could not be done. */
  warn(words: string): void;
  /** Tells whoever leads the lesson what was guessed of a learner; null where one went on without. */
  guessed(learner: GuessedLearner, score: number | null): void;
  /** Whether whoever leads the lesson has not heard that; false where nobody does. */
  lacksGuess(learner: GuessedLearner): boolean;
  /** A walk is left before its end. */
  dropWalk(): void;
  choosePlan(plan: TrainingPlan): void;
  chooseWay(way: string): void;
  startAt(cell: number | null): void;
}

/** What each panel of the lesson gets: state comes down, and what is done goes up. */
export interface PanelProps {
  readonly state: LessonState;
  readonly on: LessonActions;
  readonly world: Level;
  readonly controls: Controls;
}

export type Panel = FunctionComponent<PanelProps>;

/**
 * Has `activity` on the stage while the component is there, with what `caption` says.
 * @param caption reads signals, and nothing else that changes while `activity` stays
 */
export function useScene(
  on: LessonActions,
  activity: Activity | null,
  caption: () => string | null,
): void {
  // A caption may depend on what no signal tells: it is asked anew after each rendering.
  const latest = useSignal(caption);
  useLayoutEffect(() => {
    latest.value = caption;
  });
  const words = useMemo(() => computed(() => latest.value()), [activity]);
  useLayoutEffect(() => {
    on.show(activity && { activity, caption: words });
    return () => on.show(null);
  }, [on, activity, words]);
}
