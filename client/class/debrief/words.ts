import type { WayNoise } from "../../../shared/class/noise.ts";
import { count } from "../../../shared/plural.ts";

export const waysWords: Readonly<Record<WayNoise["way"], string>> = {
  "time-stop": "Answers in stopped time",
  shadow: "Steering along",
  both: "Both ways together",
};

export function sayNoise({ noise, interval: [low, high], pairs, pupils }: WayNoise): string {
  const say = (value: number) => value.toFixed(3);
  return `one answer is off by ${say(noise)} (95 % interval ${say(low)} to ${say(high)}; ${count(pairs, "pair")} of ${count(pupils, "pupil")})`;
}
