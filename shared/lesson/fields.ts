import * as z from "zod";

/** Chosen by whoever asks, once for each request: sent again, the request is answered but not done again. */
export const key = z.string().regex(/^[\w-]{8,64}$/);

/** Number of an event. */
export const seq = z.int().positive();

/** Number of a round, or of a question in one: 0 for the first. */
export const index = z.int().min(0);

export const action: z.ZodType<readonly number[], readonly number[]> = z
  .array(z.number())
  .min(1)
  .max(8);
