import { signal } from "@preact/signals";
import { codeOf, isLetter } from "./layout.ts";

/** The codes of the keys that steer at the moment. */
export const steering = signal<ReadonlySet<string>>(new Set());

/** Whether a key belongs to the browser, or to the control that has the focus, rather than to the page. */
export function isElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("dialog[open]")) return true;
  if (target?.closest("input[type=radio]"))
    return event.code.startsWith("Arrow") || event.code === "Space";
  if (target?.closest("input[type=range]"))
    return event.code.startsWith("Arrow") || /^(Home|End|Page(Up|Down))$/.test(event.code);
  if (target?.closest("input, select, textarea")) return true;
  return (
    (event.code === "Space" || event.code === "Enter") && !!target?.closest("button, a, summary")
  );
}

/** A key: how it is told apart from others, and what is printed on it. */
export interface KeyCap {
  readonly face: string;
  /** For `aria-keyshortcuts`. */
  readonly shortcut: string;
  /** Whether it can be pressed now: the key with a letter on it may be one that steers. */
  readonly isFree: boolean;
  matches(event: KeyboardEvent): boolean;
}

/**
 * The key that this letter is printed on, wherever the person's layout has it, but where that is a key
 * that steers: on a French keyboard Z is where an American one has its W.
 */
export function letterKey(face: string): KeyCap {
  const letter = face.toLowerCase();
  const place = `Key${face}`;
  const steers = (code: string) => code !== place && steering.value.has(code);
  return {
    face,
    shortcut: face,
    get isFree() {
      return !steers(codeOf(face));
    },
    matches({ key, code }) {
      if (!isLetter(key)) return code === place && key.length === 1;
      return key.toLowerCase() === letter && !steers(code);
    },
  };
}

/** A digit's key in the upper row or on the number pad: French layouts have digits there with shift only. */
export function digitKey(digit: number): KeyCap {
  const codes = [`Digit${digit}`, `Numpad${digit}`];
  return {
    face: String(digit),
    shortcut: String(digit),
    isFree: true,
    matches: ({ code }) => codes.includes(code),
  };
}

/** A sign, however it is typed. */
export function signKey(face: string): KeyCap {
  return { face, shortcut: face, isFree: true, matches: ({ key }) => key === face };
}

function placeKey(face: string, shortcut: string, ...codes: readonly string[]): KeyCap {
  return { face, shortcut, isFree: true, matches: ({ code }) => codes.includes(code) };
}

export const enterKey = placeKey("Enter", "Enter", "Enter", "NumpadEnter");
export const escapeKey = placeKey("Esc", "Escape", "Escape");
export const backspaceKey = placeKey("Backspace", "Backspace", "Backspace");
export const spaceKey = placeKey("Space", "Space", "Space");
