import * as z from "zod";
import { recall, remember } from "../browser/local-storage.ts";

const guessesKey = (lesson: string) => `dagger-dojo.guesses.${lesson}`;

/** What a guess is about: a round, by the event that brought it or before there was any, or the reward. */
type Subject = number | "clone" | "corrected" | "reward";

/** By what it is about: the choice that was guessed, or null where nobody guessed. */
const guesses = z.record(z.string(), z.int().min(0).max(9).nullable());
type Guesses = z.infer<typeof guesses>;

/** Those of this page, for browsers that keep nothing. */
const made = new Map<string, Guesses>();

function guessesIn(lesson: string): Guesses {
  const here = made.get(lesson);
  if (here) return here;
  try {
    return guesses.parse(JSON.parse(recall(guessesKey(lesson)) ?? "{}"));
  } catch {
    return {};
  }
}

/** What was guessed in this browser: null where one went on without, undefined where nobody has seen it yet. */
export function guessOf(lesson: string, about: Subject): number | null | undefined {
  return guessesIn(lesson)[about];
}

export function keepGuess(lesson: string, about: Subject, choice: number | null): void {
  const all = { ...guessesIn(lesson), [about]: choice };
  made.set(lesson, all);
  remember(guessesKey(lesson), JSON.stringify(all));
}
