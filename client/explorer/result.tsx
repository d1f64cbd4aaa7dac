import { count } from "../../shared/plural.ts";
import { Estimates } from "./estimates.tsx";
import { recovered } from "./exploring.ts";

/** The weights that were recovered, and how well the method did. */
export function Result() {
  const found = recovered.value;
  if (!found) {
    return (
      <p class="quiet-text">
        Press “Run inverse RL” to see how much the expert wants each of three things.
      </p>
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
            ? `A weight says how much the reward grows when a feature goes from 0 to 1, in nats. Each line is a 90 % interval. ${iterations} iterations, gradient ${gap.toExponential(0)}.`
            : `The weights together have length 1: feature matching finds no scale and no intervals. It mixed ${count(iterations, "policy", "policies")}. The features of the mix are ${gap.toFixed(3)} from the expert’s.`}
        </p>
      </details>
    </>
  );
}
