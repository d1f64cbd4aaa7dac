import * as z from "zod";
import { index, key, lists, numbers, seq } from "../fields.ts";
import type { InferenceRecord } from "../lesson.ts";
import { refusal } from "../refusal.ts";
import type { WorkKind } from "./event.ts";

/** The expert's reward was inferred from their demonstrations. */
export interface Inferred extends InferenceRecord {
  readonly type: "inferred";
}

const schema = z.strictObject({ key });

/** Rewards came without their certainty once. */
const uncertain = z.object({
  type: z.literal("inferred"),
  basis: seq,
  weights: numbers,
  visits: numbers,
  gradientNorm: z.number(),
  iterations: index,
  ms: z.number(),
  demonstrations: index,
  impossible: index,
});

/**
 * How many features a road has had: none for a fall, and before that none for an angle. No other world
 * ever had as many.
 */
const ofEarlierRoads = [3, 4];

export const inferred: WorkKind<Inferred, "infer", typeof schema, InferenceRecord> = {
  request: { name: "infer", schema },

  stored: uncertain.extend({
    covariance: numbers,
    undetermined: lists,
    matched: numbers,
    agreement: z.number(),
    deviation: z.number().optional(),
  }),

  earlier: [
    {
      fits: (json) => !("covariance" in json),
      upcast(json) {
        uncertain.parse(json);
        return { type: "outdated" };
      },
    },
    {
      // Every reward since has a deviation beside it.
      fits: (json) =>
        !("deviation" in json) &&
        "weights" in json &&
        Array.isArray(json.weights) &&
        ofEarlierRoads.includes(json.weights.length),
      upcast(json) {
        uncertain.parse(json);
        return { type: "outdated" };
      },
    },
  ],

  refuse: (lesson) =>
    lesson.demonstrations.length === 0
      ? refusal("no-demonstrations", "Demonstrate at least once first.")
      : null,

  decide: (_lesson, _request, inference) => ({ type: "inferred", ...inference }),

  apply: (lesson, { type: _, at: __, ...inference }) => ({ ...lesson, inference }),
};
