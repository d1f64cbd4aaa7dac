import type { Reports } from "../reports.ts";
import type { SqlLog } from "../storage/sqlLog.ts";

const day = 86_400_000; // ms
/** How often one looks for classes whose time is over, ms. */
const interval = 3_600_000;

/** Deletes classes whose time is over, with their lessons. Where it breaks off, or several do so at once, it is done again. */
export class Forgetting {
  readonly #log: SqlLog;
  readonly #days: number;
  readonly #reports: Reports;

  /** @param days after which a class is deleted */
  constructor(log: SqlLog, days: number, reports: Reports) {
    this.#log = log;
    this.#days = days;
    this.#reports = reports;
  }

  /** Looks now, and once an hour from now on. */
  begin(): void {
    const look = () => void this.look(Date.now());
    look();
    // A server that ends does not wait for it.
    setInterval(look, interval).unref();
  }

  /** Deletes what is too old at a time, ms since 1970. */
  async look(now: number): Promise<void> {
    try {
      for (const id of await this.#log.classes.before(now - this.#days * day)) {
        await this.#log.classes.forget(id);
        this.#reports.logger.info({ class: id }, "class forgotten");
      }
    } catch (error) {
      this.#reports.failed("forget classes", error);
    }
  }
}
