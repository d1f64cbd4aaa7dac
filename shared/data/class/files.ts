import type { ClassEvent } from "../../class/events.ts";
import { classCodebookFiles } from "../codebook.ts";
import type { OutFolder } from "../formats/format.ts";
import { writeTables } from "../formats/tablesBeside.ts";
import { type ClassSource, classTables } from "./index.ts";

/** Writes the tables of a class and its log, each to a file, and what they mean. */
export function writeClass(
  folder: OutFolder,
  source: ClassSource,
  events: readonly ClassEvent[],
): void {
  writeTables(folder, classTables, source, classCodebookFiles);
  const file = folder.file("class.jsonl");
  for (const event of events) file.write(`${JSON.stringify(named(event, source.hasNames))}\n`);
  file.close();
}

/** Without what lets somebody in, and without names where they are left out. */
function named(event: ClassEvent, hasNames: boolean): object {
  if (event.type === "joined") {
    const { key: _, nickname, ...rest } = event;
    return hasNames ? { ...rest, nickname } : rest;
  }
  if (event.type === "renamed" && !hasNames) return { ...event, nickname: undefined };
  return event;
}
