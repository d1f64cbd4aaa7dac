import { BadEpisodes, lessonOfEpisodes, linesOf } from "../../shared/data/imported.ts";
import { BadFile, readLessonFile } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { BadNetwork } from "../../shared/lesson/network.ts";
import { lessonOfNetwork } from "../../shared/lesson/networkFile.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { longestFile } from "../../shared/lesson/sizes.ts";
import { openLog, type Place } from "../storage/place.ts";
import { storeLesson } from "../storage/wholeLesson.ts";
import { isParquet, parquetRows } from "./parquet.ts";

export { BadSetting, placeIn } from "../settings.ts";
export { longestFile };

/** Why nothing was imported, in sentences for whoever asked for it. */
export class NotImported extends Error {
  readonly complaints: readonly string[];
  /** Whether it is the file that is wrong. */
  readonly isBadFile: boolean;

  constructor(complaints: readonly string[], isBadFile: boolean, cause?: unknown) {
    super(complaints.join("\n"), { cause });
    this.complaints = complaints;
    this.isBadFile = isBadFile;
  }
}

/** A lesson that has been taken in. */
export interface Imported extends Begun {
  readonly events: number;
}

/**
 * Takes in a lesson's file, or demonstrations as JSON Lines or Parquet (`lessonOfEpisodes`), all of it or nothing,
 * whether a server runs or not.
 * @param place where lessons are kept
 * @param world of the lesson, where the file has demonstrations
 * @throws NotImported
 */
export async function importLesson(
  file: string | Uint8Array<ArrayBuffer>,
  place: Place,
  world?: string,
): Promise<Imported> {
  return store(await eventsIn(file, world), place);
}

/** Begins a lesson with a network that was trained elsewhere, likewise. @throws NotImported */
export async function importNetwork(
  file: Uint8Array<ArrayBuffer>,
  place: Place,
): Promise<Imported> {
  return store(networkIn(new TextDecoder().decode(file)), place);
}

async function store(events: readonly LessonEvent[], place: Place): Promise<Imported> {
  try {
    // The tables may not be there yet.
    await (await openLog(place)).close();
    return { ...(await storeLesson(events, place)), events: events.length };
  } catch (error) {
    throw new NotImported([(error as Error).message], false, error);
  }
}

function networkIn(text: string): LessonEvent[] {
  try {
    return lessonOfNetwork(text, Date.now());
  } catch (error) {
    if (error instanceof BadNetwork) throw new NotImported(error.complaints, true, error);
    throw error;
  }
}

async function eventsIn(
  file: string | Uint8Array<ArrayBuffer>,
  world: string | undefined,
): Promise<LessonEvent[]> {
  try {
    if (typeof file !== "string" && isParquet(file))
      return lessonOfEpisodes(await parquetRows(file), world, Date.now());
    const text = typeof file === "string" ? file : new TextDecoder().decode(file);
    return text.startsWith('{"format":')
      ? readLessonFile(text)
      : lessonOfEpisodes(linesOf(text), world, Date.now());
  } catch (error) {
    if (error instanceof BadEpisodes) throw new NotImported(error.complaints, true, error);
    if (error instanceof BadFile) throw new NotImported([error.message], true, error);
    throw error;
  }
}
