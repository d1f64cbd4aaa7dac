import * as z from "zod";

/** Characters in a nickname. */
export const longestNickname = 20;

/**
 * Signs that are not seen, or that turn the text around them: names would look alike, or spoil what is beside them. The
 * last are Braille without a dot, a note without a head and a blank of Khitan.
 */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}\u{16FE4}]/u;
/** What one can be called by. */
const seen = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
/** More accents on one letter than any script needs: they reach into the lines above and below. */
const stacked = /\p{M}{3}/u;
/** Says that a picture is to have colours, as telephones do by themselves. */
const coloured = /(?<=\p{Extended_Pictographic})\uFE0F/gu;

/** What somebody wants to be called: 1 to 20 characters, shown as text. */
export const nickname = z
  .string()
  .max(200)
  .transform((text) => text.normalize("NFKC").replace(coloured, "").trim().replace(/\s+/g, " "))
  .pipe(
    z
      .string()
      .refine((text) => !unseen.test(text), "a nickname has only letters, digits and visible signs")
      .refine((text) => text.length > 0, "a nickname has at least one character")
      .refine((text) => seen.test(text), "a nickname has a letter, a digit or a picture")
      .refine((text) => !stacked.test(text), "a nickname has at most two accents on a letter")
      .refine(
        (text) => [...text].length <= longestNickname,
        `a nickname has at most ${longestNickname} characters`,
      ),
  );
