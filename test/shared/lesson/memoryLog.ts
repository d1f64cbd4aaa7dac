import { createHash, randomBytes } from "node:crypto";
import type { NewLesson } from "../../../shared/lesson/events/created.ts";
import {
  eventOf,
  type Log,
  mostRows,
  type NewRow,
  type Row,
  type Spend,
  type Stored,
  type Stretch,
  Unreadable,
} from "../../../shared/lesson/log.ts";
import { type Begun, pageSize } from "../../../shared/lesson/protocol.ts";

/** A lesson in memory. */
interface Kept {
  readonly secret: string;
  readonly rows: (Row & { readonly print: string | null })[];
  readonly policies: Map<number, string>;
}

/** SHA-256, hex. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A log that outlives nothing, for tests. Several on one store are as several processes on one database. */
export class MemoryLog implements Log {
  readonly epoch = "memory";
  readonly #store: Map<string, Kept>;

  constructor(store: Map<string, Kept> = new Map()) {
    this.#store = store;
  }

  /** Another log on the same store. */
  another(): MemoryLog {
    return new MemoryLog(this.#store);
  }

  async create(lesson: NewLesson): Promise<Begun> {
    const [id, secret] = [random128(), random128()];
    const body = JSON.stringify({ type: "created", ...lesson });
    const rows = [{ key: "created", at: Date.now(), body, print: null }];
    this.#store.set(id, { secret, rows, policies: new Map() });
    return { id, secret };
  }

  async isOwner(lesson: string, secret: string | undefined): Promise<boolean> {
    return this.#store.get(lesson)?.secret === secret && secret !== undefined;
  }

  async *stretches(lesson: string, since = 0, spend: Spend = () => {}): AsyncGenerator<Stretch> {
    for (let last = since, more = true; more; ) {
      const stretch = await this.stretch(lesson, last, pageSize);
      yield stretch;
      spend(0);
      ({ last, more } = stretch);
    }
  }

  async stretch(lesson: string, since: number, size: number): Promise<Stretch> {
    const rest = this.#store.get(lesson)?.rows.slice(since) ?? [];
    let [n, sum] = [0, 0];
    while (n < Math.min(rest.length, mostRows) && sum < size) sum += rest[n++]!.body.length;
    const rows = rest.slice(0, n).map(({ key, at, body }) => ({ key, at, body }));
    rows.forEach((row, i) => {
      eventOf(row, since + 1 + i);
    });
    return { rows, last: since + n, more: n < rest.length };
  }

  async find(lesson: string, key: string) {
    const rows = this.#store.get(lesson)?.rows ?? [];
    const i = rows.findIndex((row) => row.key === key);
    return i < 0 ? undefined : { seq: i + 1, print: rows[i]!.print };
  }

  async append(
    lesson: string,
    seq: number,
    { key, print, event, policy }: NewRow,
    spend: Spend = () => {},
  ): Promise<Stored | null> {
    spend(0);
    const { rows = [], policies } = this.#store.get(lesson) ?? {};
    if (!policies || seq > rows.length + 1)
      throw new Unreadable("The events before this one are missing.");
    if (seq <= rows.length || rows.some((row) => row.key === key)) return null;
    const row = { key, at: Date.now(), body: JSON.stringify(event) };
    rows.push({ ...row, print });
    if (policy !== undefined) policies.set(seq, policy);
    return { event: eventOf(row, seq), row };
  }

  async policy(lesson: string, seq: number): Promise<string | undefined> {
    return this.#store.get(lesson)?.policies.get(seq);
  }

  async keepPolicy(lesson: string, seq: number, text: string): Promise<void> {
    this.#store.get(lesson)!.policies.set(seq, text);
  }

  /** Makes an event unreadable, as a disk that fails would. */
  damage(lesson: string, seq: number): void {
    const { rows } = this.#store.get(lesson)!;
    rows[seq - 1] = { ...rows[seq - 1]!, body: '{"type"' };
  }

  async close(): Promise<void> {}
}

function random128(): string {
  return randomBytes(16).toString("base64url");
}
