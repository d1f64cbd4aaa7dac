import type { ClassEvent } from "../../shared/class/events.ts";
import { type Progress, progressOf } from "../../shared/class/progress.ts";
import { SchoolClass } from "../../shared/class/schoolClass.ts";
import type { ClassSource } from "../../shared/data/class/index.ts";
import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { eventsIn, type Spend } from "../../shared/lesson/log.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { pupilLesson } from "./secrets.ts";

export interface ReadOptions {
  readonly hasNames: boolean;
  readonly spend?: Spend;
  /** How far a pupil's lesson has come, where that may be known; otherwise it is read. */
  readonly progressOf?: (pupil: number) => Promise<Progress | null>;
}

/** A class as it is stored, with what its pupils' lessons came to, one of which is in memory at a time. */
export async function readClass(
  log: SqlLog,
  id: string,
  { hasNames, spend = () => {}, progressOf: read }: ReadOptions,
): Promise<{ readonly source: ClassSource; readonly events: readonly ClassEvent[] } | null> {
  const seed = await log.classes.seed(id);
  if (seed === null) return null;
  const now = new SchoolClass();
  const events: ClassEvent[] = [];
  for await (const page of log.classes.events(id, 0, spend))
    for (const event of page) {
      now.take(event);
      events.push(event);
    }
  const lessonOf = (pupil: number) => pupilLesson(seed, pupil).id;
  const progress = new Map<number, Progress>();
  for (const pupil of now.pupils.keys()) {
    const one = await (read ? read(pupil) : progressIn(log, lessonOf(pupil), spend));
    if (one) progress.set(pupil, one);
  }
  return { source: { now, progress, lessonOf, hasNames }, events };
}

/** How far a lesson has come; null where it has not begun. @throws Unreadable */
export async function progressIn(
  log: SqlLog,
  lesson: string,
  spend: Spend,
): Promise<Progress | null> {
  let now = emptyLesson;
  for await (const { rows, last } of log.stretches(lesson, 0, spend))
    now = fold(now, eventsIn(rows, last));
  return now.seq > 0 ? progressOf(now) : null;
}
