import { crossEntropy } from "./heads.ts";
import { networkKind } from "./networkPolicy.ts";

/** A small network that chooses among actions, on the cross-entropy. */
export const mlpSoftmax = networkKind(
  { name: "mlpSoftmax", title: "Neural network", actions: "discrete" },
  crossEntropy,
);
