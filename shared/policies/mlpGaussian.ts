import { gaussian } from "./heads.ts";
import { networkKind } from "./networkPolicy.ts";

/**
 * A small network for the action and for how far the expert strays from it, which may differ from
 * place to place: where the expert is of two minds, errors count for less.
 */
export const mlpGaussian = networkKind(
  { name: "mlpGaussian", title: "Neural network that learns label noise", actions: "continuous" },
  gaussian,
);
