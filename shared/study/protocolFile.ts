import * as z from "zod";
import { paragraphs } from "../lesson/plan.ts";
import { defaultWords } from "./words.ts";

/** The fields of a study's file; what they mean is in docs/studies.md. */

/** Tasks that a participant has at most. */
export const mostTasks = 12;

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

export const protocolFile = z.strictObject({
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
    levels: z.array(z.record(z.string(), z.unknown())).min(1).max(mostTasks).readonly(),
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
export type ProtocolFile = z.output<typeof protocolFile>;
export type EndingWords = z.output<typeof ending>;
