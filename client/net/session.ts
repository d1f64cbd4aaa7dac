import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import type {
  Done,
  LearnedPolicy,
  Outside,
  Page,
  Progress,
  Race,
} from "../../shared/lesson/protocol.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import type { ChangeName, Request } from "../../shared/lesson/requests.ts";

/** The "no" of whoever keeps the lesson, in words for a person. */
export class Refused extends Error {
  readonly code: Refusal["code"];

  constructor({ code, reason }: Refusal) {
    super(reason);
    this.name = "Refused";
    this.code = code;
  }
}

/** Why a lesson cannot be opened, in words, and what is above them where that is not that there is none. */
export interface Failure {
  readonly title?: string;
  readonly reason: string;
}

/** Where lessons are kept. */
export type Keeper = "server" | "browser";

/** A lesson that is open in a page: the page's copy of it, and what can be asked of whoever keeps it. */
export interface LessonSession {
  readonly keptIn: Keeper;
  /** What the log says and nothing else. */
  readonly lesson: Signal<Lesson>;
  readonly status: ReadonlySignal<"connecting" | "open" | "lost">;
  /** Whether this browser may teach in it; whoever may not looks on. */
  readonly owner: ReadonlySignal<boolean>;
  /** Why the lesson cannot be opened at all; null while it can. */
  readonly failure: ReadonlySignal<Failure | null>;
  /** Why it has not been opened, or come back, so far; null while there is nothing to say. */
  readonly obstacle: ReadonlySignal<string | null>;
  /** Why something waits that was asked for, in its keeper's words; null while nothing does. */
  readonly trouble: ReadonlySignal<string | null>;
  /** Why something could not be done that an earlier page had asked for; null where all was. */
  readonly mishap: ReadonlySignal<string | null>;
  /** How much has been asked for and not acknowledged. */
  readonly unsent: ReadonlySignal<number>;
  /** How much of that is in no outbox of the browser's, so that it is gone with this page. */
  readonly unkept: ReadonlySignal<number>;
  /** What is being computed for this lesson. */
  readonly work: ReadonlySignal<Progress | null>;

  /** What was heard last of a program outside that learns from this lesson; null before one was. */
  readonly outside: ReadonlySignal<Outside | null>;

  /** Asks for a change; resolves once it is on disk. @throws Refused */
  request<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<Done>;

  /** The first of the events after number `since`, as they are stored. */
  events(since: number): Promise<Page>;

  /** What the last round learned. @throws Refused where nothing has been */
  policy(): Promise<LearnedPolicy>;

  /** What the clone and the learner do on `seed`. @throws Refused */
  race(seed: number): Promise<Race>;

  /** Breaks off what is computed for this lesson, if anything; whoever asked for it is told. */
  stop(): Promise<void>;

  close(): void;
}
