import * as z from "zod";
import { mostSteps } from "../../imitation/endurance.ts";
import { imported } from "../../policies/imported.ts";
import { learners, policyKinds } from "../../policies/index.ts";
import { lessonQueries } from "../../queries/index.ts";
import { worlds } from "../../worlds/index.ts";
import { storedEpisode } from "../episodes.ts";
import { index, key, lists, numbers, seq } from "../fields.ts";
import {
  hasLearned,
  type Lesson,
  networkOf,
  nPairs,
  type RoundStart,
  type TrainingPlan,
} from "../lesson.ts";
import { firstOpenSeed } from "../protocol.ts";
import { type Refusal, refusal } from "../refusal.ts";
import type { WorkKind } from "./event.ts";

/** The learner was trained: the beginning of a round. */
export interface Trained extends RoundStart {
  readonly type: "trained";
  readonly v: 2;
}

/** The arithmetic of before there was one of our own: the `Math` of whatever engine computed. */
const hosts = "host";

/** Rounds in a lesson: each further event has to look at all of them. */
const mostRounds = 1000;
/** Numbers in the observations that a learner is trained on: 160 MB. */
const mostNumbers = 2e7;

const schema = z.strictObject({
  key,
  plan: z.strictObject({
    policy: z.enum(Object.keys(learners)),
    query: z.enum(Object.keys(lessonQueries)),
    budget: z.int().min(1).max(1000),
    drives: z.int().min(1).max(10),
    spare: z.int().min(0).max(4).optional(),
    repeats: z.number().min(0).max(0.2).optional(),
  }),
});

const storedPlan: z.ZodType<TrainingPlan, TrainingPlan> = z.object({
  policy: z.string(),
  query: z.string(),
  budget: z.int(),
  drives: z.int(),
  spare: z.int().optional(),
  repeats: z.number().optional(),
});

/** [episode, time step] of each question. */
const queries = lists.refine(
  (pairs) => pairs.every((pair) => pair.length === 2),
  "not a list of pairs",
) as unknown as z.ZodType<RoundStart["queries"], RoundStart["queries"]>;

/** A number for each of some starts, of which there are no more than seeds that are held out. */
const starts = numbers.refine(({ length }) => length > 0 && length <= firstOpenSeed);

const endurance = z
  .object({ steps: starts, laps: starts })
  .refine(({ steps, laps }) => steps.length === laps.length, "not a way for each drive")
  .refine(({ steps }) => steps.every((n) => n >= 0 && n <= mostSteps), "not steps of a drive");

const first = z.object({
  type: z.literal("trained"),
  plan: storedPlan,
  basis: seq,
  seed: z.int(),
  learningSeed: z.int().optional(),
  pairs: index,
  labels: index,
  loss: z.number(),
  ms: z.number(),
  digest: z.string(),
  heldOut: numbers,
  errors: numbers.optional(),
  endurance: endurance.optional(),
  validation: starts.optional(),
  episodes: z.array(storedEpisode),
  uncertainty: lists,
  queries,
});

export const trained: WorkKind<Trained, "train", typeof schema, RoundStart> = {
  request: { name: "train", schema },

  stored: first.extend({ v: z.literal(2), arithmetic: z.string() }),

  earlier: [
    {
      fits: ({ v }) => v === undefined,
      upcast: (json) => ({ ...first.parse(json), v: 2, arithmetic: hosts }),
    },
  ],

  refuse: (lesson, { plan }) =>
    refuseTraining(lesson, plan) ??
    (hasLearned(lesson, plan.policy)
      ? refusal(
          "nothing-new",
          "There is nothing new to learn from: show or correct something first.",
        )
      : null),

  decide: (_lesson, _request, round) => ({ type: "trained", v: 2, ...round }),

  apply(lesson, { type: _, v: __, at: ___, ...round }, lists) {
    const corrections = { answers: [], answered: [], interventions: [], shadows: [] };
    return { ...lesson, rounds: lists.append(lesson.rounds, { ...round, ...corrections }) };
  },
};

/** Why no lesson like this can have had such a training; null where it can. Some of before learned nothing new. */
export function refuseTraining(lesson: Lesson, plan: TrainingPlan): Refusal | null {
  const isImported = plan.policy === imported.name;
  if (isImported && !networkOf(lesson))
    return refusal("bad-plan", "No network has come from elsewhere; choose another learner.");
  if (!isImported && lesson.demonstrations.length === 0)
    return refusal("no-demonstrations", "Demonstrate at least once first.");
  if (lesson.rounds.length >= mostRounds)
    return refusal("full", `A lesson has at most ${mostRounds} rounds; start another lesson.`);
  if (nPairs(lesson) * worlds[lesson.world]!.observationSize > mostNumbers)
    return refusal(
      "full",
      "This lesson has more data than a learner can use; start another lesson.",
    );
  const needs = policyKinds[plan.policy]?.actions;
  return needs === undefined || needs === worlds[lesson.world]!.action.kind
    ? null
    : refusal(
        "bad-plan",
        `${plan.policy} is for ${needs} actions, which ${lesson.world} does not have.`,
      );
}
