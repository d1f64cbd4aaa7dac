import { signal } from "@preact/signals";
import { NoAnswer, post } from "../net/post.ts";

/** Milliseconds to wait for an answer, and between attempts. */
const patience = 15_000;
const firstPause = 500;
const longestPause = 8000;

/** Statuses by which the server says that there is no use in asking again. */
export const isFinal = (status: number | null) =>
  status !== null && status >= 400 && status < 500 && status !== 429;

/** What is asked of the server until it answers, one after the other. What is in the way is told in words. */
export class Asking {
  /** Whether there is something that has not been answered. */
  readonly busy = signal(false);
  /** Why the last was not done, or why there is no answer yet; null where nothing is in the way. */
  readonly trouble = signal<string | null>(null);
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Returns the answer; null where it is no, or where nobody waits for it any more. */
  ask<Answer>(path: string, body: object): Promise<Answer | null> {
    this.#waiting++;
    this.busy.value = true;
    const answer = this.#last.then(() => this.#insist<Answer>(path, body));
    this.#last = answer.finally(() => {
      this.#waiting--;
      this.busy.value = this.#waiting > 0;
    });
    return answer;
  }

  /** Nobody waits for an answer any more. */
  close(): void {
    this.#isClosed = true;
  }

  async #insist<Answer>(path: string, body: object): Promise<Answer | null> {
    this.trouble.value = null;
    for (let pause = firstPause; !this.#isClosed; pause = Math.min(longestPause, 2 * pause)) {
      try {
        const answer = await post<Answer>(path, body, patience);
        this.trouble.value = null;
        return answer;
      } catch (error) {
        this.trouble.value = (error as Error).message;
        if (!(error instanceof NoAnswer) || isFinal(error.status)) return null;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return null;
  }
}
