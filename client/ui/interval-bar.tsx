import { scaleOf } from "./axis.ts";
import "./interval-bar.css";

/**
 * A value as a bar from zero, with its interval where it has one. Boxes rather than a plot: it is a line
 * in a list, as high as its text, and those who do not see it read the numbers beside it.
 */
export function IntervalBar({
  value,
  interval,
  reach,
}: {
  value: number;
  interval: readonly [low: number, high: number] | undefined;
  /** The value at its right end, and the negative of that at its left. */
  reach: number;
}) {
  const scale = scaleOf({ from: -reach, to: reach });
  const between = (low: number, high: number) => ({
    left: `${scale(low)}%`,
    right: `${100 - scale(high)}%`,
  });
  return (
    <span class="interval-bar" aria-hidden="true">
      <span
        class={value < 0 ? "value minus" : "value"}
        style={between(Math.min(0, value), Math.max(0, value))}
      />
      {interval && <span class="whisker" style={between(...interval)} />}
    </span>
  );
}

/** The reach that holds all of these. */
export function reachOf(numbers: Iterable<number>): number {
  return Math.max(1e-9, ...Array.from(numbers, Math.abs));
}
