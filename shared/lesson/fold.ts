import * as z from "zod";
import type { EventBody, EventKind, EventPosition } from "./events/event.ts";
import * as kinds from "./events/index.ts";
import { seq } from "./fields.ts";
import { emptyLesson, type Lesson } from "./lesson.ts";
import { Lists } from "./lists.ts";

type Kind = (typeof kinds)[keyof typeof kinds];

/**
 * A lesson is an append-only log of events. Everything a lesson is, on the server and in the
 * browser, is `events.reduce(apply, emptyLesson)`.
 */
export type LessonEvent = EventPosition & z.output<Kind["stored"]>;

/** An event as it is stored, before the log has given it its place. */
export type NewEvent = z.input<Kind["stored"]>;

const kindOf = new Map<string, EventKind<EventBody, unknown>>(Object.entries(kinds));

const head = z.object({ seq, at: z.number(), type: z.string(), v: z.int().optional() });

/**
 * An event as it was stored, in whatever form, brought up to date.
 * @param json the parsed JSON of an event with its place
 * @throws Error where it is damaged, or of a type or a version that came later
 */
export function read(json: unknown): LessonEvent {
  const { seq, at, type, v } = head.parse(json);
  const kind = kindOf.get(type);
  if (!kind) throw new RangeError(`there is no event "${type}"`);
  const earlier = kind.earlier?.find(({ fits }) => fits(json as object));
  const body = earlier ? earlier.upcast(json) : kind.stored.parse(json);
  if (!earlier && body.v !== v) throw new RangeError(`event "${type}" has no version ${v}`);
  return { seq, at, ...body } as LessonEvent;
}

/** The lesson after `event`. @throws RangeError where `event` does not follow the lesson's last */
export function apply(lesson: Lesson, event: LessonEvent): Lesson {
  return follow(lesson, event, new Lists());
}

/** The lesson after `events`, as {@link apply} has it, in time that grows with their number alone. @throws RangeError */
export function fold(lesson: Lesson, events: readonly LessonEvent[]): Lesson {
  const lists = new Lists();
  return events.reduce((before, event) => follow(before, event, lists), lesson);
}

function follow(lesson: Lesson, event: LessonEvent, lists: Lists): Lesson {
  const { seq, type } = event;
  if (seq !== lesson.seq + 1)
    throw new RangeError(`event ${seq} cannot follow event ${lesson.seq}`);
  return { ...kindOf.get(type)!.apply(lesson, event, lists), seq };
}

/** The lesson as it stood after its event number `basis`. */
export function lessonAt(events: readonly LessonEvent[], basis: number): Lesson {
  return fold(
    emptyLesson,
    events.filter((event) => event.seq <= basis),
  );
}
