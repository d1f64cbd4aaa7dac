import * as z from "zod";
import { plural } from "../plural.ts";

/** Flags that are wrong; the message is a sentence for the person who typed them. */
export class BadFlags extends Error {}

/** The command line, as `parseArgs` of node:util splits it with {@link optionsOf}. */
export interface ParsedArguments {
  /** Arguments that are not flags. */
  readonly positionals: readonly string[];
  /** The values of each flag, one for each time it was given: a text, or true for a flag without one. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A schema for each flag, by name; its description is the flag's help. */
export type Flags = Readonly<Record<string, z.ZodType>>;

export const whole = (least: number, most: number) =>
  inRange(z.int(), `a whole number from ${least} to ${most}`, least, most);

export const number = (least: number, most: number) =>
  inRange(
    z.number(),
    `a number from ${least} to ${Number.isInteger(most) ? most : most.toFixed(2)}`,
    least,
    most,
  );

export const choice = (of: object) => z.enum(Object.keys(of), list(Object.keys(of)));

export const file = z.string("the name of a file").regex(/^(?!--)./, "the name of a file");

/** A flag that takes no value. */
export const switchFlag = z.literal(true, "no value").optional();

function inRange(kind: z.ZodNumber, complaint: string, least: number, most: number) {
  return z
    .string(complaint)
    .transform((text) => (text.trim() === "" ? Number.NaN : Number(text)))
    .refine((value) => kind.min(least).max(most).safeParse(value).success, complaint);
}

/** The options of `parseArgs` for these flags. */
export function optionsOf(flags: Flags) {
  return Object.fromEntries(
    Object.entries(flags).map(([name, schema]) => {
      const takesNothing = schema.safeParse(true).success;
      return [name, { type: takesNothing ? "boolean" : "string", multiple: true }] as const;
    }),
  );
}

/**
 * The values of a task's flags.
 * @throws BadFlags
 */
export function valuesOf<F extends Flags>(flags: F, { positionals, values }: ParsedArguments) {
  const strangers = Object.keys(values).filter((name) => !Object.hasOwn(flags, name));
  const [stranger] = [...strangers.map((name) => `--${name}`), ...positionals];
  if (stranger !== undefined) {
    const names = Object.keys(flags).map((name) => `--${name}`);
    throw new BadFlags(
      `There is no flag "${stranger}": there ${plural(names.length, "is", "are")} ${list(names, "and")}.`,
    );
  }
  const given: Record<string, unknown> = {};
  for (const [name, [value, ...more]] of Object.entries(values as Record<string, unknown[]>)) {
    if (more.length > 0) throw new BadFlags(`--${name} is given twice.`);
    given[name] = value;
  }
  const parsed = z.object(flags).safeParse(given);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const name = String(path[0]);
  const isWrong = typeof given[name] === "string" && message !== "no value";
  throw new BadFlags(`--${name} takes ${message}${isWrong ? `, not "${given[name]}"` : ""}.`);
}

/** A line of help for each flag. */
export function helpLines(flags: Flags): string[] {
  const width = Math.max(...Object.keys(flags).map((name) => name.length));
  return Object.entries(flags).map(
    ([name, { description }]) => `  --${name.padEnd(width)}  ${description}`,
  );
}

export function list(words: readonly string[], last = "or"): string {
  return words.length < 2
    ? words.join()
    : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
