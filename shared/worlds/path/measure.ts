import type { Measure } from "../measure.ts";
import type { Curve } from "./dynamics.ts";

/** How far off the curve one is, on average. */
export function measureOn(line: Curve): Measure {
  const say = (value: number) => `${value.toFixed(2)} off`;
  const of: Measure["of"] = ({ states, length }) => {
    let sum = 0;
    for (let t = 1; t <= length; t++) sum += Math.abs(states[2 * t + 1]! - line(states[2 * t]!));
    return sum / length;
  };
  return {
    name: "distance",
    unit: "off the curve, on average",
    better: "fewer",
    scale: "length",
    after: "off",
    of,
    say,
    score(episode) {
      const value = of(episode);
      return { ranks: [value], words: say(value) };
    },
  };
}
