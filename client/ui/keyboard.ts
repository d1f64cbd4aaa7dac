/** Whether a key belongs to the browser, or to the control that has the focus, rather than to the page. */
export function isElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("dialog[open]")) return true;
  if (target?.closest("input[type=radio]"))
    return event.code.startsWith("Arrow") || event.code === "Space";
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
  matches(event: KeyboardEvent): boolean;
}

/** The key that this letter is printed on, wherever the person's layout has it. */
export function letterKey(face: string): KeyCap {
  const letter = face.toLowerCase();
  return {
    face,
    shortcut: face,
    matches({ key, code }) {
      // A layout without Latin letters has none of them printed where one can read them off.
      const isLatin = /^[a-z]$/i.test(key);
      return isLatin ? key.toLowerCase() === letter : code === `Key${face}` && key.length === 1;
    },
  };
}

/** A digit's key in the upper row or on the number pad: French layouts have digits there with shift only. */
export function digitKey(digit: number): KeyCap {
  const codes = [`Digit${digit}`, `Numpad${digit}`];
  return {
    face: String(digit),
    shortcut: String(digit),
    matches: ({ code }) => codes.includes(code),
  };
}

/** A sign, however it is typed. */
export function signKey(face: string): KeyCap {
  return { face, shortcut: face, matches: ({ key }) => key === face };
}

function placeKey(face: string, shortcut: string, ...codes: readonly string[]): KeyCap {
  return { face, shortcut, matches: ({ code }) => codes.includes(code) };
}

export const enterKey = placeKey("Enter", "Enter", "Enter", "NumpadEnter");
export const escapeKey = placeKey("Esc", "Escape", "Escape");
export const backspaceKey = placeKey("Backspace", "Backspace", "Backspace");
export const spaceKey = placeKey("Space", "Space", "Space");
