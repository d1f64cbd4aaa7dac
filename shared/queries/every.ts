import type { Query } from "./query.ts";

/** Asks about every visited state, in order, until the budget is spent (Ross et al. 2011, Algorithm 3.1). */
export const every: Query = {
  name: "every",
  title: "every state",
  needs: "answers",
  isRanked: false,
  choose: ({ n }, budget) => Array.from({ length: Math.min(n, budget) }, (_, i) => i),
};
