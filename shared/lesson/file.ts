import * as z from "zod";
import { refuseHistory } from "./admission.ts";
import { type LessonEvent, read } from "./fold.ts";
import { longestFile, mostEvents } from "./sizes.ts";

/**
 * A lesson as a file, in JSON Lines: a header, then each event of the lesson's log as everyone reads it,
 * with its number and its time. Keys of requests and the parameters of policies are left out: the
 * first mean nothing elsewhere, and the others are computed again from the log.
 */

/** What the header calls the format. */
const format = "dagger-dojo lesson";
/** Of the format; events have versions of their own. */
const version = 1;
/**
 * What no event has more of: UTF-16 code units, lists and objects, and lists or objects within one another.
 * A training with all the drives and questions that one may ask for has 1.5 million, and 10,100. To read JSON
 * takes many times its length where it has little but brackets.
 */
const longestLine = 2_000_000;
const mostBrackets = 12_000;
const deepest = 8;
const quote = 0x22;
const backslash = 0x5c;
/** Latest time that JavaScript has a date for, milliseconds since 1970. */
const latest = 8.64e15;

const header = z.strictObject({
  format: z.literal(format),
  version: z.int().positive(),
  events: z.int().min(1).max(mostEvents),
});
const time = z.int().min(0).max(latest);

/** Why a file cannot be read as a lesson, in words for whoever chose it. */
export class BadFile extends Error {}

/** The file of a lesson. @param events all of them, as they are stored, with their numbers and times */
export function lessonFile(events: readonly object[]): string {
  const lines = [{ format, version, events: events.length }, ...events];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * The events in a file, brought up to date. Each is one that its lesson allowed at that point.
 * @param longest UTF-16 code units in the file, and in its events as they are stored
 * @throws BadFile where it is not the file of a lesson that can have happened
 */
export function readLessonFile(text: string, longest = longestFile): LessonEvent[] {
  if (text.length > longest) throw tooLong;
  const lines = linesOf(text, mostEvents + 1);
  const first = header.safeParse(json(lines[0]!, 1));
  if (!first.success) throw new BadFile("This is not the file of a lesson.");
  if (first.data.version > version)
    throw new BadFile("This file was made by a newer version; load the page again.");
  let length = 0;
  const events = lines.slice(1).map((line, i) => {
    const { event, body } = eventIn(line, i + 1);
    // Numbers are written out, which can take five times their length.
    length += body.length;
    if (length > longest) throw tooLong;
    return event;
  });
  if (events.length !== first.data.events)
    throw new BadFile(
      `This file is not complete: it has ${events.length} of its ${first.data.events} events.`,
    );
  const refused = refuseHistory(events);
  if (refused) throw badLine(refused.seq + 1, refused.reason);
  return events;
}

/** The file is longer than {@link longestFile}. */
export const tooLong = new BadFile("This file is longer than a lesson can be.");

/** An event in the form in which it is stored: JSON without its place and time. */
export function bodyOf({ seq: _, at: __, ...body }: LessonEvent): string {
  return JSON.stringify(body);
}

/** @throws BadFile where there are more than `most` */
function linesOf(text: string, most: number): string[] {
  const lines: string[] = [];
  for (let from = 0; from < text.length; ) {
    if (lines.length === most) throw tooLong;
    const end = text.indexOf("\n", from);
    lines.push(text.slice(from, end < 0 ? undefined : end));
    from = end < 0 ? text.length : end + 1;
  }
  return lines.length > 0 ? lines : [""];
}

/** @returns the event, and the form in which it is stored */
function eventIn(line: string, seq: number): { event: LessonEvent; body: string } {
  const parsed = json(line, seq + 1);
  try {
    const event = read(parsed);
    if (event.seq !== seq) throw new RangeError(`event ${event.seq} is in the place of ${seq}`);
    time.parse(event.at);
    return { event, body: bodyOf(event) };
  } catch (error) {
    throw badLine(seq + 1, "it is no event of a lesson", error);
  }
}

function json(line: string, number: number): unknown {
  try {
    if (line.length > longestLine || !isFlat(line)) throw new RangeError("it is none of ours");
    const value: unknown = JSON.parse(line);
    if (!isAsWritten(value)) throw new RangeError("a number of it cannot be written");
    return value;
  } catch (error) {
    if (number === 1) throw new BadFile("This is not the file of a lesson.", { cause: error });
    throw badLine(number, "it is no event of a lesson", error);
  }
}

/** Whether a line has few brackets, and few within one another. */
function isFlat(line: string): boolean {
  let [depth, brackets, isText] = [0, 0, false];
  for (let i = 0; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c === quote) isText = !isText;
    else if (isText) i += c === backslash ? 1 : 0;
    // `[` or `{`, `]` or `}`
    else if (c === 0x5b || c === 0x7b) {
      if (++brackets > mostBrackets || ++depth > deepest) return false;
    } else if (c === 0x5d || c === 0x7d) depth--;
  }
  return true;
}

/** Whether it is the same once it is written and read: JSON has infinite numbers and −0, and writes neither. */
function isAsWritten(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || value === null) return true;
  return (Array.isArray(value) ? value : Object.values(value)).every(isAsWritten);
}

function badLine(number: number, why: string, cause?: unknown): BadFile {
  return new BadFile(`Line ${number} of this file is not valid: ${why.replace(/\.$/, "")}.`, {
    cause,
  });
}
