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
        “Let the expert show one” uses these weights, and “True” shows them. If you draw your own
        ways, set here what you want by them.
      </p>
      {featureNames.map((name, k) => (
        <label key={name}>
          <span>
            {name}: <span class="figures">{signed(truth.value[k]!, 0)}</span> nats
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
  if (counting.length === 0) return "The expert wants nothing: all cells are equally good.";
  const [only] = counting;
  const found = recovered.value && agreement(recovered.value.reward, trueReward.value);
  const agrees =
    found == null ? "" : ` The recovered reward correlates with it by ${signed(found)}.`;
  if (counting.length === 1 && only!.weight > 0)
    return `To this expert, ${only!.name} is all that counts.${agrees}`;
  const list = counting.map(({ name, weight }) => `${name} ${signed(weight, 0)}`);
  return `What counts to this expert: ${new Intl.ListFormat("en").format(list)}.${agrees}`;
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
