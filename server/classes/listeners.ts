/** Whoever wants to hear of a class in this process. */
export interface Listener {
  /** Something was written in the class. */
  changed(): void;
  /** More is known of how a pupil's lesson stands. */
  progressed?(pupil: number): void;
  /** The teacher wants the class's learner to be trained. */
  compare?(): void;
}

/** All who hear of a class: what one of them makes of it does not concern the others, nor whoever told it. */
export class Listeners {
  readonly #all = new Set<Listener>();
  readonly #failed: (what: string, error: unknown) => void;

  /** @param failed told what went wrong */
  constructor(failed: (what: string, error: unknown) => void) {
    this.#failed = failed;
  }

  get size(): number {
    return this.#all.size;
  }

  add(listener: Listener): void {
    this.#all.add(listener);
  }

  remove(listener: Listener): void {
    this.#all.delete(listener);
  }

  each(tell: (listener: Listener) => void): void {
    for (const listener of this.#all) this.guard("follow a class", () => tell(listener));
  }

  guard(what: string, task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#failed(what, error);
    }
  }
}
