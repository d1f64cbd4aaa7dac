import { IntervalBar, reachOf } from "../ui/interval-bar.tsx";
import { featureNames, type Recovered } from "./inference.ts";
import { weightWords } from "./words.ts";

/** How much of its room the longest bar takes. */
const filled = 0.96;

/** Each weight as a bar from zero, with a whisker over its interval where it has one. */
export function Estimates({ weights, intervals }: Pick<Recovered, "weights" | "intervals">) {
  const reach = reachOf([...Array.from(weights), ...(intervals ?? []).flat()]) / filled;
  return (
    <ul class="estimates">
      {featureNames.map((name, k) => {
        const weight = weights[k]!;
        const interval = intervals?.[k];
        return (
          <li key={name} class="estimate">
            <span class="figures">{weightWords(name, weight, interval)}</span>
            <IntervalBar value={weight} interval={interval} reach={reach} />
          </li>
        );
      })}
    </ul>
  );
}
