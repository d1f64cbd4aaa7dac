import type { Query } from "./query.ts";

/** Asks about states drawn at random without replacement: the control for every cleverer choice. */
export const random: Query = {
  name: "random",
  title: "states drawn at random",
  needs: "answers",
  isRanked: true,
  choose({ n }, budget, random) {
    const left = Array.from({ length: n }, (_, i) => i);
    const picks = Math.min(n, budget);
    // The first steps of Fisher and Yates's shuffle.
    for (let i = 0; i < picks; i++) {
      const j = i + random.below(n - i);
      [left[i], left[j]] = [left[j]!, left[i]!];
    }
    return left.slice(0, picks);
  },
};
