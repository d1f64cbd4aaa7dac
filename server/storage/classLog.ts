import type { Kysely, QueryResult } from "kysely";
import { type ClassEvent, type ClassEventBody, classEvent } from "../../shared/class/events.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { random128 } from "../random128.ts";
import { compiled } from "./compiled.ts";
import { EventLog, type Tables } from "./eventLog.ts";
import type { Reads } from "./reads.ts";
import type { Schema } from "./schema.ts";
import type { Run, Writes } from "./writes.ts";

const tables: Tables = {
  owners: "classes",
  events: "class_events",
  owner: "class",
  words: "class",
};

/** Events that are deleted at a time: others write in between. */
const droppedAtOnce = 200;

/** A new class: its address, and the teacher's secret, which is kept nowhere here. */
export interface NewClassRow {
  readonly id: string;
  readonly secret: string;
}

/** Whose a lesson is. */
export interface PupilOf {
  readonly class: string;
  readonly pupil: number;
}

/** The log of every class, beside the lessons of its pupils. */
export class ClassLog extends EventLog<ClassEventBody> {
  readonly #queries: ReturnType<typeof queriesOf>;

  constructor(db: Kysely<Schema>, reads: Reads, writes: Writes) {
    super(db, reads, writes, tables, classEvent);
    this.#queries = queriesOf(db);
  }

