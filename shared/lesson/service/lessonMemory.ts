/** What can be read again from the log, and so may be forgotten at any time. */
export interface Forgettable {
  forget(): void;
}

/**
 * Bytes of heap for each character of a lesson's events as they are stored. The heap before and after the
 * fold of such events, after collecting garbage, on Node 20: 4 where actions are small whole numbers, two
 * characters each; 5 to 6 for labels and rounds, 7.3 where each state of a round's drives is asked about, and a
 * third of them twice; less than 3 for long fractions.
 */
const heapPerCharacter = 8;

/** About how many bytes of heap a lesson takes, by the characters of its events as they are stored. */
export function heapOf(characters: number): number {
  return heapPerCharacter * characters;
}

/** Keeps the lessons in memory within a bound, all together: those used last stay. */
export class LessonMemory {
  readonly #most: number;
  /** Bytes of heap of each lesson, the one used last at the end. */
  readonly #held = new Map<Forgettable, number>();
  #sum = 0;

  /** @param most bytes of heap */
  constructor(most: number) {
    this.#most = most;
  }

  /** A lesson has been used, and is this large. It stays, whatever its size. */
  use(lesson: Forgettable, size: number): void {
    this.leave(lesson);
    this.#held.set(lesson, size);
    this.#sum += size;
    for (const oldest of this.#held.keys()) {
      if (this.#sum <= this.#most || oldest === lesson) break;
      this.leave(oldest);
      oldest.forget();
    }
  }

  /** It is not in memory any more. */
  leave(lesson: Forgettable): void {
    this.#sum -= this.#held.get(lesson) ?? 0;
    this.#held.delete(lesson);
  }
}
