import * as z from "zod";

/** Characters in a nickname. */
export const longestNickname = 20;

/** Signs that are not seen, or that turn the text around them: names would look alike, or spoil what is beside them. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/u;

/** What somebody wants to be called: 1 to 20 characters, shown as text. */
export const nickname = z
  .string()
  .max(200)
  .transform((text) => text.normalize("NFKC").trim().replace(/\s+/g, " "))
  .pipe(
    z
      .string()
      .refine(
        (text) => !unseen.test(text),
        "a nickname has letters, digits and signs that are seen",
      )
      .refine((text) => text.length > 0, "a nickname has at least one character")
      .refine(
        (text) => [...text].length <= longestNickname,
        `a nickname has at most ${longestNickname} characters`,
      ),
  );

/** Two nicknames for which this is the same are one name: case, accents and spaces make no difference. */
export function sameNickname(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}|\s/gu, "")
    .toLowerCase();
}
