import type { Spend } from "../../shared/lesson/log.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import { decide, shutOut, taskAt, turnAway } from "../../shared/study/decide.ts";
import type { StudyEventBody } from "../../shared/study/events.ts";
import { planOf } from "../../shared/study/protocol.ts";
import type { ParticipantRequest, StudyView } from "../../shared/study/requests.ts";
import { type Participant, Study, taskOf } from "../../shared/study/study.ts";
import { turnedAway, viewOf } from "../../shared/study/view.ts";
import type { Admission } from "../door/door.ts";
import { Decisions } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { studyLesson, studySeeds } from "../storage/studySecrets.ts";
import { circumstances } from "./circumstances.ts";
import type { ProtocolFile, Protocols } from "./protocols.ts";
import { type TaskResult, TaskResults } from "./taskResults.ts";

/** A study whose file was taken away, or never was there. */
export const noStudy = refusal("malformed", "There is no study at this address.");

const gone = refusal("stale-round", "You are not in this study any more; load the page again.");

type Finish = Extract<ParticipantRequest, { type: "finish" }>;

/**
 * A study that people take part in: its log, and what that comes to. Requests are decided one after the other, so
 * that the conditions stay balanced however many come at once; what is answered is on disk.
 */
export class OpenStudy {
  readonly name: string;
  readonly #log: SqlLog;
  readonly #protocols: Protocols;
  readonly #decisions: Decisions<StudyEventBody, Study>;
  #seed: string | null = null;
  readonly #results: TaskResults;

  constructor(name: string, log: SqlLog, protocols: Protocols) {
    this.name = name;
    this.#log = log;
    this.#decisions = new Decisions(name, log.studies, () => new Study());
    this.#results = new TaskResults(log);
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
    const result = request.type === "finish" ? await this.#finishLesson(id, request, spend) : null;
    return this.#decisions.inTurn(
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
    return this.#decisions.inTurn(spend, async () => look(this.#study));
  }

  /** Closes the study to whoever has not begun, or opens it again. */
  setClosed(isClosed: boolean, spend: Spend): Promise<void> {
    return this.#decisions.inTurn(spend, async () => {
      await this.#decisions.write(spend, ({ isClosed: was }) =>
        was === isClosed ? null : { type: isClosed ? "closed" : "reopened" },
      );
    });
  }

  /** Deletes all that there is of a participant; false where there is none of this number. */
  erase(number: number, spend: Spend): Promise<boolean> {
    return this.#decisions.inTurn(spend, async () => {
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
          this.#decisions.take(erased);
          return true;
        }
        await this.#decisions.catchUp(spend);
      }
    });
  }

  /** As far as it has been read. */
  get #study(): Study {
    return this.#decisions.now;
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
    await this.#decisions.write(spend, (study) =>
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
    await this.#decisions.write(spend, (study) =>
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
      this.#decisions.write(spend, (study) => {
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
        await this.#log.studies.dropLessons([begun.id], spend);
      return refused;
    }
    if (!one.tasks[task] || !result) return refusal("stale-round", "This task has not begun.");
    const { isDone, isFinished, summary, last } = result;
    if (!isFinished) return refusal("nothing-new", "This task is not done yet.");
    return write((_, now) =>
      taskAt(now, task) === null
        ? null
        : { type: "finished", participant: number, task, skipped: !isDone, summary, last },
    );
  }

  async #view(one: Participant): Promise<StudyView> {
    const away = shutOut(this.#study, one, Date.now());
    if (away) return turnedAway(this.#study.protocolOf(one), away);
    const task = taskOf(one);
    const lesson = one.step === "task" && one.tasks[task] ? await this.#lesson(one, task) : null;
    return viewOf(this.#study, one, lesson);
  }

  /**
   * What came of the task that a participant is at, whose lesson is finished where it may be; null where there is none.
   * Nobody else in the study waits for it. @throws Busy
   */
  async #finishLesson(id: string, { task, skip }: Finish, spend: Spend) {
    const found = await this.look(spend, async (study) => {
      const one = study.find(id);
      const lesson = one && taskAt(one, task) !== null ? one.tasks[task]?.lesson : undefined;
      const isLeft = async () => skip && (await this.#planOf(one!, task)).level.skippable;
      return lesson === undefined ? null : { lesson, isLeft: await isLeft() };
    });
    return found && this.#results.finish(found.lesson, found.isLeft, spend);
  }

  async #planOf(one: Participant, task: number) {
    const seedOf = studySeeds(await this.#secret(), one.number, task);
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
