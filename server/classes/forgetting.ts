import { randomInt } from "node:crypto";
import type { Reports } from "../reports.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { Classes } from "./classes.ts";

const day = 86_400_000; // ms
/** How often one looks for classes whose time is over, ms; about, so that processes that began at once part. */
const interval = 3_600_000;
const spread = 600_000;

/** Deletes classes whose time is over, with their lessons. Where it breaks off, or several do so at once, it is done again. */
export class Forgetting {
  readonly #log: SqlLog;
  readonly #days: number;
  readonly #classes: Pick<Classes, "forget">;
  readonly #reports: Reports;
  #isLooking = false;

  /** @param days after which a class is deleted */
  constructor(log: SqlLog, classes: Pick<Classes, "forget">, days: number, reports: Reports) {
    this.#log = log;
    this.#classes = classes;
    this.#days = days;
    this.#reports = reports;
  }

  /** Looks now, and once an hour from now on. */
  begin(): void {
    const look = () => void this.look(Date.now());
    look();
    // A server that ends does not wait for it.
    setInterval(look, interval + randomInt(spread)).unref();
  }

  /** Deletes what is too old at a time, ms since 1970. */
  async look(now: number): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (const id of await this.#log.classes.before(now - this.#days * day))
        await this.#forget(id);
    } catch (error) {
      this.#reports.failed("forget classes", error);
    } finally {
      this.#isLooking = false;
    }
  }

  /** One that cannot be deleted keeps no other. */
  async #forget(id: string): Promise<void> {
    try {
      await this.#classes.forget(id);
      this.#reports.logger.info({ class: id }, "class forgotten");
    } catch (error) {
      this.#reports.failed("forget classes", error);
    }
  }
}
