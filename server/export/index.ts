import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { codebookFiles } from "../../shared/data/codebook.ts";
import { learnersOf } from "../../shared/data/learners.ts";
import { recordOf } from "../../shared/data/lessonRecord.ts";
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
}

/** For how long the learners of one lesson are trained again, ms: a lesson's file can ask for thousands. */
const longestTraining = 60_000;

/**
 * Writes lessons down for other programs, one after the other, so that memory does not grow with their number.
 * The folder is made under another name and is there once all of it is.
 * @param signal breaks it off
 * @throws NotExported
 */
export async function exportLessons(
  { from, lessons, format, to }: ExportOrder,
  signal?: AbortSignal,
): Promise<ExportSummary> {
  if (existsSync(to)) throw new NotExported(`${to} exists already; choose another name.`);
  if (!existsSync(dirname(to))) throw new NotExported(`There is no folder ${dirname(to)}.`);
  const aside = `${to}.${process.pid}.part`;
  if (existsSync(aside)) throw new NotExported(`${aside} exists already; remove it.`);
  const log = await open(from);
  const folder = new DiskFolder(aside);
  try {
    // Nobody else on the machine has any business with what people did.
    mkdirSync(aside, { mode: 0o700 });
    const sum = { lessons: 0, episodes: 0, steps: 0 };
    const writing = formats[format]!.begin(folder);
    for (const id of lessons ?? (await log.lessons())) {
      signal?.throwIfAborted();
      const lesson = await read(log, id, signal);
      await writing.add(lesson);
      sum.lessons++;
      for (const { episode } of lesson.episodes) {
        sum.episodes++;
        sum.steps += episode.controllers.length;
      }
    }
    await writing.finish();
    for (const [name, text] of Object.entries(codebookFiles)) {
      const file = folder.file(name);
      file.write(text);
      file.close();
    }
    signal?.throwIfAborted();
    renameSync(aside, to);
    return sum;
  } catch (error) {
    folder.abandon();
    rmSync(aside, { recursive: true, force: true });
    throw inWords(error);
  } finally {
    await log.close();
  }
}

async function open(place: Place): Promise<ReadOnlyLog> {
  try {
    return await ReadOnlyLog.open(place);
  } catch (error) {
    throw inWords(error);
  }
}

async function read(log: ReadOnlyLog, id: string, signal?: AbortSignal) {
  if (!lessonId.safeParse(id).success) throw new NotExported(`"${id}" is no address of a lesson.`);
  const events: object[] = [];
  try {
    for await (const { rows, last } of log.stretches(id))
      events.push(...(JSON.parse(jsonOfAll(rows, last)) as object[]));
    if (events.length === 0) throw new NotExported(`There is no lesson ${id}.`);
    const record = recordOf(id, events);
    const until = performance.now() + longestTraining;
    const learners = await learnersOf(
      record,
      (text) => sha256(text).toString("hex"),
      async () => {
        // Signals are heard between two trainings.
        await pause();
        signal?.throwIfAborted();
        return performance.now() < until;
      },
    );
    return { ...record, learners };
  } catch (error) {
    if (error instanceof Unreadable)
      throw new NotExported(
        `Lesson ${id} cannot be read. ${error.message} Nothing was exported; name the other lessons with --lesson.`,
        { cause: error },
      );
    throw error;
  }
}

function inWords(error: unknown): NotExported {
  if (error instanceof NotExported) return error;
  const { message, name } = error as Error;
  const why =
    name === "AbortError" ? "it was broken off" : isNoRoom(error) ? "the disk is full" : message;
  return new NotExported(`Nothing was exported: ${why}.`, { cause: error });
}

/** HDF5 has no code of its own for it, and tells what the system said. */
function isNoRoom(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    ["ENOSPC", "EDQUOT", "EFBIG"].includes(code ?? "") ||
    /error message = '(No space left|File too large|.*[Qq]uota)/.test(message)
  );
}
