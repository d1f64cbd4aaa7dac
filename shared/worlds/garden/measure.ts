import { type Measure, sayCost } from "../measure.ts";
import { Outcome } from "../world.ts";

const of: Measure["of"] = ({ outcomes }) => (outcomes.at(-1) === Outcome.done ? 1 : 0);

/** Whether one gets home; the less a walk cost more than the best one, the better its score. */
export const measure: Measure = {
  name: "home",
  unit: "walks that get home",
  better: "more",
  scale: "share",
  after: "at home",
  of,
  say: (value) => (value ? "home" : "not home"),
  score(episode, regret) {
    if (of(episode) === 0 || regret === null) return null;
    return { ranks: [regret], words: sayCost(regret) };
  },
};
