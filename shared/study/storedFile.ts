import * as z from "zod";
import { endings, type ProtocolFile } from "./protocolFile.ts";

/**
 * The fields of a study's file as they are read again from its log: their types and what is left out, and none of the
 * bounds that a file has to keep today. A field that is renamed is to be read here under its old name as well.
 */

const texts = z.array(z.string()).readonly();
const changes = z.record(z.string(), z.unknown());

const question = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("choice"),
    id: z.string(),
    text: z.string(),
    options: texts,
    required: z.boolean().default(true),
  }),
  z.object({
    kind: z.literal("scale"),
    id: z.string(),
    text: z.string(),
    ends: z.tuple([z.string(), z.string()]).readonly(),
    points: z.int().default(7),
    required: z.boolean().default(true),
  }),
  z.object({
    kind: z.literal("text"),
    id: z.string(),
    text: z.string(),
    longest: z.int().default(500),
    required: z.boolean().default(false),
  }),
]);

const ending = z.object({
  text: texts.optional(),
  code: z.string().optional(),
  redirect: z.string().optional(),
});

export const storedFile = z.object({
  title: z.string(),
  language: z.string().default("en"),
  direction: z.literal(["ltr", "rtl"]).default("ltr"),
  words: z.record(z.string(), z.string()).default({}),
  consent: z.object({ version: z.string(), text: texts }),
  instructions: z
    .array(z.object({ title: z.string().optional(), text: texts }))
    .readonly()
    .default([]),
  check: z
    .object({
      tries: z.int().default(2),
      questions: z
        .array(z.object({ text: z.string(), options: texts, correct: z.int() }))
        .readonly(),
    })
    .optional(),
  plan: z.object({ levels: z.array(changes).readonly() }),
  orders: z
    .union([
      z.literal(["as-written", "counterbalanced"]),
      z.array(z.array(z.int()).readonly()).readonly(),
    ])
    .default("as-written"),
  conditions: z
    .array(
      z.object({
        name: z.string(),
        weight: z.number().default(1),
        levels: z.union([changes, z.array(changes)]).optional(),
      }),
    )
    .readonly()
    .default([{ name: "all", weight: 1 }]),
  questions: z.array(question).readonly().default([]),
  endings: z
    .object(Object.fromEntries(endings.map((name) => [name, ending.optional()])))
    .default({}),
  participants: z.int(),
  minutes: z.number().default(60),
  opens: z.string().optional(),
  closes: z.string().optional(),
  names: z
    .object({
      participant: z.string().default("PROLIFIC_PID"),
      study: z.string().default("STUDY_ID"),
      session: z.string().default("SESSION_ID"),
    })
    .prefault({}),
}) as unknown as z.ZodType<ProtocolFile>;
