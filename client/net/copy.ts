import { signal } from "@preact/signals";
import { apply, type LessonEvent, read } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";

/** A page's copy of a lesson: the fold of the events that it was told, whatever their order. */
export class LessonCopy {
  readonly lesson = signal(emptyLesson);
  /** Events by number that came before those that they follow on. */
  readonly #early = new Map<number, LessonEvent>();

  /** Number of the last event that was taken in. */
  get seq(): number {
    return this.lesson.peek().seq;
  }

  /**
   * Takes events in in their order; those that came early wait for what is missing between.
   * @returns whether something is missing
   */
  take(events: readonly LessonEvent[]): boolean {
    for (const event of events) this.#early.set(event.seq, event);
    const fresh: LessonEvent[] = [];
    for (let next = this.#early.get(this.seq + 1); next; next = this.#early.get(next.seq + 1))
      fresh.push(next);
    if (fresh.length > 0) this.lesson.value = fresh.reduce(apply, this.lesson.peek());
    for (const early of this.#early.keys()) if (early <= this.seq) this.#early.delete(early);
    return this.#early.size > 0;
  }

  /** Drops what waits: the same numbers may mean other events now. */
  forgetEarly(): void {
    this.#early.clear();
  }

  /** Begins anew: the lesson that these events make. */
  replace(events: readonly LessonEvent[]): void {
    this.lesson.value = events.reduce(apply, emptyLesson);
  }
}

/** Events from the JSON of an array. @throws Error where this page does not know their form */
export function eventsOf(json: string): LessonEvent[] {
  return (JSON.parse(json) as unknown[]).map(read);
}
