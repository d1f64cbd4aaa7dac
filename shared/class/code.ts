/**
 * The code of a class, which pupils type: six letters, of which none looks or sounds like another of them, and no
 * vowels, so that it is no word. It is of no use any more when the class has ended.
 */
export const codeLetters = "BCDFGHJKMNPRSTVWXZ";
export const codeLength = 6;

/** What somebody typed as a code: letters of any case, with spaces and hyphens anywhere; null where it is none. */
export function readCode(text: string): string | null {
  const letters = text.slice(0, 100).replace(/[\s-]/g, "").toUpperCase();
  const isCode =
    letters.length === codeLength && [...letters].every((letter) => codeLetters.includes(letter));
  return isCode ? letters : null;
}

/**
 * Why something that is typed becomes no code, in a sentence; null where it is one, or may still become one.
 */
export function codeComplaint(text: string): string | null {
  const typed = [...text.slice(0, 100).replace(/[\s-]/g, "")];
  const strange = [...new Set(typed.filter((sign) => !codeLetters.includes(sign.toUpperCase())))];
  if (strange.length > 0) {
    const told = strange.map((sign) => `“${sign.toUpperCase()}”`).join(", ");
    return `No class has ${told} in its letters: there are no vowels, no digits, and no L, Q or Y. Look at the big screen again.`;
  }
  return typed.length > codeLength
    ? `A class has ${codeLength} letters; these are ${typed.length}.`
    : null;
}

/** @param draw whole numbers from 0, below the one that it is given */
export function newCode(draw: (below: number) => number): string {
  return Array.from({ length: codeLength }, () => codeLetters[draw(codeLetters.length)]).join("");
}
