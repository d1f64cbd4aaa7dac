import type { RateLimiterAbstract } from "rate-limiter-flexible";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import { count } from "../../shared/plural.ts";
import type { Counts } from "../door/counts.ts";

/** The longer work that each lesson, address or class has had within the hour. */
export class Hours {
  readonly #most: number;
  /** Seconds of work, by who pays. */
  readonly #spent: RateLimiterAbstract;

  /** @param most seconds of work in an hour */
  constructor(most: number, counts: Counts) {
    this.#most = most;
    this.#spent = counts("work", most, 3600);
  }

  /** Why there is no more within this hour; null where there is. */
  async refuse(order: Order): Promise<Refusal | null> {
    for (const payer of payersOf(order)) {
      const spent = await this.#spent.get(payer);
      if (!spent || spent.consumedPoints < this.#most) continue;
      const minutes = Math.ceil(spent.msBeforeNext / 60_000);
      const reason = `${whose(payer, order)} has used its training time for this hour; go on in ${minutes} min.`;
      return { code: "spent", reason };
    }
    return null;
  }

  async spend(order: Order, ms: number): Promise<void> {
    for (const payer of payersOf(order)) await this.#spent.penalty(payer, Math.ceil(ms / 1000));
  }
}

function payersOf({ payer, class: id }: Order): string[] {
  return id === undefined ? [payer] : [payer, id];
}

function whose(payer: string, order: Order): string {
  if (payer === order.class) return "This class";
  return payer === order.lesson ? "This lesson" : "Your network address";
}

export function tooLong(seconds: number): Refusal {
  const reason = `This took more than ${count(seconds, "second")} and was stopped; the lesson is as it was.`;
  return { code: "too-long", reason };
}
