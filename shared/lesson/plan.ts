import * as z from "zod";
import { policyKinds } from "../policies/index.ts";
import { lessonQueries } from "../queries/index.ts";
import { worlds } from "../worlds/index.ts";
import { canAsk, mayAsk } from "./asking.ts";
import { mostDrives } from "./episodes.ts";
import type { TrainingPlan } from "./lesson.ts";
import { firstOpenSeed } from "./protocol.ts";
import { hasTaste, taste } from "./tastes.ts";

/**
 * What is to be done in a lesson that somebody else has planned, and what may be done beside it. It is part of
 * the lesson's first event, so that whoever decides about a request knows it, and so does every page.
 */

/** The ways of correcting a learner, by the names that people choose them by. */
export const ways = ["time-stop", "takeover", "when-asked", "shadow"] as const;
export type WayName = (typeof ways)[number];

/** What a plan may leave to the person, beside what it asks of them. */
export const tools = ["undo", "delete", "reward", "race", "notes"] as const;
export type Tool = (typeof tools)[number];

/** Rounds of correcting that a plan may ask for. */
const mostRounds = 50;

export interface LessonPlan {
  readonly demonstrations: {
    /** How many there are to be before the learner is trained, and how many there may be. */
    readonly least: number;
    readonly most: number;
    /** Of the first, second, … demonstration; null where each is on a fresh one. */
    readonly seeds: readonly number[] | null;
  };
  /** How every learner is trained, and what it asks; null where none is. */
  readonly learner: TrainingPlan | null;
  /** How often the learner is corrected and trained again. */
  readonly rounds: number;
  /** What each round takes: answers, takeovers and shadows count alike. */
  readonly corrections: {
    readonly ways: readonly WayName[];
    readonly least: number;
    readonly most: number;
  };
  readonly tools: readonly Tool[];
  /** False where the person is not told how well the learner does: no number, no guess of one, no curve. */
  readonly numbers?: false | undefined;
}

const seed = z.int().min(firstOpenSeed).max(0xffffffff);

const demonstrations = z.strictObject({
  least: z.int().min(1).max(20).default(1),
  most: z.int().min(1).max(20).default(1),
  /** "participant": fresh ones that are the same whenever the same person comes, and known beforehand. */
  seeds: z
    .union([z.literal(["fresh", "participant"]), z.array(seed).min(1).max(20).readonly()])
    .default("fresh"),
});

const learner = z.strictObject({
  policy: z.enum(Object.keys(policyKinds)),
  query: z.enum(Object.keys(lessonQueries)),
  budget: z.int().min(1).max(200),
  drives: z.int().min(1).max(10),
  spare: z.int().min(0).max(4).default(0),
  repeats: z.number().min(0).max(0.2).default(0),
});

const corrections = z.strictObject({
  ways: z.array(z.enum(ways)).min(1).max(ways.length).readonly(),
  least: z.int().min(1).max(200).default(1),
  most: z.int().min(1).max(mostDrives).default(mostDrives),
});

const words = z.string().trim().min(1).max(4000);
/** Paragraphs, shown as text. */
export const paragraphs = z.array(words).min(1).max(40).readonly();

/** One lesson of a plan, as a file has it. */
export const plannedLevel = z
  .strictObject({
    world: z.enum(Object.keys(worlds)),
    taste: taste.nullable().default(null),
    title: z.string().trim().min(1).max(200).optional(),
    instructions: paragraphs.optional(),
    demonstrations: demonstrations.prefault({}),
    learner: learner.nullable(),
    rounds: z.int().min(0).max(mostRounds).default(0),
    corrections: corrections.optional(),
    tools: z.array(z.enum(tools)).max(tools.length).readonly().default([]),
    /** Whether the person is told how well the learner does. */
    numbers: z.boolean().default(true),
    /** Whether it may be left before it is done. */
    skippable: z.boolean().default(false),
  })
  .superRefine((level, context) => {
    for (const [path, message] of problemsOf(level))
      context.addIssue({ code: "custom", path: [...path], message });
  });
export type PlannedLevel = z.output<typeof plannedLevel>;

/** The lessons of a plan, in their order. */
export const plan = z.strictObject({ levels: z.array(plannedLevel).min(1).max(12).readonly() });
export type Plan = z.output<typeof plan>;

type LevelFields = Omit<PlannedLevel, "title" | "instructions" | "skippable">;
type Problem = readonly [path: readonly string[], message: string];

