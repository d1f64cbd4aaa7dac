import { count } from "../../shared/plural.ts";
import { Estimates } from "./estimates.tsx";
import { recovered } from "./exploring.ts";

/** The weights that were recovered, and how well the method did. */
export function Result() {
  const found = recovered.value;
  if (!found) {
    return (
      <p class="quiet-text">Run it, and you see how much the expert wants each of three things.</p>
    );
  }
  const { method: by, weights, intervals, iterations, gap } = found;
  return (
    <>
      <Estimates weights={weights} intervals={intervals} />
      <p class="quiet-text">
        Bar to the right: the expert wants it. To the left: the expert avoids it.
        {by === "entropy" && " Line: how sure that is."} Each new click computes it again.
      </p>
      <details class="curious">
        <summary>For the curious</summary>
        <p>
          {by === "entropy"
            ? `These are weights in nats: how much the reward grows from none of a feature to all of it. Each line is a 90 % interval. ${iterations} iterations, gradient ${gap.toExponential(0)}.`
            : `These are weights, of length 1 together: feature matching finds no scale and no intervals. ${count(iterations, "policy", "policies")} mixed, ${gap.toFixed(3)} from the expert’s features.`}
        </p>
      </details>
    </>
  );
}
