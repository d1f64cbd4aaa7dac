import { readCode } from "../../shared/class/code.ts";
import { writeClass } from "../../shared/data/class/files.ts";
import { readClass } from "../classes/classSource.ts";
import type { Place } from "../storage/place.ts";
import { ReadOnlyLog } from "../storage/readOnly.ts";
import { type ExportSummary, exportLessons, NotExported } from "./index.ts";

export interface ClassOrder {
  readonly from: Place;
  /** Its address, or the letters by which its pupils came. */
  readonly of: string;
  /** Whether nicknames are in it. */
  readonly hasNames: boolean;
  readonly format: string;
  readonly to: string;
}

/**
 * Writes down a class: its tables and its log, and its lessons as `exportLessons` does.
 * @throws NotExported
 */
export async function exportClass(
  { from, of, hasNames, format, to }: ClassOrder,
  signal?: AbortSignal,
): Promise<ExportSummary & { readonly participants: number }> {
  const { source, events } = await read(from, of, hasNames);
  // Whoever never opened their lesson has none.
  const lessons = [...source.progress.keys()].map(source.lessonOf);
  const summary = await exportLessons({ from, lessons, format, to }, signal, {
    lastOf: () => null,
    beside: (folder) => writeClass(folder, source, events),
  });
  return { ...summary, participants: source.now.pupils.size };
}

async function read(from: Place, of: string, hasNames: boolean) {
  const log = await ReadOnlyLog.open(from).catch((error: Error) => {
    throw new NotExported(`Nothing was exported: ${error.message}.`, { cause: error });
  });
  try {
    const code = readCode(of);
    const id = (code && (await log.classes.byCode(code))) ?? of;
    const found = await readClass(log, id, { hasNames });
    if (!found) throw new NotExported(`There is no class "${of}".`);
    return found;
  } finally {
    await log.close();
  }
}
