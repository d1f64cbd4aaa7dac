import type { Random } from "../random.ts";

/** Questions that lie between one and its repeat are at least two: an answer is soon forgotten, not at once. */
const apart = 3;
/** Fewer questions than this are too few to hide a repeat among. */
const fewest = 5;

/**
 * The questions of a round in which some come a second time, unannounced: what a person answers then
 * shows how sure they are themselves. They are dealt out in portions of `budget` questions, repeats
 * included, and each portion of five or more has its share of repeats, evenly spread.
 * @param ranked what there is to ask, best first, no two alike; all of it is asked, in this order
 * @param share share of the questions that are repeats, in [0, 0.2]; 0 is none at all
 */
export function withRepeats<Question>(
  ranked: readonly Question[],
  budget: number,
  share: number,
  random: Random,
): Question[] {
  const list: Question[] = [];
  const once: number[] = [];
  for (let next = 0; next < ranked.length; ) {
    const size = portion(ranked.length - next, budget, share);
    const start = list.length;
    const places = repeatPlaces(size, repeatsIn(size, share), random);
    for (let place = start; place < start + size; place++) {
      if (places.has(place - start)) {
        const far = once.filter((first) => first <= place - apart);
        const first = far[random.below(far.length)]!;
        once.splice(once.indexOf(first), 1);
        list.push(list[first]!);
      } else {
        once.push(place);
        list.push(ranked[next++]!);
      }
    }
  }
  return list;
}

/** Where question `index` was asked before, or null where it is asked for the first time. */
export function askedBefore(
  queries: readonly (readonly [number, number])[],
  index: number,
): number | null {
  const [drive, t] = queries[index]!;
  const first = queries.findIndex((query) => query[0] === drive && query[1] === t);
  return first < index ? first : null;
}

/** How many of `n` questions are repeats. */
function repeatsIn(n: number, share: number): number {
  return n < fewest || share === 0 ? 0 : Math.max(1, Math.round(share * n));
}

/** The most questions, repeats included, that `left` fresh ones make within `budget`. */
function portion(left: number, budget: number, share: number): number {
  let size = Math.min(left, budget);
  while (size < budget && size + 1 - repeatsIn(size + 1, share) <= left) size++;
  return size;
}

/** One place in each of `n` equal stretches of the portion, with fresh questions before it in its stretch. */
function repeatPlaces(size: number, n: number, random: Random): Set<number> {
  return new Set(
    Array.from({ length: n }, (_, i) => {
      const from = Math.floor((i * size) / n) + apart;
      return from + random.below(Math.floor(((i + 1) * size) / n) - from);
    }),
  );
}
