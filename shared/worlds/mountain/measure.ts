import type { Measure } from "../measure.ts";
import { Outcome } from "../world.ts";

const of: Measure["of"] = ({ outcomes }) => (outcomes.at(-1) === Outcome.done ? 1 : 0);

/** Whether one gets to the flag; of two drives that do, the faster one is better. */
export function measureAt(stepsPerSecond: number): Measure {
  return {
    name: "flag",
    unit: "drives that reach the flag",
    better: "more",
    scale: "share",
    after: "at the flag",
    of,
    say: (value) => (value ? "at the flag" : "not at the flag"),
    score(episode) {
      if (of(episode) === 0) return null;
      const { length } = episode;
      return { ranks: [length], words: `${(length / stepsPerSecond).toFixed(1)} s to the flag` };
    },
  };
}
