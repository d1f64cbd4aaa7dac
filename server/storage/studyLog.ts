import { timingSafeEqual } from "node:crypto";
import type { Kysely } from "kysely";
import type { Spend } from "../../shared/lesson/log.ts";
import { type StudyEvent, type StudyEventBody, studyEvent } from "../../shared/study/events.ts";
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

/** What is left of an event of somebody who was deleted. */
const deleted = JSON.stringify({ type: "deleted" } satisfies StudyEventBody);

/** The log of every study, beside the lessons that participants do in it. */
export class StudyLog {
  readonly #db: Kysely<Schema>;
  readonly #reads: Reads;
  readonly #writes: Writes;
  readonly #queries: ReturnType<typeof queriesOf>;

  constructor(db: Kysely<Schema>, reads: Reads, writes: Writes) {
    this.#db = db;
    this.#reads = reads;
    this.#writes = writes;
    this.#queries = queriesOf(db);
  }

  /**
   * What the addresses and the secrets of a study's lessons are made from, so that they are the same wherever the
   * same participant comes in; the study's row is made where there is none.
   * @throws NotStored
   */
  async seed(study: string): Promise<string> {
    const [known] = await this.#reads.rows(this.#queries.study({ study }));
    if (known) return known.seed;
    // Two processes may do so at once: the first one's stays.
    await this.#writes.write((run) =>
      run(
        this.#queries.addStudy({
          name: study,
          created: Date.now(),
          seed: random128() + random128(),
          secret: null,
        }),
      ),
    );
    return this.seed(study);
  }

  /** Makes a new secret for the researcher's page, in place of any before. It is kept nowhere here. @throws NotStored */
  async renewSecret(study: string): Promise<string> {
    await this.seed(study);
    const secret = random128();
    await this.#writes.write((run) =>
      run(this.#queries.setSecret({ study, secret: digest(secret) })),
    );
    return secret;
  }

  async isResearcher(study: string, secret: string): Promise<boolean> {
    const [row] = await this.#reads.rows(this.#queries.study({ study }));
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
    study: string,
    since = 0,
    spend: Spend = () => {},
  ): AsyncGenerator<readonly StudyEvent[]> {
    for (let last = since, isFirst = true; ; isFirst = false) {
      const began = now();
      const rows = await this.#reads.rows(this.#queries.eventsAfter({ study, seq: last }));
      yield rows.map(({ seq, at, body, crc }) => {
        if (seq !== ++last) throw unreadable(`Event ${last} of this study is missing`);
        if (crc !== checksum({ key: `${seq}`, at, body }))
          throw unreadable(`Event ${seq} of this study is damaged`);
        return { ...studyEvent.parse(JSON.parse(body)), seq, at };
      });
      if (!isFirst) spend(now() - began);
      if (rows.length < page) return;
      await this.#reads.turn();
    }
  }

  /**
   * Makes `event` number `seq` of a study; null where somebody else wrote first, and one has to look again.
   * @throws NotStored
   */
  append(
    study: string,
    seq: number,
    event: StudyEventBody,
    spend?: Spend,
  ): Promise<StudyEvent | null> {
    const at = Date.now();
    const body = JSON.stringify(event);
    const participant =
      event.type === "arrived" ? seq : "participant" in event ? event.participant : null;
    const crc = checksum({ key: `${seq}`, at, body });
    return this.#writes.write(async (run) => {
      const added = await run(this.#queries.addEvent({ study, seq, at, participant, body, crc }));
      return added.numAffectedRows ? { ...studyEvent.parse(JSON.parse(body)), seq, at } : null;
    }, spend);
  }

  /**
   * Deletes what there is of a participant: their events' content, and their lessons with all that is in them. That
   * it was done is event number `seq`; null, and nothing is deleted, where somebody else wrote first.
   * @throws NotStored
   */
  async erase(
    study: string,
    seq: number,
    participant: number,
    lessons: readonly string[],
    spend?: Spend,
  ): Promise<StudyEvent | null> {
    const { addEvent, ofParticipant, blank } = this.#queries;
    const at = Date.now();
    const event: StudyEventBody = { type: "erased", participant };
    const body = JSON.stringify(event);
    const crc = checksum({ key: `${seq}`, at, body });
    return this.#writes.write(async (run) => {
      const added = await run(addEvent({ study, seq, at, participant: null, body, crc }));
      if (!added.numAffectedRows) return null;
      for (const { seq, at } of (await run(ofParticipant({ study, participant }))).rows)
        await run(
          blank({ study, seq, body: deleted, crc: checksum({ key: `${seq}`, at, body: deleted }) }),
        );
      for (const lesson of lessons) await this.#drop(run, lesson);
      return { ...event, seq, at };
    }, spend);
  }

  /** Deletes a lesson of somebody who has been deleted, with all that is in it. @throws NotStored */
  dropLesson(lesson: string, spend?: Spend): Promise<void> {
    return this.#writes.write((run) => this.#drop(run, lesson), spend);
  }

  async #drop(run: Run, lesson: string): Promise<void> {
    const { dropPolicies, dropEvents, dropLesson } = this.#queries;
    for (const drop of [dropPolicies, dropEvents, dropLesson]) await run(drop({ lesson }));
  }

  /** Names of all studies that there is anything of. */
  async names(): Promise<string[]> {
    const rows = await this.#db.selectFrom("studies").select("name").orderBy("name").execute();
    return rows.map(({ name }) => name);
  }
}

interface Place {
  readonly study: string;
  readonly seq: number;
}

function queriesOf(db: Kysely<Schema>) {
  return {
    study: compiled(({ study }: { study: string }) =>
      db.selectFrom("studies").select(["seed", "secret"]).where("name", "=", study),
    ),
    addStudy: compiled((row: Schema["studies"]) =>
      db
        .insertInto("studies")
        .values({ name: row.name, created: row.created, seed: row.seed, secret: row.secret })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    setSecret: compiled(({ study, secret }: { study: string; secret: string }) =>
      db.updateTable("studies").set({ secret }).where("name", "=", study),
    ),
    eventsAfter: compiled(({ study, seq }: Place) =>
      db
        .selectFrom("study_events")
        .select(["seq", "at", "body", "crc"])
        .where("study", "=", study)
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(page),
    ),
    addEvent: compiled(({ study, seq, at, participant, body, crc }: Schema["study_events"]) =>
      db
        .insertInto("study_events")
        .values({ study, seq, at, participant, body, crc })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    ofParticipant: compiled(({ study, participant }: { study: string; participant: number }) =>
      db
        .selectFrom("study_events")
        .select(["seq", "at"])
        .where("study", "=", study)
        .where("participant", "=", participant),
    ),
    blank: compiled(({ study, seq, body, crc }: Place & { body: string; crc: number }) =>
      db
        .updateTable("study_events")
        .set({ body, crc, participant: null })
        .where("study", "=", study)
        .where("seq", "=", seq),
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
