import unhomoglyph from "unhomoglyph";

/** Accents, which stand on letters of any script; vowel signs, and the marks by which ha is ba in kana, are letters. */
const accents = /(?![\u3099\u309A])\p{Script=Inherited}/gu;

/**
 * Whether two nicknames are one to whoever reads them on a wall: case, accents and spaces make no difference, nor does
 * the script of a letter that looks like another (Unicode's confusables): Cyrillic and Latin "Anna" are the same.
 */
export function areAlike(one: string, other: string): boolean {
  const [a, b] = [looksOf(one), looksOf(other)];
  return a.some((look, i) => look === b[i]);
}

/** As it is written, where a capital may look like what its small letter does not, and in small letters. */
function looksOf(text: string): readonly [string, string] {
  const plain = text.normalize("NFKD").replace(accents, "").replace(/\s/g, "");
  return [skeletonOf(plain), skeletonOf(plain.toLowerCase())];
}

function skeletonOf(text: string): string {
  return unhomoglyph(text).normalize("NFKD").replace(accents, "").toLowerCase();
}
