import type { Level } from "../../../shared/worlds/level.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { enterKey, letterKey } from "../../ui/keyboard.ts";
import type { Told } from "../headline.ts";

/** A guess that one can make: from `from` up to the next one's. */
interface Choice {
  readonly from: number;
  readonly words: string;
}

const laps: readonly Choice[] = [
  { from: Number.NEGATIVE_INFINITY, words: "Less than half a lap" },
  { from: 0.5, words: "About one lap" },
  { from: 1.5, words: "Two to four laps" },
  { from: 4.5, words: "Five laps or more" },
];
const shares: readonly Choice[] = [
  { from: Number.NEGATIVE_INFINITY, words: "Almost none" },
  { from: 0.2, words: "Less than half" },
  { from: 0.5, words: "More than half" },
  { from: 0.9, words: "Almost all" },
];
const keys = ["A", "B", "C", "D"] as const;

/** What is asked before a round is shown, and what one can guess; null where there is nothing to guess. */
export function questionFor({ measure }: Level, hasLaps: boolean) {
  if (hasLaps) return { words: "How far will it get before its first crash?", choices: laps };
  if (measure.scale === "share")
    return { words: `How many of its tries will end ${measure.after}?`, choices: shares };
  return null;
}

/** What was guessed beside what came, in a sentence. */
export function sayGuess(
  choices: readonly Choice[],
  guess: number,
  { value, words }: Told,
): string {
  const right = choices.findLastIndex(({ from }) => value >= from);
  const guessed = choices[guess]!.words;
  const yours = `Your guess: ${guessed[0]!.toLowerCase()}${guessed.slice(1)}.`;
  return guess === right ? `${yours} Right!` : `${yours} It was ${words}.`;
}

/** One tap, before anything is shown. */
export function Guess({
  question,
  choices,
  choose,
}: {
  question: string;
  choices: readonly Choice[];
  /** Told the choice; null to go on without. */
  choose: (choice: number | null) => void;
}) {
  const commands = choices.map(({ words }, i) =>
    useCommand({
      key: letterKey(keys[i]!),
      label: words,
      available: true,
      run: () => choose(i),
    }),
  );
  const skip = useCommand({
    key: enterKey,
    label: "Just show me",
    available: true,
    run: () => choose(null),
  });
  return (
    <section class="guess" aria-labelledby="guess-question">
      <h3 id="guess-question">{question}</h3>
      <p class="guesses">
        {commands.map((command) => (
          <CommandButton key={command.key.face} command={command} />
        ))}
      </p>
      <p>
        <CommandButton command={skip} />
      </p>
    </section>
  );
}
