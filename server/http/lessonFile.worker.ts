import { BadFile } from "../../shared/lesson/file.ts";
import { NotStored } from "../../shared/lesson/log.ts";
import { BadNetwork } from "../../shared/lesson/network.ts";
import { eventsOfFile } from "../../shared/lesson/networkFile.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { runLast } from "../runLast.ts";
import type { Place } from "../storage/place.ts";
import { storeLesson } from "../storage/wholeLesson.ts";

runLast();

export interface ImportTask {
  /** UTF-8. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** Where lessons are kept. */
  readonly place: Place;
  /** Characters in a lesson. */
  readonly longest: number;
}

/** Errors lose their class between threads. */
export type ImportResult =
  | { readonly begun: Begun }
  | { readonly bad: string }
  | { readonly notStored: string };

/** Checks the file of a lesson or of a network, and begins a lesson of its events, all of it or nothing. */
export async function importLesson({ file, place, longest }: ImportTask): Promise<ImportResult> {
  try {
    return { begun: await storeLesson(eventsOfFile(textOf(file), Date.now(), longest), place) };
  } catch (error) {
    if (error instanceof BadFile || error instanceof BadNetwork) return { bad: error.message };
    if (error instanceof NotStored) return { notStored: error.message };
    throw error;
  }
}

function textOf(file: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch (cause) {
    throw new BadFile("This is not the file of a lesson.", { cause });
  }
}
