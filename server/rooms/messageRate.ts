import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { tooFast } from "../../shared/lesson/service/refusals.ts";
import { hangUp, isAbsent, type LessonClient } from "../door/lessonClient.ts";

/** How often a connection may ask for something. */
export class MessageRate {
  readonly #most: number;
  readonly #counts: RateLimiterMemory;

  /** @param most messages in ten seconds */
  constructor(most: number) {
    this.#most = most;
    this.#counts = new RateLimiterMemory({ points: most, duration: 10 });
  }

  /**
   * Counts a message; says why it has to wait, null while its sender keeps within bounds. Whoever
   * does not listen, or goes on for too long, is cut off.
   */
  async refuse(client: LessonClient): Promise<Refusal | null> {
    if (isAbsent(client)) hangUp(client);
    try {
      await this.#counts.consume(client.sessionId);
      return null;
    } catch (excess) {
      // Refusals cost something, too.
      const { consumedPoints } = excess as RateLimiterRes;
      if (consumedPoints > 10 * this.#most) hangUp(client);
      return tooFast;
    }
  }
}
