import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { codebookFiles } from "../../shared/data/codebook.ts";
import type { Export, Format } from "../../shared/data/formats/format.ts";
import { learnersOf } from "../../shared/data/learners.ts";
import { type LessonRecord, recordOf } from "../../shared/data/lessonRecord.ts";
import { jsonOfAll, Unreadable } from "../../shared/lesson/log.ts";
import { lessonId } from "../../shared/lesson/protocol.ts";
import { sha256 } from "../sha256.ts";
import type { Place } from "../storage/place.ts";
import { ReadOnlyLog } from "../storage/readOnly.ts";
import { DiskFolder } from "./diskFolder.ts";
import { formats } from "./formats.ts";

export { BadSetting, placeIn } from "../settings.ts";
export { formats };

/** Why nothing was exported, in words for whoever asked for it; nothing was written. */
export class NotExported extends Error {}

/** Why one lesson cannot be: the others can. */
class LessonNotExported extends NotExported {}

/** What is to be exported, and where to. */
export interface ExportOrder {
  /** A server may be running there. */
  readonly from: Place;
  /** Addresses of the lessons; null for all. */
  readonly lessons: readonly string[] | null;
  /** Key in the registry of formats. */
  readonly format: string;
  /** A folder that is not there yet. */
  readonly to: string;
}

/** How much was exported. */
export interface ExportSummary {
  readonly lessons: number;
  readonly episodes: number;
  readonly steps: number;
  /** Of all lessons, why each of those that cannot be read is not among them: sentences. */
  readonly leftOut: readonly string[];
}

/** What there is of a study beside its lessons. */
export interface OfStudy {
  /** Number of the last event of a lesson that is of the study; null for all of them. */
  readonly lastOf: (lesson: string) => number | null;
  /** Writes the study's tables and its log, which are told where there are no lessons, too. */
  readonly beside: (folder: DiskFolder) => void;
}

/** For how long the learners of one lesson are trained again, ms: a lesson's file can ask for thousands. */
const longestTraining = 60_000;

/**
 * Writes lessons down for other programs, one after the other, so that memory does not grow with their number.
 * The folder is made under another name and is there once all of it is. A lesson that cannot be read is left out of
 * all of them and of a study's, and refused where it was asked for by its address.
 * @param signal breaks it off
 * @throws NotExported
 */
export async function exportLessons(
  { from, lessons, format, to }: ExportOrder,
  signal?: AbortSignal,
  ofStudy: OfStudy | null = null,
): Promise<ExportSummary> {
  if (existsSync(to)) throw new NotExported(`${to} exists already; choose another name.`);
  if (!existsSync(dirname(to))) throw new NotExported(`There is no folder ${dirname(to)}.`);
  const aside = `${to}.${process.pid}.part`;
  make(aside);
  const folder = new DiskFolder(aside);
  try {
    const writing = { from, lessons, format: formats[format]!, ofStudy };
    const sum = await write(writing, folder, signal);
    ofStudy?.beside(folder);
    signal?.throwIfAborted();
    renameSync(aside, to);
    return sum;
  } catch (error) {
    folder.abandon();
    rmSync(aside, { recursive: true, force: true });
    throw inWords(error);
  }
}

/** A folder that was not there. @throws NotExported where it was, or cannot be made */
function make(folder: string): void {
  try {
    // Nobody else on the machine has any business with what people did.
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw inWords(error);
    throw new NotExported(`${folder} exists already; remove it, unless another export is at it.`);
  }
}

interface Writing {
  readonly from: Place;
  readonly lessons: readonly string[] | null;
  readonly format: Format<DiskFolder>;
  readonly ofStudy: OfStudy | null;
}

