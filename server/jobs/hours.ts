import type { RateLimiterAbstract } from "rate-limiter-flexible";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import { count } from "../../shared/plural.ts";
import type { Counts } from "../door/counts.ts";

/** The training and inference that each lesson, or address, has had within the hour. */
export class Hours {
  readonly #most: number;
  /** Seconds of work, by `Order.payer`. */
  readonly #spent: RateLimiterAbstract;

  /** @param most seconds of work in an hour */
  constructor(most: number, counts: Counts) {
    this.#most = most;
    this.#spent = counts("work", most, 3600);
  }

  /** Why there is no more within this hour; null where there is. */
  async refuse({ payer, lesson }: Order): Promise<Refusal | null> {
    const spent = await this.#spent.get(payer);
    if (!spent || spent.consumedPoints < this.#most) return null;
    const minutes = Math.ceil(spent.msBeforeNext / 60_000);
    const whose = payer === lesson ? "This lesson" : "Your address";
    const reason = `${whose} has had its training time for this hour; go on in ${minutes} min.`;
    return { code: "spent", reason };
  }

  async spend({ payer }: Order, ms: number): Promise<void> {
    await this.#spent.penalty(payer, Math.ceil(ms / 1000));
  }
}

export function tooLong(seconds: number): Refusal {
  const reason = `This took more than ${count(seconds, "second")} and was broken off; the lesson is as it was.`;
  return { code: "too-long", reason };
}
