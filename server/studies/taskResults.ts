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
/** A lesson is in memory while it is read, so that this is done to one at a time, of whichever study. */
const readings = new TimelyTurns(longestWait);

/** What came of a task's lesson so far. */
export interface TaskResult {
  /** Whether its plan is fulfilled, which it stays. */
  readonly isDone: boolean;
  readonly summary: TaskSummary;
  /** Number of the lesson's last event. */
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
        throw new Busy("Many tasks end at this moment; this is tried again.");
      });
    this.#underWay.set(lesson, result);
    try {
      return await result;
    } finally {
      this.#underWay.delete(lesson);
    }
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
    return { isDone: isFulfilled(now), summary: summing.summary(), last: now.seq };
  }
}
