import type { Endurance } from "../imitation/endurance.ts";
import type { InferredReward } from "../irl/reward.ts";
import type { ForeignNetwork } from "../policies/foreignNetwork.ts";
import { imported } from "../policies/imported.ts";
import type { Episode } from "../worlds/episode.ts";
import type { Asking } from "./asking.ts";
import type { Lists } from "./lists.ts";
import type { LessonPlan } from "./plan.ts";
import type { Step } from "./steps.ts";

/** How a learner is to be trained, and whom it asks afterwards. */
export interface TrainingPlan {
  /** Key in the policy registry. */
  readonly policy: string;
  /** Key in the query registry. */
  readonly query: string;
  /** Most states to ask about. */
  readonly budget: number;
  /** Episodes that the learner drives for the expert to look at. */
  readonly drives: number;
  /** Further states to rank for whoever wants to go on, as a multiple of `budget`; 0 without it. */
  readonly spare?: number | undefined;
  /** Share of the questions that come a second time, unannounced; 0 without it. */
  readonly repeats?: number | undefined;
}

/** A round before its answers: what was trained, how good it is, what it drove, what is asked. */
export interface RoundStart {
  readonly plan: TrainingPlan;
  /** Trained on the log up to and including this event. */
  readonly basis: number;
  readonly seed: number;
  /** What the fit drew from; in older logs, which are without, that was `seed`. */
  readonly learningSeed?: number | undefined;
  /** Pairs of state and action in the data set. */
  readonly pairs: number;
  /** Of these, how many are answers to queries. */
  readonly labels: number;
  readonly loss: number;
  /** Milliseconds that the fit took. */
  readonly ms: number;
  /** SHA-256 of the policy's JSON: a replay of the log must arrive at the same. */
  readonly digest: string;
  /** By which the digest was computed; "host" where that was the `Math` of some engine. */
  readonly arithmetic: string;
  /** The world's measure on each held-out seed. */
  readonly heldOut: readonly number[];
  /** The error so far over the held-out drives, at evenly spaced time steps; older logs are without. */
  readonly errors?: readonly number[] | undefined;
  /** How far it gets from each held-out start; worlds without falls and older logs are without. */
  readonly endurance?: Endurance | undefined;
  /**
   * Laps before its first fall from each validation start or, where one cannot fall, the world's measure:
   * what the best round is chosen by. Older logs are without.
   */
  readonly validation?: readonly number[] | undefined;
  /** What the learner drove, for the expert to look at and to answer for. */
  readonly episodes: readonly Episode[];
  /** Uncertainty in [0, 1] at each step of each episode, rounded to three decimals. */
  readonly uncertainty: readonly (readonly number[])[];
  /** [episode, time step] of each state asked about, in order; what comes again is a repeat. */
  readonly queries: readonly (readonly [number, number])[];
}

/** What inverse reinforcement learning made of the person's demonstrations. */
export interface InferenceRecord extends InferredReward {
  /** Of the log up to and including this event. */
  readonly basis: number;
  /** Milliseconds that it took. */
  readonly ms: number;
}

export interface Inference extends InferenceRecord {
  /** The event that brought it. */
  readonly seq: number;
}

export interface Demonstration {
  /** The event that brought it, and its name from then on. */
  readonly seq: number;
  readonly episode: Episode;
}

/** A drive of the learner's in which the expert took the wheel and gave it back. */
export interface Intervention {
  /** The event that brought it, and its name from then on. */
  readonly seq: number;
  readonly episode: Episode;
  /** Where the learner asked for it; left out where the person took over when they saw fit. */
  readonly asking?: Asking;
}

/** What the expert steered beside one of the round's drives while it was played to them. */
export interface ShadowRecord {
  /** Index of the drive. */
  readonly drive: number;
  /** Of the replay, as a share of the world's own pace. */
  readonly speed: number;
  /** Steps by which the expert's hands were behind their eyes, as measured on this very record. */
  readonly lag: number;
  /** The raw record, as it was steered. Flat, [T][width]. */
  readonly actions: readonly number[];
}

export interface Shadow extends ShadowRecord {
  /** The event that brought it, and its name from then on. */
  readonly seq: number;
}

