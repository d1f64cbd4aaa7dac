import { count } from "../../shared/plural.ts";
import type { Level } from "../../shared/worlds/level.ts";
import type { Measure } from "../../shared/worlds/measure.ts";

export function formatMeasure(value: number, { scale }: Measure): string {
  if (scale === "share") return `${Math.round(100 * value)} %`;
  return value.toFixed(scale === "length" ? 2 : value < 10 ? 1 : 0);
}

export function formatTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** How long so many steps are: "3.2 s", or "4 moves" where the world waits. */
export function sayLength({ steering }: Level, steps: number): string {
  if (steering.pace === "runs") return `${(steps / steering.stepsPerSecond).toFixed(1)} s`;
  return count(steps, "move");
}
