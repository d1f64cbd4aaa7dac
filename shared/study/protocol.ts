import * as z from "zod";
import {
  type LessonPlan,
  lessonPlan,
  type PlannedLevel,
  paragraphs,
  plan,
  plannedLevel,
} from "../lesson/plan.ts";
import { counterbalanced } from "./orders.ts";
import { defaultWords, type StudyWords } from "./words.ts";

/** A study is one file: who may take part, what they are told and asked, and what each does in which condition. */

/** Most problems of a file that are told at a time. */
const mostProblems = 10;
/** Characters in a file. */
export const longestProtocol = 200_000;
/** Cells of conditions and orders among which participants are shared out. */
const mostCells = 200;

/** Name of a study: that of its file, and part of its address. */
export const studyName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "small letters, digits and -");

const line = z.string().trim().min(1).max(500);
const id = z.string().regex(/^[A-Za-z][\w-]{0,39}$/, "a letter, then letters, digits, _ and -");
const date = z.iso.datetime({ offset: true });

const redirect = z
  .string()
  .max(500)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    "no address as in https://…",
  );

/** What is said where a participant's way ends, the code for the panel, and where they go from there. */
const ending = z.strictObject({
  text: paragraphs.optional(),
  code: z
    .string()
    .regex(/^[\w-]{1,40}$/, "letters, digits, _ and -")
    .optional(),
  redirect: redirect.optional(),
});

export const endings = [
  "completed",
  "declined",
  "screened",
  "timed-out",
  "full",
  "closed",
] as const;
export type Ending = (typeof endings)[number];

const checkQuestion = z.strictObject({
  text: line,
  options: z.array(line).min(2).max(10).readonly(),
  /** Index of the right option, 0 for the first. */
  correct: z.int().min(0),
});

const question = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("choice"),
    id,
    text: line,
    options: z.array(line).min(2).max(30).readonly(),
    required: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal("scale"),
    id,
    text: line,
    /** What the first and the last of the numbers mean. */
    ends: z.tuple([line, line]).readonly(),
    /** The last number; the first is 1. */
    points: z.int().min(2).max(11).default(7),
    required: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal("text"),
    id,
    text: line,
    /** Characters. */
    longest: z.int().min(1).max(4000).default(500),
    required: z.boolean().default(false),
  }),
]);
export type Question = z.output<typeof question>;

/** What differs from the plan's levels: in all of them, or level by level. */
const condition = z.strictObject({
  name: id,
  weight: z.number().positive().max(1000).default(1),
  levels: z
    .union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown()))])
    .optional(),
});

const words = z.strictObject(
  Object.fromEntries(Object.keys(defaultWords).map((name) => [name, line.optional()])),
);

const file = z.strictObject({
  title: line,
  /** BCP 47, as in "en" or "ar". */
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language as in "en" or "pt-BR"')
    .default("en"),
  direction: z.literal(["ltr", "rtl"]).default("ltr"),
  /** What buttons and headings say, in that language. */
  words: words.default({}),
  consent: z.strictObject({ version: z.string().trim().min(1).max(40), text: paragraphs }),
  instructions: z
    .array(z.strictObject({ title: line.optional(), text: paragraphs }))
    .max(20)
    .readonly()
    .default([]),
  check: z
    .strictObject({
      tries: z.int().min(1).max(10).default(2),
      questions: z.array(checkQuestion).min(1).max(20).readonly(),
    })
    .optional(),
  plan: z.strictObject({
    levels: z.array(z.record(z.string(), z.unknown())).min(1).max(12).readonly(),
  }),
  orders: z
    .union([
      z.literal(["as-written", "counterbalanced"]),
      z
        .array(z.array(z.int().min(0)).readonly())
        .min(1)
        .max(24)
        .readonly(),
    ])
    .default("as-written"),
  conditions: z
    .array(condition)
    .min(1)
    .max(20)
    .readonly()
    .default([{ name: "all", weight: 1 }]),
  questions: z.array(question).max(60).readonly().default([]),
  endings: z
    .strictObject(Object.fromEntries(endings.map((name) => [name, ending.optional()])))
    .default({}),
  /** Most people who take part, without those who left. */
  participants: z.int().min(1).max(20_000),
  /** Minutes from consent after which a participant's time is over. */
  minutes: z.int().min(1).max(1440).default(60),
  opens: date.optional(),
  closes: date.optional(),
  /** What the panel calls its parameters in the address. */
  names: z
    .strictObject({
      participant: id.default("PROLIFIC_PID"),
      study: id.default("STUDY_ID"),
      session: id.default("SESSION_ID"),
    })
    .prefault({}),
});

export interface Condition {
  readonly name: string;
  readonly weight: number;
  /** What a participant in it does, in the order of the file. */
  readonly levels: readonly PlannedLevel[];
}

