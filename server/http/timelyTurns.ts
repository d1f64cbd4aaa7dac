/** Work that is done one after the other, in order of arrival. What has waited for too long is not done. */
export class TimelyTurns {
  readonly #longestWait: number;
  /** Resolves when the work before is done. */
  #before: Promise<unknown> = Promise.resolve();

  /** @param longestWait ms */
  constructor(longestWait: number) {
    this.#longestWait = longestWait;
  }

  /** Resolves to what `work` does; to null where its turn did not come in time. */
  run<T>(work: () => Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      let due: typeof work | null = work;
      const giveUp = setTimeout(() => {
        // What it is about leaves memory now, and not with its turn.
        due = null;
        resolve(null);
      }, this.#longestWait);
      const turn = this.#before.then(() => {
        clearTimeout(giveUp);
        return due?.() ?? null;
      });
      this.#before = turn.catch(() => {});
      turn.then(resolve, reject);
    });
  }
}
