import type { Level } from "../worlds/level.ts";

/** A guess that one can make of how well a learner does. Ranges touch; where two meet, both are right. */
export interface GuessRange {
  readonly from: number;
  readonly to: number;
  /** What stands for all of it where a number is wanted. */
  readonly typical: number;
  readonly words: string;
}

const laps: readonly GuessRange[] = [
  { from: Number.NEGATIVE_INFINITY, to: 0.5, typical: 0.3, words: "Half a lap or less" },
  { from: 0.5, to: 2, typical: 1, words: "Half a lap to 2 laps" },
  { from: 2, to: 5, typical: 3, words: "2 to 5 laps" },
  { from: 5, to: Number.POSITIVE_INFINITY, typical: 6, words: "5 laps or more" },
];
const shares: readonly GuessRange[] = [
  { from: 0, to: 0.25, typical: 0.1, words: "A quarter or less" },
  { from: 0.25, to: 0.5, typical: 0.35, words: "A quarter to a half" },
  { from: 0.5, to: 0.75, typical: 0.7, words: "A half to three quarters" },
  { from: 0.75, to: 1, typical: 0.95, words: "Three quarters or more" },
];

/** What is asked before a round is shown, and what one can guess; null where there is nothing to guess. */
export function questionFor({ measure }: Pick<Level, "measure">, hasLaps: boolean) {
  if (hasLaps) return { words: "How far will it get before its first crash?", choices: laps };
  if (measure.scale === "share")
    return { words: `How many of its tries will end ${measure.after}?`, choices: shares };
  return null;
}

/** Whether that is what came, as it is told. */
export function isRight({ from, to }: Pick<GuessRange, "from" | "to">, came: number): boolean {
  return from <= came && came <= to;
}

/** The guess that a number stands for; null where it stands for none. */
export function guessOfScore(
  { canFall, laps, measure }: Pick<Level, "canFall" | "laps" | "measure">,
  score: number,
): GuessRange | null {
  const question = questionFor({ measure }, Boolean(canFall && laps));
  return question?.choices.find((choice) => isRight(choice, score)) ?? null;
}

/** Whether a number that stands for a guess was for more than came: all of the guess. More is better wherever one guesses. */
export function isHopeful(world: Parameters<typeof guessOfScore>[0], said: number, came: number) {
  return (guessOfScore(world, said)?.from ?? said) > came;
}
