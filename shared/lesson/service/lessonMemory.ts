/** What can be read again from the log, and so may be forgotten at any time. */
export interface Forgettable {
  forget(): void;
}

/** Keeps the lessons in memory within a bound, all together: those used last stay. */
export class LessonMemory {
  readonly #most: number;
  /** Bytes of each lesson's events, the one used last at the end. */
  readonly #held = new Map<Forgettable, number>();
  #sum = 0;

  /** @param most bytes of events, as they are stored */
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
