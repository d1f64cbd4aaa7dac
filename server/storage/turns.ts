/** Those who wait for a turn of the event loop of their own, in order of arrival. */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves at the beginning of a turn that nobody else has been given. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(() => this.#give());
    });
  }

  #give(): void {
    this.#waiting.shift()!();
    if (this.#waiting.length > 0) setImmediate(() => this.#give());
  }
}
