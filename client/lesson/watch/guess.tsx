import type { Level } from "../../../shared/worlds/level.ts";
import { besideTruth } from "../guess.tsx";
import type { Told } from "../headline.ts";

/** A guess that one can make: from `from` up to the next one's. */
interface Range {
  readonly from: number;
  readonly words: string;
}

const laps: readonly Range[] = [
  { from: Number.NEGATIVE_INFINITY, words: "Less than half a lap" },
  { from: 0.5, words: "About one lap" },
  { from: 1.5, words: "Two to four laps" },
  { from: 4.5, words: "Five laps or more" },
];
const shares: readonly Range[] = [
  { from: Number.NEGATIVE_INFINITY, words: "Almost none" },
  { from: 0.2, words: "Less than half" },
  { from: 0.5, words: "More than half" },
  { from: 0.9, words: "Almost all" },
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
