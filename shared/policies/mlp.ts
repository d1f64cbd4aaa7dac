import { squared } from "./heads.ts";
import { networkKind } from "./networkPolicy.ts";

/** A small network, on the squared error. */
export const mlp = networkKind(
  { name: "mlp", title: "Neural network", actions: "continuous" },
  squared,
);
