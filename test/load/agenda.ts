/** Kinds of requests in a lesson. */
export type Kind = "label" | "undo" | "episode" | "train";

/** An action with the time at which it is due. */
export interface Item {
  /** Time after the beginning, ms. */
  readonly due: number;
  readonly kind: "answer" | "episode";
}

/** Lesson `index` of `n`. */
export interface LessonIndex {
  readonly index: number;
  readonly n: number;
}

const betweenAnswers = 500; // ms
const betweenEpisodes = 10_000; // ms

/**
 * The actions of one lesson of `n` in `seconds`: two answers a second and an episode every ten seconds,
 * with the lessons spread evenly over both periods.
 */
export function agenda({ index, n }: LessonIndex, seconds: number): Item[] {
  const every = (step: number, share: number, kind: Item["kind"]) => {
    const items: Item[] = [];
    for (let due = share * step; due < 1000 * seconds; due += step) items.push({ due, kind });
    return items;
  };
  // Multiples of the golden ratio spread the episodes evenly, independently of the answers.
  const elsewhere = (index * 0.618033988749895) % 1;
  return [
    ...every(betweenAnswers, index / n, "answer"),
    ...every(betweenEpisodes, elsewhere, "episode"),
  ].sort((a, b) => a.due - b.due);
}

/** Resolves at a time of `performance.now()`, or at once where that has passed. */
export function until(time: number): Promise<void> {
  const left = time - performance.now();
  return left <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, left));
}
