import { timingSafeEqual } from "node:crypto";
import type { Kysely } from "kysely";
import type * as z from "zod";
import type { Spend } from "../../shared/lesson/log.ts";
import { random128 } from "../random128.ts";
import { digest, sha256 } from "../sha256.ts";
import { now } from "../time.ts";
import { checksum } from "./chain.ts";
import { compiled } from "./compiled.ts";
import { unreadable } from "./faults.ts";
import type { Reads } from "./reads.ts";
import type { Schema } from "./schema.ts";
import type { Run, Writes } from "./writes.ts";

/** Rows that are read at a time. */
const page = 500;

/** Where a kind of event logs is kept: a table of those who have one, and a table of their events. */
export interface Tables {
  readonly owners: "studies" | "classes";
  readonly events: "study_events" | "class_events";
  /** The column that says whose an event is. */
  readonly owner: "study" | "class";
  /** What such a log is called to people. */
  readonly words: string;
}

/** An event with its place. */
export type Placed<Body> = Body & { readonly seq: number; readonly at: number };

/**
 * Append-only logs beside those of lessons: of every study, or of every class. Each is written to under the number
 * that its next event has, so that whoever decided by an older state has to look again.
 */
export class EventLog<Body extends { readonly type: string }> {
  protected readonly reads: Reads;
  protected readonly writes: Writes;
  readonly #schema: z.ZodType<Body>;
  readonly #tables: Tables;
  readonly #queries: ReturnType<typeof queriesOf>;

  constructor(
    db: Kysely<Schema>,
    reads: Reads,
    writes: Writes,
    tables: Tables,
    schema: z.ZodType<Body>,
  ) {
    this.reads = reads;
    this.writes = writes;
    this.#schema = schema;
    this.#tables = tables;
    this.#queries = queriesOf(db, tables);
  }

