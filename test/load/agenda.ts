/** What a lesson does once it is under way. */
export type Kind = "label" | "undo" | "episode" | "train";

/** Something to be done at a time, whatever else is late. */
export interface Item {
  /** Milliseconds after the beginning. */
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
 * What one lesson of `n` does in `seconds`: two answers a second, an episode every ten. The lessons
 * are spread evenly over the half second and the ten, as people are who know nothing of each other.
 */
export function agenda({ index, n }: LessonIndex, seconds: number): Item[] {
  const every = (step: number, share: number, kind: Item["kind"]) => {
    const items: Item[] = [];
    for (let due = share * step; due < 1000 * seconds; due += step) items.push({ due, kind });
    return items;
  };
  // The golden ratio spreads what has a second rhythm over what the first leaves open.
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