  /** Begins a class; null where its code is another's. @throws NotStored */
  async begin(
    created: Extract<ClassEventBody, { type: "created" }>,
    spend?: Spend,
  ): Promise<NewClassRow | null> {
    const begun = { id: random128(), secret: random128() };
    const { code } = created;
    return this.writes.write(async (run) => {
      const claimed = await run(this.#queries.addCode({ code, class: begun.id }));
      if (!claimed.numAffectedRows) return null;
      await this.addOwner(run, begun.id, null);
      await this.setSecret(run, begun.id, begun.secret);
      await this.add(run, begun.id, 1, created, null);
      return begun;
    }, spend);
  }

  /** What the addresses and secrets of a class's lessons are made from; null where there is no such class. */
  async seed(id: string): Promise<string | null> {
    const [row] = await this.reads.rows(this.#queries.seed({ class: id }));
    return row?.seed ?? null;
  }

  override async isForgotten(id: string): Promise<boolean> {
    return (await this.seed(id)) === null;
  }

  /**
   * Whether there is a class, and nobody is deleting it. Its row is written to, so that nobody begins to before this
   * transaction is over.
   */
  async isKept(run: Run, id: string): Promise<boolean> {
    return Boolean((await run(this.#queries.touch({ class: id }))).numAffectedRows);
  }

  protected override mayAppend(run: Run, id: string): Promise<boolean> {
    return this.isKept(run, id);
  }

  /** The class of a code; null where there is none. */
  async byCode(code: string): Promise<string | null> {
    const [row] = await this.reads.rows(this.#queries.byCode({ code }));
    return row?.class ?? null;
  }

  /** Whose lesson it is; null where it is none of a class. */
  async pupilOf(lesson: string): Promise<PupilOf | null> {
    const [row] = await this.reads.rows(this.#queries.pupilOf({ lesson }));
    return row ?? null;
  }

  /** The number of the last event of each lesson of a class that has begun, by pupil. */
  async lasts(id: string): Promise<ReadonlyMap<number, number>> {
    const rows = await this.reads.rows(this.#queries.lasts({ class: id }));
    return new Map(rows.map(({ pupil, last }) => [pupil, last ?? 0]));
  }

  /** Keeps who came, and that the lesson is theirs; null where somebody else wrote first. @throws NotStored */
  appendJoined(
    id: string,
    seq: number,
    event: Extract<ClassEventBody, { type: "joined" }>,
    lesson: string,
    spend?: Spend,
  ): Promise<ClassEvent | null> {
    return this.append(id, seq, event, spend, async (run) => {
      await run(this.#queries.addLesson({ lesson, class: id, pupil: seq }));
    });
  }

  /** Keeps what the class's learner came to, with what it drove. @throws NotStored */
  appendCompared(
    id: string,
    seq: number,
    event: Extract<ClassEventBody, { type: "compared" }>,
    json: string,
    spend?: Spend,
  ): Promise<ClassEvent | null> {
    return this.append(id, seq, event, spend, async (run) => {
      await run(this.#queries.keepResult({ class: id, seq, json }));
    });
  }

  /** What was kept with event number `seq`, if it was the last of its kind. */
  async result(id: string, seq: number): Promise<string | null> {
    const [row] = await this.reads.rows(this.#queries.result({ class: id }));
    return row?.seq === seq ? row.json : null;
  }

  /** Addresses of classes that began before `time`, ms since 1970. */
  async before(time: number): Promise<string[]> {
    return (await this.reads.rows(this.#queries.before({ time }))).map(({ name }) => name);
  }

  /** Addresses of a class's lessons. */
  async lessons(id: string): Promise<string[]> {
    return (await this.reads.rows(this.#queries.lessons({ class: id }))).map(
      ({ lesson }) => lesson,
    );
  }

  /** Has nobody find a class any more, nor come back to it, nor write in it: it is to be deleted. @throws NotStored */
  async shut(id: string): Promise<void> {
    const { dropSecret, dropCodes } = this.#queries;
    await this.writes.write(async (run) => {
      for (const drop of [dropSecret, dropCodes]) await run(drop({ class: id }));
    });
  }

  /**
   * Deletes a class with its lessons, a little at a time. Where that breaks off, it can be done again, and it can be
   * done by several at once.
   * @throws NotStored
   */
  async forget(id: string): Promise<void> {
    await this.shut(id);
    const { dropSomeEvents, dropSome, lessons, dropLessons, dropResults } = this.#queries;
    for (const lesson of await this.lessons(id)) {
      await this.#inParts((run) => run(dropSomeEvents({ lesson })));
      await this.dropLessons([lesson]);
    }
    await this.#inParts((run) => run(dropSome({ class: id })));
    await this.writes.write(async (run) => {
      // Of somebody who came while it was being shut.
      const rest = (await run(lessons({ class: id }))).rows;
      await this.drop(
        run,
        rest.map(({ lesson }) => lesson),
      );
      for (const drop of [dropLessons, dropResults]) await run(drop({ class: id }));
      await this.dropOwner(run, id);
    });
  }

  /** Deletes until nothing is left to delete, while others get in between. @throws NotStored */
  async #inParts(drop: (run: Run) => Promise<QueryResult<unknown>>): Promise<void> {
    for (;;) {
      const { numAffectedRows = 0n } = await this.writes.write(drop);
      if (numAffectedRows < droppedAtOnce) return;
      await this.reads.turn();
    }
  }
}

interface Of {
  readonly class: string;
}

function queriesOf(db: Kysely<Schema>) {
  return {
    addCode: compiled((row: Schema["class_codes"]) =>
      db
        .insertInto("class_codes")
        .values({ code: row.code, class: row.class })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    byCode: compiled(({ code }: { code: string }) =>
      db.selectFrom("class_codes").select("class").where("code", "=", code),
    ),
    addLesson: compiled((row: Schema["class_lessons"]) =>
      db
        .insertInto("class_lessons")
        .values({ lesson: row.lesson, class: row.class, pupil: row.pupil })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    pupilOf: compiled(({ lesson }: { lesson: string }) =>
      db.selectFrom("class_lessons").select(["class", "pupil"]).where("lesson", "=", lesson),
    ),
    lessons: compiled((of: Of) =>
      db
        .selectFrom("class_lessons")
        .select("lesson")
        .where("class", "=", of.class)
        .orderBy("pupil"),
    ),
    lasts: compiled((of: Of) =>
      db
        .selectFrom("class_lessons")
        .innerJoin("lessons", "lessons.id", "class_lessons.lesson")
        .select(["pupil", "last"])
        .where("class", "=", of.class)
        .orderBy("pupil"),
    ),
    keepResult: compiled((row: Schema["class_results"]) => {
      const { seq, json } = row;
      return db
        .insertInto("class_results")
        .values({ class: row.class, seq, json })
        .onConflict((conflict) => conflict.column("class").doUpdateSet({ seq, json }));
    }),
    result: compiled((of: Of) =>
      db.selectFrom("class_results").select(["seq", "json"]).where("class", "=", of.class),
    ),
    seed: compiled((of: Of) =>
      db
        .selectFrom("classes")
        .select("seed")
        .where("name", "=", of.class)
        .where("secret", "is not", null),
    ),
    touch: compiled((of: Of) =>
      db
        .updateTable("classes")
        .set(({ ref }) => ({ created: ref("created") }))
        .where("name", "=", of.class)
        .where("secret", "is not", null),
    ),
    dropSecret: compiled((of: Of) =>
      db.updateTable("classes").set({ secret: null }).where("name", "=", of.class),
    ),
    dropSomeEvents: compiled(({ lesson }: { lesson: string }) =>
      db
        .deleteFrom("events")
        .where("lesson", "=", lesson)
        .where("seq", "in", (some) =>
          some
            .selectFrom("events")
            .select("seq")
            .where("lesson", "=", lesson)
            .orderBy("seq")
            .limit(droppedAtOnce),
        ),
    ),
    dropSome: compiled((of: Of) =>
      db
        .deleteFrom("class_events")
        .where("class", "=", of.class)
        .where("seq", "in", (some) =>
          some
            .selectFrom("class_events")
            .select("seq")
            .where("class", "=", of.class)
            .orderBy("seq")
            .limit(droppedAtOnce),
        ),
    ),
    before: compiled(({ time }: { time: number }) =>
      db.selectFrom("classes").select("name").where("created", "<", time).orderBy("created"),
    ),
    dropLessons: compiled((of: Of) => db.deleteFrom("class_lessons").where("class", "=", of.class)),
    dropCodes: compiled((of: Of) => db.deleteFrom("class_codes").where("class", "=", of.class)),
    dropResults: compiled((of: Of) => db.deleteFrom("class_results").where("class", "=", of.class)),
  };
}
