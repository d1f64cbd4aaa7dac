import * as z from "zod";

/** Chosen by whoever asks, once for each request: sent again, the request is answered but not done again. */
export const key = z.string().regex(/^[\w-]{8,64}$/);

/** Number of an event. */
export const seq = z.int().positive();

/** Number of a round, of a drive in it or of a question: 0 for the first. */
export const index = z.int().min(0);

export const action: z.ZodType<readonly number[], readonly number[]> = z
  .array(z.number())
  .min(1)
  .max(8);

/** Numbers as they are stored: thousands of them as a rule, for which `z.array` takes too long. */
export const numbers = z.custom<readonly number[]>(isNumbers, "not a list of numbers");

/** Lists of numbers as they are stored. */
export const lists = z.custom<readonly (readonly number[])[]>(
  (value) => Array.isArray(value) && value.every(isNumbers),
  "not a list of lists of numbers",
);

function isNumbers(value: unknown): value is readonly number[] {
  if (!Array.isArray(value)) return false;
  for (const each of value) if (typeof each !== "number") return false;
  return true;
}
