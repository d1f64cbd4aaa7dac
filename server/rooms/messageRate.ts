import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { tooFast } from "../../shared/lesson/service/refusals.ts";
import { type AnyClient, disconnect, isUnresponsive } from "../door/lessonClient.ts";

/** The limit of messages for each connection. */
export class MessageRate {
  readonly #most: number;
  readonly #counts: RateLimiterMemory;

  /** @param most messages in ten seconds */
  constructor(most: number) {
    this.#most = most;
    this.#counts = new RateLimiterMemory({ points: most, duration: 10 });
  }

  /**
   * Counts a message. Returns a refusal once its sender is over the limit, else null. A client that
   * does not read, or goes far over the limit, is disconnected.
   */
  async refuse(client: AnyClient): Promise<Refusal | null> {
    if (isUnresponsive(client)) disconnect(client);
    try {
      await this.#counts.consume(client.sessionId);
      return null;
    } catch (excess) {
      // Refusals cost time too.
      const { consumedPoints } = excess as RateLimiterRes;
      if (consumedPoints > 10 * this.#most) disconnect(client);
      return tooFast;
    }
  }
}
