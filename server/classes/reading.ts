import { Busy } from "../storage/decisions.ts";

/** Most that are read or wait at a time. */
const mostAtATime = 200;

/**
 * Lessons that are read for classes, beside those that are open and have their bound in memory: one at a time, however many
 * classes there are, since each may be large.
 */
export class Reading {
  #last: Promise<unknown> = Promise.resolve();
  #atATime = 0;

  /** @throws Busy */
  async inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.#atATime >= mostAtATime)
      throw new Busy("The server is reading many lessons. The page keeps trying.");
    this.#atATime++;
    const turn = this.#last.then(task);
    const ended = () => {
      this.#atATime--;
    };
    this.#last = turn.then(ended, ended);
    return turn;
  }
}
