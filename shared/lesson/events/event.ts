import type * as z from "zod";
import type { Lesson } from "../lesson.ts";
import type { Lists } from "../lists.ts";
import type { Refusal } from "../refusal.ts";

/** An event without its place in a log. */
export interface EventBody {
  readonly type: string;
  /** Version of the form in which it is stored; none where that is 1. */
  readonly v?: number;
}

/** Where an event is in its lesson's log. */
export interface EventPosition {
  /** 1 for the first. */
  readonly seq: number;
  /** Milliseconds since 1970, by the clock of whoever stored it. */
  readonly at: number;
}

/** An event from which nothing follows any more; it keeps its place. */
export interface Outdated extends EventBody {
  readonly type: "outdated";
}

/**
 * What an event's file says of it: how it is stored, and what it does to a lesson. The file exports
 * it under the event's type.
 * @template Body the event
 * @template Stored the newest form in which it is stored; reading it may fill in what is left out
 */
export interface EventKind<Body extends EventBody, Stored = Body> {
  /** Schema of the newest stored form. */
  readonly stored: z.ZodType<Body, Stored>;
  /** Earlier stored forms. */
  readonly earlier?: readonly EarlierForm<Body | Outdated>[];
  /**
   * The lesson after `event`, but for its `seq`. It changes nothing of `lesson`, unless by `lists`, which
   * know what may be changed.
   */
  apply(lesson: Lesson, event: Body & EventPosition, lists: Lists): Lesson;
}

/** An event that a request brings about. */
interface RequestedKind<Body extends EventBody, Name extends string, Schema extends Format>
  extends EventKind<Body> {
  readonly request: {
    readonly name: Name;
    readonly schema: Schema;
    /** Whether it is about the last round: while the next is trained, that one is about to pass. */
    readonly corrects?: true;
  };
}

/** An event that a request becomes as soon as it is decided. */
export interface InstantKind<Body extends EventBody, Name extends string, Schema extends Format>
  extends RequestedKind<Body, Name, Schema> {
  /** What the request becomes, or why it may not. */
  decide(lesson: Lesson, request: Unkeyed<Schema>): Body | Refusal;
}

/**
 * An event that a request becomes once work has been done for it.
 * @template Found what the work found
 */
export interface WorkKind<Body extends EventBody, Name extends string, Schema extends Format, Found>
  extends RequestedKind<Body, Name, Schema> {
  /** Why the work is not to be begun; null where it is. */
  refuse(lesson: Lesson, request: Unkeyed<Schema>): Refusal | null;
  /** What the request becomes with what was found, or why it may not, in the lesson as it is by then. */
  decide(lesson: Lesson, request: Unkeyed<Schema>, found: Found): Body | Refusal;
}

/** Schema of a request that changes a lesson. */
export type Format = z.ZodType<{ readonly key: string }>;

/** What a request asks for; its key is the log's business. */
export type Unkeyed<Schema extends Format> = Omit<z.infer<Schema>, "key">;

/** A form in which an event was stored once. */
export interface EarlierForm<Body> {
  /** Whether a stored event of this type is in this form. */
  fits(json: { readonly v?: number }): boolean;
  /** The same event as it is today. @throws ZodError where `json` is damaged */
  upcast(json: unknown): Body;
}
