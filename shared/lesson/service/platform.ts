import type { LessonEvent } from "../fold.ts";
import type { Lesson } from "../lesson.ts";
import type { Log, Spend } from "../log.ts";
import type { Progress } from "../protocol.ts";
import type { Refusal } from "../refusal.ts";
import type { ChangeName, RequestName } from "../requests.ts";
import type { LessonMemory } from "./lessonMemory.ts";
import type { Work } from "./work.ts";

/** SHA-256 of a text in UTF-8, hex. Browsers compute it aside, so it may take a moment. */
export type Digest = (text: string) => string | Promise<string>;

/** Timers, and turns of the event loop, which are no part of the language. */
export interface Clock {
  /** Calls `ring` once after so many milliseconds, unless the function that it returns is called before. */
  after(ms: number, ring: () => void): () => void;
  /**
   * Resolves in a turn of the event loop that is not too long already; `spend` is told what is done from
   * then on, until that has to wait.
   */
  turn(spend: Spend): Promise<void>;
}

/** What a lesson may take. */
export interface Bounds {
  /** Bytes of its events. */
  readonly lessonSize: number;
  /** Milliseconds that it stays in memory where nobody asks for anything. */
  readonly idle: number;
}

/** What lessons stand on: a server gives them this, and a page that is on its own. */
export interface Platform {
  readonly log: Log;
  readonly work: Work;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly memory: LessonMemory;
  readonly bounds: Bounds;
}

/** Everyone who has a lesson open, taken together. */
export interface Audience {
  /** Whether nobody is there: work that nobody waits for goes last. */
  readonly isVacant: boolean;
  /** Told each event once it is stored, in order and once; `json` is the event as JSON. */
  wrote(event: LessonEvent, json: string): void;
  /** Told how far the lesson's work has come. */
  progressed(progress: Progress): void;
  /** Told that work begins, and that it is over; in between the lesson had better stay open. */
  working(isWorking: boolean): void;
  /** Told that something should have worked and did not. */
  failed(name: RequestName, error: unknown): void;
}

/** Whoever leads a lesson while it is taught, as a teacher does who has it among others. */
export interface Leader {
  /**
   * Why a change has to wait; null where it need not.
   * @param refused why the lesson itself refuses it; null where it does not. It stays refused unless it has to wait
   */
  hold(lesson: Lesson, name: ChangeName, refused: Refusal | null): Refusal | null;
  /** Told how the lesson stands, each time that something was written. */
  hear(lesson: Lesson): void;
}

/** Who asks: one of these a connection, and the same one for as long as it lasts. */
export interface Caller {
  /** Whether they began the lesson; whoever did not looks on. */
  readonly owner: boolean;
  /** Where they are; work is shared out by it. */
  readonly address: string;
  /** Told what the main thread did for them. */
  readonly spend: Spend;
  /** Whether something large is still on its way to them. */
  readonly isReading: boolean;
}