/** What no schema of a single field can know. */
function* problemsOf({
  world,
  taste,
  demonstrations,
  learner,
  rounds,
  corrections,
}: LevelFields): Generator<Problem> {
  const level = worlds[world]!;
  if (taste !== null && !hasTaste(world, taste)) yield [["taste"], `${world} has no such taste`];
  const { least, most, seeds } = demonstrations;
  if (least > most) yield [["demonstrations", "least"], `it is more than the most, ${most}`];
  if (Array.isArray(seeds) && seeds.length < most)
    yield [
      ["demonstrations", "seeds"],
      `there are ${seeds.length} for up to ${most} demonstrations`,
    ];
  if (learner && policyKinds[learner.policy]!.actions !== level.action.kind)
    yield [
      ["learner", "policy"],
      `it is for ${policyKinds[learner.policy]!.actions} actions, which ${world} does not have`,
    ];
  if (!learner && rounds > 0) yield [["rounds"], "without a learner there are none"];
  if (rounds > 0 && !corrections) yield [["corrections"], "rounds need a way to correct"];
  if (!corrections) return;
  if (corrections.least > corrections.most)
    yield [["corrections", "least"], `it is more than the most, ${corrections.most}`];
  if (corrections.ways.includes("shadow") && level.steering.pace === "waits")
    yield [["corrections", "ways"], `${world} waits for each move, so that nobody can shadow it`];
  if (corrections.ways.includes("when-asked") && !mayAsk(level))
    yield [["corrections", "ways"], `${world} waits for each move, so that nobody has to be asked`];
  else if (
    learner &&
    corrections.ways.every((way) => way === "when-asked") &&
    !canAsk(level, learner.policy)
  )
    yield [
      ["corrections", "ways"],
      `${learner.policy} may never ask in ${world}, and then nobody gets on; add another way`,
    ];
  const asked = learner ? learner.budget * (1 + learner.spare) : 0;
  if (
    corrections.ways.length === 1 &&
    corrections.ways[0] === "time-stop" &&
    corrections.least > asked
  )
    yield [["corrections", "least"], `the learner asks ${asked} questions at most`];
}

/**
 * A level's plan as the lesson's first event has it.
 * @param seedOf a seed of this participant's, for the demonstration of this number
 */
export function lessonPlan(
  { demonstrations, learner, rounds, corrections, tools, numbers }: PlannedLevel,
  seedOf: (demonstration: number) => number,
): LessonPlan {
  const { least, most, seeds } = demonstrations;
  return {
    demonstrations: {
      least,
      most,
      seeds:
        seeds === "participant"
          ? Array.from({ length: most }, (_, i) => seedOf(i))
          : seeds === "fresh"
            ? null
            : seeds,
    },
    learner,
    rounds,
    corrections: corrections ?? { ways: [], least: 0, most: 0 },
    tools,
    ...(numbers ? {} : { numbers }),
  };
}

/** As it is stored, whatever a file may say today: what there was room for, or a policy that there was, may be gone. */
const storedLearner = z.object({
  policy: z.string(),
  query: z.string(),
  budget: z.int(),
  drives: z.int(),
  spare: z.int().default(0),
  repeats: z.number().default(0),
});

const storedTools = z.array(z.string()).readonly();

/** A plan as it is stored. */
export const storedPlan = z.object({
  demonstrations: z.object({
    least: z.int(),
    most: z.int(),
    seeds: z.array(z.int()).readonly().nullable(),
  }),
  learner: storedLearner.nullable(),
  rounds: z.int(),
  corrections: z.object({ ways: storedTools, least: z.int(), most: z.int() }),
  tools: storedTools,
  numbers: z.literal(false).optional(),
}) as unknown as z.ZodType<LessonPlan, LessonPlan>;

/** One lesson of a plan as a file had it that was right in its time. */
export const storedLevel = z.object({
  world: z.string(),
  taste: z.string().nullable().default(null),
  title: z.string().optional(),
  instructions: z.array(z.string()).readonly().optional(),
  demonstrations: z
    .object({
      least: z.int().default(1),
      most: z.int().default(1),
      seeds: z
        .union([z.literal(["fresh", "participant"]), z.array(z.int()).readonly()])
        .default("fresh"),
    })
    .prefault({}),
  learner: storedLearner.nullable(),
  rounds: z.int().default(0),
  corrections: z
    .object({
      ways: storedTools,
      least: z.int().default(1),
      most: z.int().default(mostDrives),
    })
    .optional(),
  tools: storedTools.default([]),
  numbers: z.boolean().default(true),
  skippable: z.boolean().default(false),
}) as unknown as z.ZodType<PlannedLevel>;
