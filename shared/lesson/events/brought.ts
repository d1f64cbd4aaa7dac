import * as z from "zod";
import type { ForeignNetwork } from "../../policies/foreignNetwork.ts";
import { worlds } from "../../worlds/index.ts";
import { index, key, lists, numbers } from "../fields.ts";
import { network, problemsOf } from "../network.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** A network came that was trained elsewhere: from a file, or from a program that takes the labels as they come. */
export interface Brought {
  readonly type: "brought";
  /** It was trained on the lesson up to and including this event; 0 where it knew nothing of it. */
  readonly basis: number;
  readonly network: ForeignNetwork;
}

const schema = z.strictObject({ key, basis: index, network });

const affine = z.object({ mean: numbers, deviation: numbers });

export const brought: InstantKind<Brought, "bring", typeof schema> = {
  request: { name: "bring", schema },

  stored: z.object({
    type: z.literal("brought"),
    basis: index,
    network: z.object({
      normalise: affine.optional(),
      layers: z
        .array(z.object({ weights: lists, bias: numbers, activation: z.string().optional() }))
        .min(1)
        .readonly(),
      scale: affine.optional(),
    }),
  }) as unknown as z.ZodType<Brought, Brought>,

  decide(lesson, { basis, network }) {
    if (basis > lesson.seq)
      return refusal("out-of-order", `There is no event ${basis} in this lesson yet.`);
    const { value } = problemsOf(network, worlds[lesson.world]!).next();
    return typeof value === "string"
      ? refusal("bad-network", value)
      : { type: "brought", basis, network };
  },

  apply: (lesson, { seq, basis, network }) => ({
    ...lesson,
    networks: [...(lesson.networks ?? []), { seq, basis, network }],
  }),
};
