import { signal } from "@preact/signals";

/** What is printed on the keys, by code, as far as the browser says or a press has shown. */
export const printed = signal<ReadonlyMap<string, string>>(new Map());

interface KeyboardWithLayout {
  getLayoutMap?(): Promise<ReadonlyMap<string, string>>;
}

/** Learns what is printed on the keys, from now on. */
export function learnLayout(): void {
  const { keyboard } = navigator as Navigator & { readonly keyboard?: KeyboardWithLayout };
  keyboard?.getLayoutMap?.().then(
    (map) => {
      printed.value = map;
    },
    () => {}, // Not on a page within another's frame.
  );
  // Where the browser does not say, and where the person has changed to another layout since.
  window.addEventListener("keydown", learnKey, { capture: true });
}

function learnKey({ code, key, isTrusted, ctrlKey, metaKey, altKey }: KeyboardEvent): void {
  if (!isTrusted || ctrlKey || metaKey || altKey || !isLetter(key)) return;
  const letter = key.toLowerCase();
  if (!code || printed.peek().get(code) === letter) return;
  const others = [...printed.peek()].filter(([, other]) => other !== letter);
  printed.value = new Map([...others, [code, letter]]);
}

/** Whether this is a Latin letter, as commands have. A layout without them prints none to read off. */
export function isLetter(key: string): boolean {
  return /^[a-z]$/i.test(key);
}

/** The code of the key that this letter is printed on, the American one where nothing else is known. */
export function codeOf(letter: string): string {
  for (const [code, other] of printed.value) if (other === letter.toLowerCase()) return code;
  return `Key${letter}`;
}
