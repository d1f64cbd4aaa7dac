import type { Query } from "./query.ts";

// Strategies made of others, for comparisons that are to differ in one thing.

/** The same choice among the states of drives in which the expert is at the wheel. */
export function withExpert(query: Query): Query {
  return { ...query, needs: "at the wheel", gate: () => () => true };
}

/**
 * The same choice, but of so many states, filled up with the first of the others where it finds fewer.
 * @param count how many, asked once for each choice; all where there are fewer
 */
export function asMany(query: Query, count: () => number): Query {
  return {
    ...query,
    choose(visited, _, random) {
      const n = Math.min(count(), visited.n);
      const picks = new Set(query.choose(visited, n, random));
      for (let i = 0; picks.size < n; i++) picks.add(i);
      return [...picks];
    },
  };
}
