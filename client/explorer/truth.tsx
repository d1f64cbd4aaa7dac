import { recovered, trueReward, truth } from "./exploring.ts";
import { featureNames } from "./inference.ts";
import { nCells } from "./waypoints.ts";
import { signed } from "./words.ts";

/** What the scripted expert is after, to be set by hand. */
export function Truth() {
  return (
    <details class="truth">
      <summary>What the expert really wants</summary>
      <p class="quiet-text">
        Set here what the expert wants. “Let the expert show one” then shows a walk for this reward.
        “True” shows the reward on the grid. If you draw your own ways, set what you want.
      </p>
      {featureNames.map((name, k) => (
        <label key={name}>
          <span>
            {name}: <span class="figures">{signed(truth.value[k]!, 0)}</span>
          </span>
          <input
            type="range"
            min="-10"
            max="10"
            step="1"
            value={truth.value[k]!}
            onInput={(event) => {
              const weight = event.currentTarget.valueAsNumber;
              truth.value = truth.value.map((before, i) => (i === k ? weight : before));
            }}
          />
        </label>
      ))}
    </details>
  );
}

/** What the expert is after, in words, and how near to it what was recovered came. */
export function truthWords(weights: readonly number[]): string {
  const counting = featureNames.flatMap((name, k) =>
    weights[k] === 0 ? [] : [{ name, weight: weights[k]! }],
  );
  if (counting.length === 0) return "This expert wants nothing: all cells are equally good.";
  const [only] = counting;
  const found = recovered.value && agreement(recovered.value.reward, trueReward.value);
  const agrees =
    found == null
      ? ""
      : ` The found reward has a correlation of ${signed(found)} with the true one (+1 is perfect).`;
  if (counting.length === 1 && only!.weight > 0)
    return `This expert wants one thing only: ${only!.name}.${agrees}`;
  const list = counting.map(({ name, weight }) => `${name} ${signed(weight, 0)}`);
  return `What this expert wants: ${new Intl.ListFormat("en").format(list)}.${agrees}`;
}

/** Pearson's correlation over cells, blind to scale and to an added constant; null where either is flat. */
function agreement(a: Float64Array, b: Float64Array): number | null {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / nCells;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let s = 0; s < nCells; s++) {
    const [da, db] = [a[s]! - meanA, b[s]! - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}
