import { type GuessRange, isRight } from "../../../shared/lesson/guess.ts";
import { besideTruth } from "../guess.tsx";
import type { Told } from "../headline.ts";

/** What was guessed beside what came, in a sentence. */
export function sayGuess(guess: GuessRange, { value, words }: Pick<Told, "value" | "words">) {
  return besideTruth(guess.words, isRight(guess, value) ? null : `It was ${words}.`);
}
