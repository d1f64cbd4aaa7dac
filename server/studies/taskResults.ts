import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { isFulfilled } from "../../shared/lesson/locks.ts";
import { eventsIn, type Spend } from "../../shared/lesson/log.ts";
import { Summing, type TaskSummary } from "../../shared/study/summary.ts";
import { TimelyTurns } from "../http/timelyTurns.ts";
import { Busy } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";

/** Longest wait for the reading of a task's lesson, ms: less than a page waits for an answer. */
const longestWait = 10_000;
/** Of the event that finishes a lesson; keys that clients choose are longer. */
const finishedKey = "end";
/** How often a lesson is read in which something is written meanwhile. */
const mostAttempts = 5;
/** A lesson is in memory while it is read, so that this is done to one at a time, of whichever study. */
const readings = new TimelyTurns(longestWait);

/** What came of a task's lesson so far. */
export interface TaskResult {
  /** Whether its plan is fulfilled, which it stays. */
  readonly isDone: boolean;
  readonly summary: TaskSummary;
  /** Whether its lesson is finished: then nothing comes to it any more. */
  readonly isFinished: boolean;
  /** Number of the lesson's last event, but for that by which it is finished. */
  readonly last: number;
}

/** Reads what came of tasks. A lesson may be long: whoever asks while it is read has the same result. */
export class TaskResults {
  readonly #log: SqlLog;
  /** Of the lessons that are being read. */
  readonly #underWay = new Map<string, Promise<TaskResult>>();

  constructor(log: SqlLog) {
    this.#log = log;
  }

  /** @throws Busy */
  async of(lesson: string, spend: Spend): Promise<TaskResult> {
    const underWay = this.#underWay.get(lesson);
    if (underWay) return underWay;
    const result = readings
      .run(() => this.#read(lesson, spend))
      .then((read) => {
        if (read) return read;
        throw new Busy("Many people are finishing their tasks. The page keeps trying.");
      });
    this.#underWay.set(lesson, result);
    try {
      return await result;
    } finally {
      this.#underWay.delete(lesson);
    }
  }

  /**
   * Finishes a task's lesson where it is done, or is to be left as it is: nothing comes to it from then on, wherever it
   * is open. What comes while it is read is in the result.
   * @throws Busy
   */
  async finish(lesson: string, isLeft: boolean, spend: Spend): Promise<TaskResult> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const result = await this.of(lesson, spend);
      const { isDone, isFinished, last } = result;
      if (isFinished || last === 0 || !(isDone || isLeft)) return result;
      const row = { key: finishedKey, print: null, event: { type: "finished" } } as const;
      if (await this.#log.append(lesson, last + 1, row, spend))
        return { ...result, isFinished: true };
    }
    throw new Busy("Part of this task is still on its way to the server. The page keeps trying.");
  }

  async #read(lesson: string, spend: Spend): Promise<TaskResult> {
    let now = emptyLesson;
    const summing = new Summing();
    // What is done with a stretch before the next one is asked for is charged with it.
    for await (const { rows, last } of this.#log.stretches(lesson, 0, spend)) {
      const events = eventsIn(rows, last);
      now = fold(now, events);
      summing.add(events);
    }
    const isFinished = now.isFinished ?? false;
    const last = now.seq - (isFinished ? 1 : 0);
    return { isDone: isFulfilled(now), summary: summing.summary(), isFinished, last };
  }
}
