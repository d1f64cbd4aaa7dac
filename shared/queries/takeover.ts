import type { Query } from "./query.ts";

/** The expert takes the wheel where the learner is as far off the line as this, or in its choice. */
const alarm = { deviation: 0.5, disagreement: 0.3 };
/** And gives it back where both are below these, so that the wheel does not change hands at each step. */
const calm = { deviation: 0.25, disagreement: 0.1 };

/**
 * HG-DAgger (Kelly et al. 2019): the human gates. The learner drives until the expert sees it about
 * to err, takes the wheel and gives it back when it is safe; only what the expert did becomes
 * labels. The gate here is a script's: it looks at what a person would see, which is the distance
 * off the line, and feels, which is "I would not do that".
 */
export const takeover: Query = {
  name: "takeover",
  title: "the states in which the expert takes over",
  needs: "at the wheel",
  isRanked: false,
  gate:
    () =>
    ({ expertDrives, deviation, disagreement }) => {
      const limit = expertDrives ? calm : alarm;
      return deviation > limit.deviation || disagreement > limit.disagreement;
    },
  choose: ({ n, expertDrove }, budget) =>
    Array.from({ length: n }, (_, i) => i)
      .filter((i) => expertDrove[i] === 1)
      .slice(0, budget),
};
