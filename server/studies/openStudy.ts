import { randomInt } from "node:crypto";
import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { isFulfilled } from "../../shared/lesson/locks.ts";
import { eventsIn, type Spend } from "../../shared/lesson/log.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { firstOpenSeed } from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import { decide, shutOut, taskAt, turnAway } from "../../shared/study/decide.ts";
import type { StudyEvent, StudyEventBody } from "../../shared/study/events.ts";
import { planOf } from "../../shared/study/protocol.ts";
import type { ParticipantRequest, StudyView } from "../../shared/study/requests.ts";
import { type Participant, Study, taskOf } from "../../shared/study/study.ts";
import { Summing, type TaskSummary } from "../../shared/study/summary.ts";
import { turnedAway, viewOf } from "../../shared/study/view.ts";
import { TimelyTurns } from "../http/timelyTurns.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { derived, studyLesson } from "../storage/studySecrets.ts";
import { clock } from "../time.ts";
import type { ProtocolFile, Protocols } from "./protocols.ts";

/** Draws are whole numbers below this: as many bits as node's own random integers have. */
const draws = 2 ** 47;

/** A study whose file was taken away, or never was there. */
export const noStudy = refusal("malformed", "There is no study at this address.");

const gone = refusal("stale-round", "You are not in this study any more; load the page again.");

/** Asked before somebody new is let in: a refusal is passed on. */
export type Admission<Excess> = () => Promise<Excess | null>;

/** More wants to be done than is; who asked may ask again. */
export class Busy extends Error {}

/** Most requests to a study that are done or wait at a time. */
const mostAtATime = 200;
/** Longest wait for the reading of a task's lesson, ms: less than a page waits for an answer. */
const longestWait = 10_000;
/** A lesson is in memory while it is read, so that this is done to one at a time, of whichever study. */
const readings = new TimelyTurns(longestWait);

/** What came of a task's lesson so far. */
interface TaskResult {
  /** Whether its plan is fulfilled, which it stays. */
  readonly isDone: boolean;
  readonly summary: TaskSummary;
  /** Number of the lesson's last event. */
  readonly last: number;
}

/**
 * A study that people take part in: its log, and what that comes to. Requests are decided one after the other, so
 * that the conditions stay balanced however many come at once; what is answered is on disk.
 */
export class OpenStudy {
  readonly name: string;
  readonly #log: SqlLog;
  readonly #protocols: Protocols;
  #study = new Study();
  #seed: string | null = null;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #atATime = 0;
  /** Of the tasks whose lessons are being read. */
  readonly #results = new Map<string, Promise<TaskResult>>();

  constructor(name: string, log: SqlLog, protocols: Protocols) {
    this.name = name;
    this.#log = log;
    this.#protocols = protocols;
  }

  /**
   * Where a participant is after their request, or why it was not done.
   * @param isGone whether nobody waits for it any more: then it is not done
   * @throws Busy
   */
  async ask<Excess>(
    id: string,
    request: ParticipantRequest,
    spend: Spend,
    admit: Admission<Excess>,
    isGone = () => false,
  ): Promise<StudyView | Refusal | { readonly excess: Excess }> {
    const result = request.type === "finish" ? await this.#resultOf(id, request.task, spend) : null;
    return this.#inTurn(
      spend,
      async () => {
        const found = await this.#participant(id, request, spend, admit);
        if (isRefusal(found) || "excess" in found || !("number" in found)) return found;
        const refused = await this.#change(found, request, result, spend);
        const now = this.#study.find(id);
        // Another process may have deleted them.
        return refused ?? (now ? this.#view(now) : gone);
      },
      isGone,
    );
  }

  /** The study as it stands, for as long as `look` takes. */
  look<T>(spend: Spend, look: (study: Study) => T | Promise<T>): Promise<T> {
    return this.#inTurn(spend, async () => look(this.#study));
  }