export interface Round extends RoundStart {
  readonly seq: number;
  /** The expert's answers so far: answer i is to query i. */
  readonly answers: readonly (readonly number[])[];
  /** The event that brought each answer, so that corrections of all kinds have one order. */
  readonly answered: readonly number[];
  readonly interventions: readonly Intervention[];
  readonly shadows: readonly Shadow[];
}

/** What the owner wrote down. */
export interface Note {
  /** The event that brought it. */
  readonly seq: number;
  /** At which it was written. */
  readonly step: Step;
  readonly text: string;
}

/** A network that was trained elsewhere. */
export interface BroughtNetwork {
  /** The event that brought it. */
  readonly seq: number;
  /** The last event that it was trained on; 0 where it knew nothing of the lesson. */
  readonly basis: number;
  readonly network: ForeignNetwork;
}

export interface Lesson {
  /** Of the last event; 0 before the first. */
  readonly seq: number;
  readonly world: string;
  /** Key in the world's tastes of the one that the expert was dealt; null where they play their own. */
  readonly taste: string | null;
  /** What somebody else has planned for it, where somebody has. */
  readonly plan?: LessonPlan | undefined;
  /** Whether it was the task of somebody who has finished it: then nothing comes to it any more. */
  readonly isFinished?: true | undefined;
  /** The networks from elsewhere that have come, in order; none where there is no list. */
  readonly networks?: readonly BroughtNetwork[] | undefined;
  readonly demonstrations: readonly Demonstration[];
  readonly rounds: readonly Round[];
  readonly inference: Inference | null;
  readonly notes: readonly Note[];
}

export const emptyLesson: Lesson = {
  seq: 0,
  world: "",
  taste: null,
  demonstrations: [],
  rounds: [],
  inference: null,
  notes: [],
};

/**
 * What a fit of this kind draws from in this lesson: what its first did. So a learner differs from the
 * one before it by what it was taught, and not by its luck.
 * @param seed of a round that would be the first of its kind
 */
export function learningSeedOf({ rounds }: Lesson, policy: string, seed: number): number {
  const first = rounds.find(({ plan }) => plan.policy === policy);
  return first ? (first.learningSeed ?? first.seed) : seed;
}

/** Steps of all demonstrations. */
export function stepsShown({ demonstrations }: Pick<Lesson, "demonstrations">): number {
  return demonstrations.reduce((sum, { episode }) => sum + episode.controllers.length, 0);
}

/** Whether the last round's learner was of this kind, and learned from all that there is and from nothing else. */
export function hasLearned(lesson: Lesson, policy: string): boolean {
  const { demonstrations, rounds } = lesson;
  const last = rounds.at(-1);
  if (last?.plan.policy !== policy) return false;
  if (policy === imported.name && networkOf(lesson)!.seq > last.basis) return false;
  // Corrections are to the last round: those of the rounds before it stay.
  if (last.answers.length + last.interventions.length + last.shadows.length > 0) return false;
  const isOfThese = stepsShown(lesson) === last.pairs - last.labels;
  return isOfThese && demonstrations.every(({ seq }) => seq <= last.basis);
}

/** The network that had come last by event `basis`; null where none had. */
export function networkOf({ networks, seq }: Lesson, basis = seq): BroughtNetwork | null {
  return networks?.findLast((network) => network.seq <= basis) ?? null;
}

/** About how many pairs of state and action there are to learn from: no fewer than will be. */
export function nPairs({ demonstrations, rounds }: Lesson): number {
  const steps = (sum: number, { episode }: { readonly episode: Episode }) =>
    sum + episode.controllers.length;
  return rounds.reduce(
    (sum, { answers, interventions, shadows }) =>
      interventions.reduce(steps, sum) +
      answers.length +
      shadows.reduce((all, { actions }) => all + actions.length, 0),
    demonstrations.reduce(steps, 0),
  );
}

/** The lesson with its last round changed. */
export function changeLastRound(
  lesson: Lesson,
  lists: Lists,
  change: (round: Round) => Partial<Round>,
): Lesson {
  const last = lesson.rounds.at(-1)!;
  return { ...lesson, rounds: lists.replaceLast(lesson.rounds, { ...last, ...change(last) }) };
}
