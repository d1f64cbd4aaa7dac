import { distinct, type Query } from "./query.ts";

/** An answer that would leave more than this share of the uncertainty is not worth asking for. */
const worthwhile = 2 / 3;

/**
 * Asks about the most unfamiliar states: greedily, counting each pick as labelled before the next
 * is picked, so that it does not ask the same thing twice.
 *
 * It stops where a question is no longer worth a person's time: where an answer would leave more
 * than two thirds of the uncertainty about the very place it is for. A label takes the posterior
 * variance v of a linear model there to vλ / (v + λ), so that is where v < λ/2: the model then knows
 * as much of the place as two labels given there would tell, and one person's one label is noisy.
 * One state is asked about in any case.
 */
export const novel: Query = {
  name: "novel",
  title: "the least familiar states",
  needs: "answers",
  isRanked: true,
  choose(visited, budget) {
    const { observationSize, observations, familiarity } = visited;
    const row = (i: number) =>
      observations.subarray(i * observationSize, (i + 1) * observationSize);
    const left = distinct(visited);
    // Labels make nothing less familiar, so what a state's uncertainty was is a bound on what it is,
    // and only the states at the top need looking at again (Minoux 1978).
    const bounds = left.map((i) => familiarity.uncertainty(row(i)));
    const fresh = new Array<number>(left.length).fill(0);
    const picks: number[] = [];
    while (picks.length < budget && picks.length < left.length) {
      const best = highest(bounds);
      const place = row(left[best]!);
      if (fresh[best] !== picks.length) {
        bounds[best] = familiarity.uncertainty(place);
        fresh[best] = picks.length;
        continue;
      }
      const before = bounds[best]!;
      familiarity.see(place);
      if (picks.length > 0 && familiarity.uncertainty(place) > worthwhile * before) break;
      picks.push(left[best]!);
      bounds[best] = Number.NEGATIVE_INFINITY;
    }
    return picks;
  },
};

/** Index of the highest value, the first of equals. */
function highest(values: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
