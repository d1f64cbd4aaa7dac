import { CompiledQuery, type Kysely, type QueryResult } from "kysely";
import type { Spend } from "../../shared/lesson/log.ts";
import { timed } from "../time.ts";
import { type FaultOf, whyNotStored } from "./faults.ts";
import type { Schema } from "./schema.ts";

/** Writes that are committed at once: others wait for as long as it takes. */
const mostWrites = 128;

/** For how long one waits for another program that holds the database, ms. */
export const patience = 2000;
/** How often one looks whether it is done, ms. */
export const pause = 20;

/** Runs a query in the transaction at hand. */
export type Run = <R>(query: CompiledQuery<R>) => Promise<QueryResult<R>>;

/** Statements that are done together or not at all. */
export type Statements<T> = (run: Run) => Promise<T>;

const commit = CompiledQuery.raw("commit");
const rollback = CompiledQuery.raw("rollback");

/** Something to write, who waits for it to be on disk, and who pays. */
interface Write {
  readonly statements: Statements<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (why: unknown) => void;
  readonly spend: Spend;
  /** When it is no longer tried. */
  readonly until: number;
}

/** What is to be written, committed together: the disk takes as long over one commit as over another. */
export class Writes {
  readonly #db: Kysely<Schema>;
  readonly #faultOf: FaultOf;
  readonly #begin: CompiledQuery;
  readonly #waiting: Write[] = [];
  /** Those that another program kept out in this turn of the event loop. */
  readonly #keptOut: Write[] = [];
  #isGoing = false;

  /** @param begin how a transaction begins that sees nothing that others write after it */
  constructor(db: Kysely<Schema>, faultOf: FaultOf, begin: string) {
    this.#db = db;
    this.#faultOf = faultOf;
    this.#begin = CompiledQuery.raw(begin);
  }

  /**
   * Does `statements`, all or none, together with whatever else is to be written in this turn of the
   * event loop. One that fails takes no other with it.
   * @param spend told the time that it took
   * @throws NotStored where the database does not take it
   */
  write<T>(statements: Statements<T>, spend: Spend = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const until = performance.now() + patience;
      const kept = resolve as (result: unknown) => void;
      this.#waiting.push({ statements, resolve: kept, reject, spend, until });
      if (this.#isGoing) return;
      this.#isGoing = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const writes = this.#waiting.splice(0, mostWrites);
    timed(
      () => void this.#commit(writes).then(() => this.#goOn()),
      (ms) => {
        for (const { spend } of writes) spend(ms / writes.length);
      },
    );
  }

  #goOn(): void {
    // Others are served while one waits.
    const isKeptOut = this.#keptOut.length > 0;
    this.#waiting.unshift(...this.#keptOut.splice(0));
    if (isKeptOut) setTimeout(() => this.#flush(), pause);
    else if (this.#waiting.length > 0) setImmediate(() => this.#flush());
    else this.#isGoing = false;
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    /** Which of them is being done; none while all begin, or are committed. */
    let doing: Write | null = null;
    try {
      // By its connection, since what Kysely does around a transaction, and around each query of one,
      // takes as long as the query.
      const results = await this.#db.getExecutor().provideConnection(async (connection) => {
        const run: Run = (query) => connection.executeQuery(query);
        await run(this.#begin);
        try {
          const each: unknown[] = [];
          for (const write of writes) {
            doing = write;
            each.push(await write.statements(run));
          }
          doing = null;
          await run(commit);
          return each;
        } catch (error) {
          try {
            await run(rollback);
          } catch {
            // Where a write fails for what the disk is, some databases have rolled back by themselves.
          }
          throw error;
        }
      });
      for (const [i, { resolve }] of writes.entries()) resolve(results[i]);
    } catch (error) {
      const fault = this.#faultOf(error);
      if (fault === "busy") return this.#keepOut(writes, doing, error);
      // To try each by itself would take as long again, many times.
      if (fault === "unreachable") {
        for (const { reject } of writes) reject(whyNotStored(error, fault));
        return;
      }
      if (writes.length === 1) return writes[0]!.reject(whyNotStored(error, fault));
      // By halves, so that one that fails costs a few commits more, not one for each of the others.
      const half = writes.length >> 1;
      await this.#commit(writes.slice(0, half));
      await this.#commit(writes.slice(half));
    }
  }

  /** @param held the one that needs what another program holds; null where that is the database, and all wait */
  async #keepOut(writes: readonly Write[], held: Write | null, error: unknown): Promise<void> {
    for (const write of held ? [held] : writes) {
      if (performance.now() < write.until) this.#keptOut.push(write);
      else write.reject(whyNotStored(error, "busy"));
    }
    const others = writes.filter((write) => held && write !== held);
    if (others.length > 0) await this.#commit(others);
  }
}
