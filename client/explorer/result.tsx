import { count } from "../../shared/plural.ts";
import { Estimates } from "./estimates.tsx";
import { recovered } from "./exploring.ts";

/** The weights that were recovered, and how well the method did. */
export function Result() {
  const found = recovered.value;
  if (!found) {
    return <p class="quiet-text">Three weights, once you have run it: one for each feature.</p>;
  }
  const { method: by, weights, intervals, iterations, gap } = found;
  return (
    <>
      <Estimates weights={weights} intervals={intervals} />
      <p class="quiet-text">
        {by === "entropy"
          ? `Nats for the feature in full; each interval holds 90 % of what these demonstrations leave open. ${iterations} iterations, gradient ${gap.toExponential(0)}.`
          : `A direction of length 1: feature matching finds no scale and no intervals. ${count(iterations, "policy", "policies")} mixed, ${gap.toFixed(3)} from the expert’s features.`}{" "}
        Every further click solves it anew.
      </p>
    </>
  );
}
