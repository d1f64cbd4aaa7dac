import type { RoundStep } from "../../../shared/imitation/round.ts";
import source from "../../../shared/imitation/round.ts?raw";

/** The file whose lines are shown. */
export const file = "shared/imitation/round.ts";
/** A call of a step, with its number and words in the comment. */
const stepLine = /steps\.(\w+)\(.*\/\/ +(\d)\. (.*)$/;

/** A part of the file. */
export interface Excerpt {
  /** Number in the file of the first line, from 1. */
  readonly start: number;
  readonly lines: readonly string[];
}

/** A step of the round as the file has it. */
export interface ListedStep {
  /** Number in the file of the line that calls it, from 1. */
  readonly line: number;
  /** From the line's comment, from 1. */
  readonly number: number;
  readonly words: string;
}

export const loop = excerpt("export function* rounds");
/** The steps that are functions of the same file. */
export const parts = ["fit", "rollOut", "choose", "ask"].map((name) =>
  excerpt(`export function ${name}(`),
);

/** The steps that the loop calls, by name. */
export const listedSteps: ReadonlyMap<string, ListedStep> = new Map(
  loop.lines.flatMap((text, i) => {
    const [, name, number, words] = text.match(stepLine) ?? [];
    return name && number && words
      ? [[name, { line: loop.start + i, number: Number(number), words }] as const]
      : [];
  }),
);

/** Where the file has `step`; null for what is no step of the round. */
export function lookUp(step: RoundStep | null): ListedStep | null {
  return step && (listedSteps.get(step) ?? null);
}

/** The lines of the file from the one that begins with `opening` to its closing brace. */
function excerpt(opening: string): Excerpt {
  const lines = source.split("\n");
  const first = lines.findIndex((line) => line.startsWith(opening));
  const last = lines.indexOf("}", first);
  return { start: first + 1, lines: lines.slice(first, last + 1) };
}
