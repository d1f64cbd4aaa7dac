import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { backspaceKey, isElsewhere, type KeyCap, letterKey } from "./keyboard.ts";
import { learnLayout } from "./layout.ts";

/** Something that a person can do at the moment, by a key and mostly by a button too. */
export interface Command {
  readonly key: KeyCap;
  readonly label: string;
  readonly available: boolean;
  run(): void;
}

/** Whose key it is where several commands have the same: the sheet's on top, then the panel's. */
const layers = ["page", "panel", "sheet"] as const;
type Layer = (typeof layers)[number];

interface Entry {
  readonly layer: Layer;
  /** Counts up in the order of rendering: a panel before what is in it. */
  readonly number: number;
  /** The command as it was last rendered. */
  current: Command;
}

/** The commands of the components that are on the page, by number. */
const entries = signal<readonly Entry[]>([]);
let nEntries = 0;

/**
 * The commands on the page, one a key: of several that have the same an available one, of several such
 * the one of the upper layer, and there the last that came.
 */
export function commands(): readonly Command[] {
  const byKey = new Map<string, Entry>();
  for (const entry of entries.value) {
    const { face } = entry.current.key;
    const other = byKey.get(face);
    if (!other || precedence(entry) >= precedence(other)) byKey.set(face, entry);
  }
  const found = entries.value.filter((entry) => byKey.get(entry.current.key.face) === entry);
  return found.sort((a, b) => rank(b) - rank(a)).map(({ current }) => current);
}

function rank({ layer }: Entry): number {
  return layers.indexOf(layer);
}

function precedence(entry: Entry): number {
  return entry.current.available ? rank(entry) + layers.length : rank(entry);
}

// What a key says of the layout counts for that key already.
learnLayout();

// Before whatever else hears keys, which leaves alone what has been prevented.
window.addEventListener(
  "keydown",
  (event) => {
    if (event.repeat || isElsewhere(event)) return;
    const command = commands().find(({ available, key }) => available && key.matches(event));
    if (!command) return;
    event.preventDefault();
    command.run();
  },
  { capture: true },
);

/** Has its key do what `command` does while the component is there. Returns it, for its button. */
export function useCommand(command: Command, layer: Layer = "panel"): Command {
  const entry = useRef<Entry | null>(null);
  entry.current ??= { layer, number: nEntries++, current: command };
  entry.current.current = command;
  // Before the next key can come: a step's keys must not outlive it, nor come late.
  useLayoutEffect(() => {
    const own = entry.current!;
    entries.value = [...entries.peek(), own].sort((a, b) => a.number - b.number);
    return () => {
      entries.value = entries.peek().filter((other) => other !== own);
    };
  }, []);
  return command;
}

/** Takes the last thing back, by Z or by Backspace. Returns the command with the key to name. */
export function useTakeBack(command: Pick<Command, "available" | "run">): Command {
  const label = "Take back";
  const byLetter = useCommand({ ...command, label, key: letterKey("Z") });
  const byPlace = useCommand({ ...command, label, key: backspaceKey });
  return byLetter.key.isFree ? byLetter : byPlace;
}

/** The button of a command, with its key on it. */
export function CommandButton({
  command: { key, label, available, run },
  primary = false,
  pressed,
}: {
  command: Command;
  primary?: boolean;
  pressed?: boolean;
}) {
  return (
    <button
      type="button"
      class={primary ? "primary" : undefined}
      disabled={!available}
      aria-pressed={pressed}
      aria-keyshortcuts={key.shortcut}
      onClick={run}
    >
      {label} <kbd>{key.face}</kbd>
    </button>
  );
}

/** The button of a command in the bar, where a sign stands for its label. */
export function SignButton({
  command: { key, label, available, run },
  expanded,
  children,
}: {
  command: Command;
  expanded?: boolean;
  children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class="quiet"
      title={`${label}: ${key.face}`}
      aria-label={label}
      aria-keyshortcuts={key.shortcut}
      aria-expanded={expanded}
      disabled={!available}
      onClick={run}
    >
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
