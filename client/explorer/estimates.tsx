import { featureNames, type Recovered } from "./inference.ts";
import { weightWords } from "./words.ts";

/** Each weight as a bar from zero, with a whisker over its interval where it has one. */
export function Estimates({ weights, intervals }: Pick<Recovered, "weights" | "intervals">) {
  const most = Math.max(
    1e-9,
    ...Array.from(weights, Math.abs),
    ...(intervals ?? []).flat().map(Math.abs),
  );
  const share = (value: number) => `${50 + (48 * value) / most}%`;
  const between = (low: number, high: number) => ({
    left: share(low),
    right: `calc(100% - ${share(high)})`,
  });
  return (
    <ul class="estimates">
      {featureNames.map((name, k) => {
        const weight = weights[k]!;
        const interval = intervals?.[k];
        return (
          <li key={name} class="estimate">
            <span class="figures">{weightWords(name, weight, interval)}</span>
            <span class="estimate-bar" aria-hidden="true">
              <span
                class={weight < 0 ? "bar minus" : "bar"}
                style={between(Math.min(0, weight), Math.max(0, weight))}
              />
              {interval && <span class="whisker" style={between(...interval)} />}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
