import type { Level } from "../../../shared/worlds/level.ts";
import { besideTruth } from "../guess.tsx";
import type { Told } from "../headline.ts";

/** A guess that one can make: from `from` up to the next one's. */
interface Range {
  readonly from: number;
  /** What stands for all of it where a number is wanted. */
  readonly typical: number;
  readonly words: string;
}

const laps: readonly Range[] = [
  { from: Number.NEGATIVE_INFINITY, typical: 0.3, words: "Less than half a lap" },
  { from: 0.5, typical: 1, words: "About one lap" },
  { from: 1.5, typical: 3, words: "Two to four laps" },
  { from: 4.5, typical: 6, words: "Five laps or more" },
];
const shares: readonly Range[] = [
  { from: Number.NEGATIVE_INFINITY, typical: 0.1, words: "Almost none" },
  { from: 0.2, typical: 0.35, words: "Less than half" },
  { from: 0.5, typical: 0.7, words: "More than half" },
  { from: 0.9, typical: 0.95, words: "Almost all" },
];

/** What is asked before a round is shown, and what one can guess; null where there is nothing to guess. */
export function questionFor({ measure }: Level, hasLaps: boolean) {
  if (hasLaps) return { words: "How far will it get before its first crash?", choices: laps };
  if (measure.scale === "share")
    return { words: `How many of its tries will end ${measure.after}?`, choices: shares };
  return null;
}

/** What was guessed beside what came, in a sentence. */
export function sayGuess(choices: readonly Range[], guess: number, { value, words }: Told): string {
  const right = choices.findLastIndex(({ from }) => value >= from);
  return besideTruth(choices[guess]!.words, guess === right ? null : `It was ${words}.`);
}