export interface Protocol
  extends Omit<z.output<typeof file>, "plan" | "orders" | "conditions" | "words" | "endings"> {
  readonly conditions: readonly Condition[];
  /** Each lists the indices of the levels as they come. */
  readonly orders: readonly (readonly number[])[];
  readonly words: StudyWords;
  readonly endings: Readonly<Partial<Record<Ending, z.output<typeof ending>>>>;
}

/** Why a file is no protocol: up to ten sentences, each with its place. */
export class BadProtocol extends Error {
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(complaints.join("\n"));
    this.complaints = complaints.slice(0, mostProblems);
  }
}

/** The protocol in the text of a file. @throws BadProtocol */
export function readProtocol(text: string): Protocol {
  if (text.length > longestProtocol)
    throw new BadProtocol([`The file is longer than ${longestProtocol} characters.`]);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BadProtocol([`The file is not JSON: ${(error as Error).message}.`]);
  }
  const parsed = file.safeParse(json);
  if (!parsed.success)
    throw new BadProtocol(parsed.error.issues.flatMap((issue) => said(issue, [])));
  return resolved(parsed.data);
}

function resolved(read: z.output<typeof file>): Protocol {
  const complaints: string[] = [];
  const base = plan.safeParse(read.plan);
  if (!base.success)
    complaints.push(...base.error.issues.flatMap((issue) => said(issue, ["plan"])));
  const n = read.plan.levels.length;
  const conditions = base.success
    ? read.conditions.map((one, i) => {
        const where = ["conditions", i, "levels"];
        if (Array.isArray(one.levels) && one.levels.length !== n)
          complaints.push(`${placeOf(where)}: there are ${one.levels.length} for ${n} levels.`);
        const levels = read.plan.levels.flatMap((level, k) => {
          const changes = Array.isArray(one.levels) ? one.levels[k] : one.levels;
          const found = plannedLevel.safeParse({ ...level, ...changes });
          if (found.success) return [found.data];
          complaints.push(...found.error.issues.flatMap((issue) => said(issue, [...where, k])));
          return [];
        });
        return { name: one.name, weight: one.weight, levels };
      })
    : [];
  const orders =
    read.orders === "as-written"
      ? [Array.from({ length: n }, (_, i) => i)]
      : read.orders === "counterbalanced"
        ? counterbalanced(n)
        : read.orders;
  complaints.push(...problemsOf(read, orders));
  if (complaints.length > 0) throw new BadProtocol(complaints);
  const { plan: _, ...rest } = read;
  return {
    ...rest,
    conditions,
    orders,
    words: { ...defaultWords, ...(read.words as Partial<StudyWords>) },
    endings: read.endings,
  };
}

/** What no field can know by itself. */
function* problemsOf(
  { conditions, questions, check, orders: said, opens, closes, plan }: z.output<typeof file>,
  orders: readonly (readonly number[])[],
): Generator<string> {
  yield* doubles(
    conditions.map(({ name }) => name),
    (i) => ["conditions", i, "name"],
  );
  yield* doubles(
    questions.map(({ id }) => id),
    (i) => ["questions", i, "id"],
  );
  for (const [i, { correct, options }] of (check?.questions ?? []).entries())
    if (correct >= options.length)
      yield `${placeOf(["check", "questions", i, "correct"])}: there are ${options.length} options, and the first is 0.`;
  const n = plan.levels.length;
  if (Array.isArray(said))
    for (const [i, order] of orders.entries())
      if ([...order].sort((a, b) => a - b).join() !== Array.from({ length: n }, (_, k) => k).join())
        yield `${placeOf(["orders", i])}: an order has each of the ${n} levels once, and the first is 0.`;
  if (conditions.length * orders.length > mostCells)
    yield `conditions: with ${orders.length} orders there are more than ${mostCells} cells.`;
  if (opens && closes && Date.parse(opens) >= Date.parse(closes))
    yield "closes: it is not after opens.";
}

function* doubles(
  names: readonly string[],
  where: (i: number) => readonly (string | number)[],
): Generator<string> {
  for (const [i, name] of names.entries())
    if (names.indexOf(name) < i) yield `${placeOf(where(i))}: "${name}" is there already.`;
}

/** As in `plan.levels[0].rounds`. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("");
  return place.replace(/^\./, "") || "file";
}

/** A problem with its place, in a sentence; unions are told by the alternative that came closest. */
function said(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): string[] {
  const path = [...before, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `${placeOf([...path, key])}: there is no such field.`);
  const message = issue.message.length <= 200 ? issue.message : `${issue.message.slice(0, 200)} …`;
  return [`${placeOf(path)}: ${message.replace(/\.$/, "")}.`];
}

/** The plan that a participant's lesson gets. */
export function planOf(
  protocol: Protocol,
  { condition, order, task }: { condition: number; order: number; task: number },
  seedOf: (demonstration: number) => number,
): { readonly level: PlannedLevel; readonly plan: LessonPlan } {
  const level = protocol.conditions[condition]!.levels[protocol.orders[order]![task]!]!;
  return { level, plan: lessonPlan(level, seedOf) };
}
