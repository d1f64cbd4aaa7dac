import { signal } from "@preact/signals";
import { NoAnswer, post } from "../net/post.ts";

/** Milliseconds to wait for an answer, and between attempts. */
const patience = 15_000;
const firstPause = 500;
const longestPause = 8000;

/** Statuses by which the server says that there is no use in asking again. */
export const isFinal = (status: number | null) =>
  status !== null && status >= 400 && status < 500 && status !== 429;

/** Something that is asked of the server until it answers. One at a time; what it says is told in words. */
export class Asking {
  readonly busy = signal(false);
  /** Why it was not done, or why there is no answer yet; null where nothing is in the way. */
  readonly trouble = signal<string | null>(null);
  #isClosed = false;

  /** Returns the answer; null where it is no, or where something else is being asked. */
  async ask<Answer>(path: string, body: object): Promise<Answer | null> {
    if (this.busy.peek()) return null;
    this.busy.value = true;
    this.trouble.value = null;
    try {
      for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
        try {
          const answer = await post<Answer>(path, body, patience);
          this.trouble.value = null;
          return answer;
        } catch (error) {
          this.trouble.value = (error as Error).message;
          const passes = error instanceof NoAnswer && !isFinal(error.status);
          if (!passes || this.#isClosed) return null;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    } finally {
      this.busy.value = false;
    }
  }

  /** Nobody waits for the answer any more. */
  close(): void {
    this.#isClosed = true;
  }
}
