import { CommandButton, useCommand } from "../ui/commands.tsx";
import { enterKey, letterKey } from "../ui/keyboard.ts";

const keys = ["A", "B", "C", "D", "E", "F", "G", "H"] as const;

/**
 * What was guessed, beside the truth.
 * @param truth in a sentence; null where the guess was right
 */
export function besideTruth(guessed: string, truth: string | null): string {
  const yours = `Your guess: ${guessed[0]!.toLowerCase()}${guessed.slice(1)}.`;
  return `${yours} ${truth ?? "Right!"}`;
}

/** One tap, before anything is shown. */
export function Guess({
  question,
  choices,
  choose,
}: {
  question: string;
  choices: readonly { readonly words: string }[];
  /** Told the choice; null to go on without. */
  choose: (choice: number | null) => void;
}) {
  const commands = choices.slice(0, keys.length).map(({ words }, i) =>
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
