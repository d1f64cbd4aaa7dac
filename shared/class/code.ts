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

/** @param draw whole numbers from 0, below the one that it is given */
export function newCode(draw: (below: number) => number): string {
  return Array.from({ length: codeLength }, () => codeLetters[draw(codeLetters.length)]).join("");
}
