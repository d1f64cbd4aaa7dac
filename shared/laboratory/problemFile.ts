import * as z from "zod";
import { jsonError } from "./json.ts";

/** A file with faults; each complaint is a sentence that names the place. */
export class BadFile extends Error {
  readonly complaints: readonly string[];
  constructor(complaints: readonly string[]) {
    super(complaints.join("\n"));
    this.complaints = complaints;
  }
}

/** Most complaints about one file. */
const mostComplaints = 10;

// Each message says what would be right.
const from1 = z.int("a whole number from 1").min(1, "a whole number from 1");
const index = z.int("a whole number");
export const numbersSchema = z.array(z.number("a finite number"), "a list of numbers");
export const fileSchema = z.strictObject(
  {
    nStates: from1,
    nActions: from1,
    transitions: z.array(
      z.tuple(
        [index, index, index, z.number("a finite number")],
        "[state, action, next state, probability]",
      ),
      "a list of [state, action, next state, probability]",
    ),
    features: z.array(numbersSchema, "a list of lists of numbers, one for each state"),
    start: numbersSchema.optional(),
    terminals: z.array(index, "a list of states").optional(),
    discount: z.number("a number in (0, 1]"),
    horizon: from1.optional(),
    demonstrations: z
      .array(
        z.array(
          z.tuple([index, index.optional()], "[state, action], or [state] at the end"),
          "a list of [state, action] that ends with [state]",
        ),
        "a list of demonstrations",
      )
      .optional(),
    l2: z.number("a number from 0").min(0, "a number from 0").optional(),
    outcomes: z.enum(["expected", "observed"], '"expected" or "observed"').optional(),
  },
  "an object",
);
export type ProblemFile = z.infer<typeof fileSchema>;

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadFile([jsonError(text)]);
  }
}

/** @throws BadFile where there is a complaint */
export function throwIfAny(complaints: Iterable<string>): void {
  const some: string[] = [];
  for (const complaint of complaints) {
    if (some.length === mostComplaints) {
      some.push("There is more after these.");
      break;
    }
    some.push(complaint);
  }
  if (some.length > 0) throw new BadFile(some);
}

export function complaintsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(fileSchema.shape).join(", ");
    return issue.keys.map((key) => `there is no key ${JSON.stringify(key)}: there are ${known}`);
  }
  const place = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : key)).join("");
  if (issue.input === undefined) return [`${place} is missing`];
  return [`${place || "the file"} is ${shown(issue.input)}, not ${issue.message}`];
}

function shown(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