  /** What the addresses and secrets of lessons are made from, so that they are the same wherever somebody comes in. */
  protected async seedOf(owner: string): Promise<string | null> {
    const [known] = await this.reads.rows(this.#queries.owner({ owner }));
    return known?.seed ?? null;
  }

  /** Makes a row for whoever will have events; where there is one, it stays. */
  protected async addOwner(run: Run, owner: string, secret: string | null): Promise<void> {
    const seed = random128() + random128();
    await run(this.#queries.addOwner({ name: owner, created: Date.now(), seed, secret }));
  }

  protected async setSecret(run: Run, owner: string, secret: string): Promise<void> {
    await run(this.#queries.setSecret({ owner, secret: digest(secret) }));
  }

  /** Whether this is the secret of whoever leads it. */
  async isSecret(owner: string, secret: string): Promise<boolean> {
    const [row] = await this.reads.rows(this.#queries.owner({ owner }));
    return (
      Boolean(row?.secret) && timingSafeEqual(sha256(secret), Buffer.from(row!.secret!, "hex"))
    );
  }

  /**
   * The events after number `since`, in order.
   * @param spend told the time of each page, with what was done with it, but for the first: that one belongs to the turn
   * of the event loop in which it is asked for
   * @throws Unreadable where one is damaged or missing
   */
  async *events(
    owner: string,
    since = 0,
    spend: Spend = () => {},
  ): AsyncGenerator<readonly Placed<Body>[]> {
    const { words } = this.#tables;
    for (let last = since, isFirst = true; ; isFirst = false) {
      const began = now();
      const rows = await this.reads.rows(this.#queries.eventsAfter({ owner, seq: last }));
      yield rows.map(({ seq, at, body, crc }) => {
        if (seq !== ++last) throw unreadable(`Event ${last} of this ${words} is missing`);
        if (crc !== checksum({ key: `${seq}`, at, body }))
          throw unreadable(`Event ${seq} of this ${words} is damaged`);
        return { ...this.#schema.parse(JSON.parse(body)), seq, at };
      });
      if (!isFirst) spend(now() - began);
      if (rows.length < page) return;
      await this.reads.turn();
    }
  }

  /**
   * Makes `event` number `seq`; null where somebody else wrote first, and one has to look again.
   * @param more what is done with it, or not at all
   * @throws NotStored
   */
  append(
    owner: string,
    seq: number,
    event: Body,
    spend?: Spend,
    more: (run: Run) => Promise<void> = async () => {},
  ): Promise<Placed<Body> | null> {
    return this.writes.write(async (run) => {
      if (!(await this.mayAppend(run, owner))) return null;
      const added = await this.add(run, owner, seq, event, whoseIs(event, seq));
      if (added) await more(run);
      return added;
    }, spend);
  }

  /** Whether whoever had a log has been deleted, or is being deleted. */
  async isForgotten(_owner: string): Promise<boolean> {
    return false;
  }

  /** Whether whoever has a log may have another event: in one transaction with it. */
  protected async mayAppend(_run: Run, _owner: string): Promise<boolean> {
    return true;
  }

  /** @param participant whose event it is, by the number of their first; null where it is nobody's */
  protected async add(
    run: Run,
    owner: string,
    seq: number,
    event: Body,
    participant: number | null,
  ): Promise<Placed<Body> | null> {
    const at = Date.now();
    const body = JSON.stringify(event);
    const crc = checksum({ key: `${seq}`, at, body });
    const added = await run(this.#queries.addEvent({ owner, seq, at, participant, body, crc }));
    // Parsed back, so that whoever works on with it has what a later reader of the log will have.
    return added.numAffectedRows ? { ...this.#schema.parse(JSON.parse(body)), seq, at } : null;
  }

  /** Puts `event` in the place of all that are somebody's. */
  protected async replaceAll(
    run: Run,
    owner: string,
    participant: number,
    event: Body,
  ): Promise<void> {
    const body = JSON.stringify(event);
    for (const { seq, at } of (await run(this.#queries.ofParticipant({ owner, participant }))).rows)
      await run(
        this.#queries.replace({ owner, seq, body, crc: checksum({ key: `${seq}`, at, body }) }),
      );
  }

  /** Deletes lessons with all that is in them. @throws NotStored */
  dropLessons(lessons: readonly string[], spend?: Spend): Promise<void> {
    return this.writes.write(async (run) => this.drop(run, lessons), spend);
  }

  protected async drop(run: Run, lessons: readonly string[]): Promise<void> {
    const { dropPolicies, dropEvents, dropLesson } = this.#queries;
    for (const lesson of lessons)
      for (const drop of [dropPolicies, dropEvents, dropLesson]) await run(drop({ lesson }));
  }

  /** Deletes all events, and the row of whoever had them. */
  protected async dropOwner(run: Run, owner: string): Promise<void> {
    await run(this.#queries.dropAllEvents({ owner }));
    await run(this.#queries.dropOwner({ owner }));
  }

  /** All that there is a log of, by name. */
  async names(): Promise<string[]> {
    return (await this.reads.rows(this.#queries.names({}))).map(({ name }) => name);
  }
}

/** Whose event it is: one that says of whom it is, or that brought somebody whose number is its own. */
function whoseIs(event: object, seq: number): number | null {
  if ("participant" in event) return event.participant as number;
  return "type" in event && event.type === "arrived" ? seq : null;
}

interface Place {
  readonly owner: string;
  readonly seq: number;
}

/** The tables of classes have the columns of those of studies, but for the one that says whose an event is. */
function queriesOf(db: Kysely<Schema>, tables: Tables) {
  const owners = tables.owners as "studies";
  const events = tables.events as "study_events";
  const owner = tables.owner as "study";
  return {
    names: compiled(() => db.selectFrom(owners).select("name").orderBy("name")),
    owner: compiled(({ owner }: { owner: string }) =>
      db.selectFrom(owners).select(["seed", "secret"]).where("name", "=", owner),
    ),
    addOwner: compiled((row: Schema["studies"]) =>
      db
        .insertInto(owners)
        .values({ name: row.name, created: row.created, seed: row.seed, secret: row.secret })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    setSecret: compiled((row: { owner: string; secret: string }) =>
      db.updateTable(owners).set({ secret: row.secret }).where("name", "=", row.owner),
    ),
    dropOwner: compiled((row: { owner: string }) =>
      db.deleteFrom(owners).where("name", "=", row.owner),
    ),
    eventsAfter: compiled((place: Place) =>
      db
        .selectFrom(events)
        .select(["seq", "at", "body", "crc"])
        .where(owner, "=", place.owner)
        .where("seq", ">", place.seq)
        .orderBy("seq")
        .limit(page),
    ),
    addEvent: compiled((row: Omit<Schema["study_events"], "study"> & { owner: string }) => {
      const { seq, at, participant, body, crc } = row;
      return db
        .insertInto(events)
        .values({ [owner]: row.owner, seq, at, participant, body, crc } as Schema["study_events"])
        .onConflict((conflict) => conflict.doNothing());
    }),
    ofParticipant: compiled((row: { owner: string; participant: number }) =>
      db
        .selectFrom(events)
        .select(["seq", "at"])
        .where(owner, "=", row.owner)
        .where("participant", "=", row.participant),
    ),
    replace: compiled(({ owner: of, seq, body, crc }: Place & { body: string; crc: number }) =>
      db
        .updateTable(events)
        .set({ body, crc, participant: null })
        .where(owner, "=", of)
        .where("seq", "=", seq),
    ),
    dropAllEvents: compiled((row: { owner: string }) =>
      db.deleteFrom(events).where(owner, "=", row.owner),
    ),
    dropPolicies: compiled(({ lesson }: { lesson: string }) =>
      db.deleteFrom("policies").where("lesson", "=", lesson),
    ),
    dropEvents: compiled(({ lesson }: { lesson: string }) =>
      db.deleteFrom("events").where("lesson", "=", lesson),
    ),
    dropLesson: compiled(({ lesson }: { lesson: string }) =>
      db.deleteFrom("lessons").where("id", "=", lesson),
    ),
  };
}
