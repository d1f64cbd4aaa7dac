import * as z from "zod";
import {
  type LessonPlan,
  lessonPlan,
  type PlannedLevel,
  plan,
  plannedLevel,
  storedLevel,
} from "../lesson/plan.ts";
import { counterbalanced } from "./orders.ts";
import { type Ending, type EndingWords, type ProtocolFile, protocolFile } from "./protocolFile.ts";
import { storedFile } from "./storedFile.ts";
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

export interface Condition {
  readonly name: string;
  readonly weight: number;
  /** What a participant in it does, in the order of the file. */
  readonly levels: readonly PlannedLevel[];
}

export interface Protocol
  extends Omit<ProtocolFile, "plan" | "orders" | "conditions" | "words" | "endings"> {
  readonly conditions: readonly Condition[];
  /** Each lists the indices of the levels as they come. */
  readonly orders: readonly (readonly number[])[];
  readonly words: StudyWords;
  readonly endings: Readonly<Partial<Record<Ending, EndingWords>>>;
}

/** Why a file is no protocol: up to ten sentences, each with its place. */
export class BadProtocol extends Error {
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    const told = complaints.slice(0, mostProblems);
    super(told.join("\n"));
    this.complaints = told;
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
  const parsed = protocolFile.safeParse(json);
  if (!parsed.success)
    throw new BadProtocol(parsed.error.issues.flatMap((issue) => said(issue, [])));
  return resolved(parsed.data);
}

/**
 * The protocol in a text that was one when it was stored: whoever began with it goes on with it, and its data stay
 * readable, whatever is asked of a file today.
 * @throws Error where it cannot even be walked
 */
export function readStoredProtocol(text: string): Protocol {
  const { plan, conditions, orders, words, ...rest } = storedFile.parse(JSON.parse(text));
  return {
    ...rest,
    conditions: conditions.map(({ levels, ...condition }) => ({
      ...condition,
      levels: plan.levels.map((level, k) =>
        storedLevel.parse({ ...level, ...(Array.isArray(levels) ? levels[k] : levels) }),
      ),
    })),
    orders: ordersOf(orders, plan.levels.length),
    words: { ...defaultWords, ...(words as Partial<StudyWords>) },
  };
}

/** Each order that a file means, for so many levels. */
function ordersOf(orders: ProtocolFile["orders"], n: number): readonly (readonly number[])[] {
  if (orders === "as-written") return [Array.from({ length: n }, (_, i) => i)];
  return orders === "counterbalanced" ? counterbalanced(n) : orders;
}

function resolved(read: ProtocolFile): Protocol {
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
  const orders = ordersOf(read.orders, n);
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
  { conditions, questions, check, orders: said, opens, closes, plan }: ProtocolFile,
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