  /** Closes the study to whoever has not begun, or opens it again. */
  setClosed(isClosed: boolean, spend: Spend): Promise<void> {
    return this.#inTurn(spend, async () => {
      await this.#write(spend, ({ isClosed: was }) =>
        was === isClosed ? null : { type: isClosed ? "closed" : "reopened" },
      );
    });
  }

  /** Deletes all that there is of a participant; false where there is none of this number. */
  erase(number: number, spend: Spend): Promise<boolean> {
    return this.#inTurn(spend, async () => {
      for (;;) {
        const one = this.#study.participants.get(number);
        if (!one) return false;
        // Of all their tasks: a lesson may have been made whose beginning was not written down.
        const n = this.#study.protocolOf(one).orders[0]!.length;
        const lessons = await Promise.all(
          Array.from({ length: n }, async (_, task) => (await this.#lesson(one, task)).id),
        );
        const erased = await this.#log.studies.erase(
          this.name,
          this.#study.seq + 1,
          number,
          lessons,
          spend,
        );
        if (erased) {
          this.#study.take(erased);
          return true;
        }
        await this.#catchUp(spend);
      }
    });
  }

  /** Everything that is read in order to change it happens one at a time, in order of arrival. @throws Busy */
  async #inTurn<T>(spend: Spend, task: () => Promise<T>, isGone = () => false): Promise<T> {
    if (this.#atATime >= mostAtATime)
      throw new Busy("Many come at this moment; this is tried again.");
    this.#atATime++;
    const turn = this.#lastTurn.then(async () => {
      if (isGone()) throw new Busy("Nobody waits for this any more.");
      await clock.turn(spend);
      await this.#catchUp(spend);
      return task();
    });
    const ended = () => {
      this.#atATime--;
    };
    this.#lastTurn = turn.then(ended, ended);
    return turn;
  }

  /** Takes in what has been written, by other processes too. @throws Unreadable */
  async #catchUp(spend: Spend): Promise<void> {
    for await (const events of this.#log.studies.events(this.name, this.#study.seq, spend))
      try {
        for (const event of events) this.#study.take(event);
      } catch (error) {
        // Half of the event may be in memory.
        this.#study = new Study();
        throw error;
      }
  }

  /** The participant of a request; where they are new they arrive, or are turned away. */
  async #participant<Excess>(
    id: string,
    request: ParticipantRequest,
    spend: Spend,
    admit: Admission<Excess>,
  ): Promise<Participant | StudyView | Refusal | { readonly excess: Excess }> {
    const known = this.#study.find(id);
    if (known) return known;
    const file = await this.#protocols.read(this.name);
    if (!file) return noStudy;
    if (request.type !== "enter") return gone;
    const index = await this.#keep(file, spend);
    const { protocol } = this.#study.protocols[index]!;
    const away = turnAway(this.#study, protocol, Date.now());
    if (away) return turnedAway(protocol, away);
    const excess = await admit();
    if (excess) return { excess };
    await this.#write(spend, (study) =>
      study.find(id)
        ? null
        : {
            type: "arrived",
            id,
            study: request.study,
            session: request.session,
            protocol: index,
          },
    );
    return this.#study.find(id)!;
  }

  /**
   * Has the log know the protocol as its file is now, and returns its place there. One that was there before has the
   * place that it had: two processes may have different copies of the file for a while.
   */
  async #keep({ text, digest }: ProtocolFile, spend: Spend): Promise<number> {
    await this.#log.studies.seed(this.name);
    const place = (study: Study) => study.protocols.findLastIndex((one) => one.digest === digest);
    await this.#write(spend, (study) =>
      place(study) < 0 ? { type: "protocol", digest, text } : null,
    );
    return place(this.#study);
  }

  async #change(
    one: Participant,
    request: ParticipantRequest,
    result: TaskResult | null,
    spend: Spend,
  ): Promise<Refusal | null> {
    const { number } = one;
    // Another process may have deleted them in between, and they may have come again under another number.
    const write = (
      decide: (study: Study, now: Participant) => StudyEventBody | Refusal | null,
    ): Promise<Refusal | null> =>
      this.#write(spend, (study) => {
        const now = study.participants.get(number);
        return now ? decide(study, now) : null;
      });
    if (request.type !== "begin" && request.type !== "finish")
      return write((study, now) => decide(study, now, request, circumstances()));
    if (this.#study.isLate(one, Date.now()))
      return write((study, now) =>
        study.isLate(now, Date.now()) ? { type: "timed-out", participant: number } : null,
      );
    const task = taskAt(one, request.task);
    if (task === null) return null;
    if (request.type === "begin") {
      if (one.tasks[task]) return null;
      const { level, plan } = await this.#planOf(one, task);
      const begun = await this.#lesson(one, task);
      await this.#log.create({ world: level.world, taste: level.taste, plan }, begun);
      const refused = await write((_, now) =>
        taskAt(now, task) === null || now.tasks[task]
          ? null
          : { type: "began", participant: number, task, lesson: begun.id },
      );
      // Whoever deleted them meanwhile could not know of this lesson.
      if (!this.#study.participants.has(number))
        await this.#log.studies.dropLesson(begun.id, spend);
      return refused;
    }
    if (!one.tasks[task] || !result) return refusal("stale-round", "This task has not begun.");
    const { level } = await this.#planOf(one, task);
    const { isDone, summary, last } = result;
    if (!isDone && !(request.skip && level.skippable))
      return refusal("nothing-new", "This task is not done yet.");
    return write((_, now) =>
      taskAt(now, task) === null
        ? null
        : { type: "finished", participant: number, task, skipped: !isDone, summary, last },
    );
  }

  /** Writes what `decide` says, in the study as it stands then. */
  async #write(
    spend: Spend,
    decide: (study: Study) => StudyEventBody | Refusal | null,
  ): Promise<Refusal | null> {
    for (;;) {
      const event = decide(this.#study);
      if (!event || isRefusal(event)) return event as Refusal | null;
      const stored: StudyEvent | null = await this.#log.studies.append(
        this.name,
        this.#study.seq + 1,
        event,
        spend,
      );
      if (stored) {
        this.#study.take(stored);
        return null;
      }
      await this.#catchUp(spend);
    }
  }

  async #view(one: Participant): Promise<StudyView> {
    const away = shutOut(this.#study, one, Date.now());
    if (away) return turnedAway(this.#study.protocolOf(one), away);
    const task = taskOf(one);
    const lesson = one.step === "task" && one.tasks[task] ? await this.#lesson(one, task) : null;
    return viewOf(this.#study, one, lesson);
  }

  /**
   * What came of the task that a participant is at; null where they are at another, or it has not begun. Its lesson may
   * be long: nobody else in the study waits while it is read, and whoever asks meanwhile has the same result.
   * @throws Busy
   */
  async #resultOf(id: string, task: number, spend: Spend): Promise<TaskResult | null> {
    const lesson = await this.look(spend, (study) => {
      const one = study.find(id);
      return one && taskAt(one, task) !== null ? one.tasks[task]?.lesson : undefined;
    });
    if (lesson === undefined) return null;
    const underWay = this.#results.get(lesson);
    if (underWay) return underWay;
    const result = readings
      .run(() => this.#readResult(lesson, spend))
      .then((read) => {
        if (read) return read;
        throw new Busy("Many tasks end at this moment; this is tried again.");
      });
    this.#results.set(lesson, result);
    try {
      return await result;
    } finally {
      this.#results.delete(lesson);
    }
  }

  async #readResult(lesson: string, spend: Spend): Promise<TaskResult> {
    let now = emptyLesson;
    const summing = new Summing();
    // What is done with a stretch before the next one is asked for is charged with it.
    for await (const { rows, last } of this.#log.stretches(lesson, 0, spend)) {
      const events = eventsIn(rows, last);
      now = fold(now, events);
      summing.add(events);
    }
    return { isDone: isFulfilled(now), summary: summing.summary(), last: now.seq };
  }

  async #planOf(one: Participant, task: number) {
    const seed = derived(await this.#secret(), `seeds ${one.number} ${task}`);
    const range = 2 ** 32 - firstOpenSeed;
    const seedOf = (i: number) => firstOpenSeed + ((seed.readUInt32BE(4 * (i % 8)) + i) % range);
    return planOf(this.#study.protocolOf(one), { ...one.cell!, task }, seedOf);
  }

  async #lesson({ number }: Participant, task: number): Promise<Begun> {
    return studyLesson(await this.#secret(), number, task);
  }

  /** What the lessons' addresses, their secrets and the participants' own seeds follow from. */
  async #secret(): Promise<string> {
    this.#seed ??= await this.#log.studies.seed(this.name);
    return this.#seed;
  }
}

function circumstances() {
  return { now: Date.now(), draw: randomInt(draws) / draws };
}
