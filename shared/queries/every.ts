import { distinct, type Query } from "./query.ts";

/**
 * Asks about every visited state, in order, until the budget is spent (Ross et al. 2011, Algorithm 3.1): once
 * about each, however often a learner that is stuck comes back to it.
 */
export const every: Query = {
  name: "every",
  title: "every state",
  needs: "answers",
  isRanked: false,
  choose: (visited, budget) => distinct(visited).slice(0, budget),
};