async function write(
  { from, lessons, format, ofStudy }: Writing,
  folder: DiskFolder,
  signal: AbortSignal | undefined,
): Promise<ExportSummary> {
  const log = await ReadOnlyLog.open(from);
  try {
    const sum = { lessons: 0, episodes: 0, steps: 0 };
    const leftOut: string[] = [];
    const writing = format.begin(folder);
    for (const id of lessons ?? (await log.lessons())) {
      signal?.throwIfAborted();
      const lesson = await read(log, id, ofStudy?.lastOf(id) ?? null, format, signal).catch(
        (error) => {
          const isAskedFor = lessons !== null && !ofStudy;
          if (isAskedFor || !(error instanceof LessonNotExported)) throw error;
          leftOut.push(error.message);
        },
      );
      if (!lesson) continue;
      await add(lesson, writing);
      sum.lessons++;
      for (const { episode } of lesson.episodes) {
        sum.episodes++;
        sum.steps += episode.controllers.length;
      }
    }
    if (sum.lessons === 0 && leftOut.length > 0 && !ofStudy)
      throw new NotExported(leftOut.join("\n"));
    await writing.finish();
    for (const [name, text] of Object.entries(codebookFiles)) {
      const file = folder.file(name);
      file.write(text);
      file.close();
    }
    return { ...sum, leftOut };
  } finally {
    await log.close();
  }
}

/** @throws LessonNotExported */
async function read(
  log: ReadOnlyLog,
  id: string,
  last: number | null,
  { withoutLearners }: Format<DiskFolder>,
  signal: AbortSignal | undefined,
): Promise<LessonRecord> {
  if (!lessonId.safeParse(id).success)
    throw new LessonNotExported(`"${id}" is no address of a lesson.`);
  const all = await eventsOf(log, id);
  const events = last === null ? all : all.slice(0, last);
  if (events.length === 0) throw new LessonNotExported(`There is no lesson ${id}.`);
  const until = performance.now() + longestTraining;
  const mayGoOn = async () => {
    // Signals are heard between two trainings.
    await pause();
    signal?.throwIfAborted();
    return performance.now() < until;
  };
  try {
    const record = recordOf(id, events);
    const learners = withoutLearners
      ? new Map()
      : await learnersOf(record, (text) => sha256(text).toString("hex"), mayGoOn);
    return { ...record, learners };
  } catch (error) {
    throw isAbort(error) ? error : unreadable(id, error as Error);
  }
}

/** All events of a lesson as they are stored. @throws LessonNotExported */
async function eventsOf(log: ReadOnlyLog, id: string): Promise<object[]> {
  const events: object[] = [];
  try {
    for await (const { rows, last } of log.stretches(id))
      events.push(...(JSON.parse(jsonOfAll(rows, last)) as object[]));
    return events;
  } catch (error) {
    // A database that does not answer is no fault of the lesson's.
    throw error instanceof Unreadable ? unreadable(id, error) : error;
  }
}

function unreadable(id: string, cause: Error): LessonNotExported {
  const why = cause.message.replace(/\.$/, "");
  return new LessonNotExported(`Lesson ${id} cannot be read: ${why}.`, { cause });
}

/** @throws NotExported naming the lesson, a part of which may have been written */
async function add(lesson: LessonRecord, writing: Export): Promise<void> {
  try {
    await writing.add(lesson);
  } catch (error) {
    if (isNoRoom(error)) throw error;
    const { message } = error as Error;
    throw new NotExported(
      `Nothing was exported: lesson ${lesson.id} cannot be written down: ${message}. The others can, by --lesson.`,
      { cause: error },
    );
  }
}

function inWords(error: unknown): NotExported {
  if (error instanceof NotExported) return error;
  const { message } = error as Error;
  const why = isAbort(error) ? "it was broken off" : isNoRoom(error) ? "the disk is full" : message;
  return new NotExported(`Nothing was exported: ${why}.`, { cause: error });
}

function isAbort(error: unknown): boolean {
  return (error as Error).name === "AbortError";
}

/** HDF5 has no code of its own for it, and tells what the system said. */
function isNoRoom(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    ["ENOSPC", "EDQUOT", "EFBIG"].includes(code ?? "") ||
    /error message = '(No space left|File too large|.*[Qq]uota)/.test(message)
  );
}
