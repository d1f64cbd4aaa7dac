import type { LessonEvent } from "../shared/lesson/fold.ts";
import type { Refusal } from "../shared/lesson/refusal.ts";
import type { RequestName } from "../shared/lesson/requests.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** Names of routes, as a label: a path could be anything. */
export type Route =
  | "lessons"
  | "studies"
  | "classes"
  | "matchmake"
  | "health"
  | "metrics"
  | "asset"
  | "page"
  | "other";

/** What threads do for lessons and classes. */
export type JobKind = "train" | "infer" | "race" | "lag" | "pairs" | "drive" | "compare" | "noise";

/** Most warnings of Colyseus logged in a period; further ones are only counted. */
const mostComplaints = 20;
const complaintsPeriod = 60_000; // ms

/**
 * Logs and counts what happens. A lesson's id, which lets others look on, may be logged; a secret, a
 * session, a body or the query of a URL may not.
 */
export class Reports {
  readonly logger: Logger;
  readonly metrics: Metrics;
  #complaints = { since: Number.NEGATIVE_INFINITY, said: 0, unsaid: 0 };

  constructor(logger: Logger, metrics: Metrics) {
    this.logger = logger;
    this.metrics = metrics;
  }

  began(lesson: string): void {
    this.logger.info({ lesson }, "lesson begun");
    this.wrote("created");
  }

  joined(lesson: string, owner: boolean): void {
    this.logger.info({ lesson, owner }, "joined");
  }

  left(lesson: string, code: number | undefined): void {
    this.logger.info({ lesson, code }, "left");
  }

  /** A request to a room has been answered, `ms` after it came. */
  answered(lesson: string, request: RequestName, refusal: Refusal | null, ms: number): void {
    const outcome = refusal?.code ?? "done";
    this.metrics.requests.inc({ request, outcome });
    this.metrics.acknowledgements.observe({ request }, ms / 1000);
    if (refusal) this.metrics.refusals.inc({ code: refusal.code });
    this.logger.debug({ lesson, request, outcome, ms: Math.round(ms) }, "answered");
  }

  /** The main thread's time for a message, until it first had to wait, ms. */
  paid(request: string, ms: number): void {
    this.metrics.mainThread.observe({ request }, ms / 1000);
  }

  /** A warning of Colyseus, mostly about a client's error, so that clients decide how many there are. */
  complained(message: string): void {
    const now = performance.now();
    if (now - this.#complaints.since >= complaintsPeriod) {
      if (this.#complaints.unsaid > 0)
        this.logger.warn({ unsaid: this.#complaints.unsaid }, "further warnings like these");
      this.#complaints = { since: now, said: 0, unsaid: 0 };
    }
    if (this.#complaints.said < mostComplaints) {
      this.#complaints.said++;
      this.logger.warn(message);
    } else this.#complaints.unsaid++;
  }

  wrote(type: LessonEvent["type"]): void {
    this.metrics.events.inc({ type });
  }

  workStarted(lesson: string, kind: JobKind): void {
    this.logger.info({ lesson, kind }, "work started");
  }

  workEnded(
    lesson: string,
    kind: JobKind,
    outcome: "done" | "stopped" | "failed",
    ms: number,
  ): void {
    this.metrics.work.observe({ kind, outcome }, ms / 1000);
    this.logger.info({ lesson, kind, outcome, ms: Math.round(ms) }, "work ended");
  }

  /** Something that should have worked did not. */
  failed(what: string, error: unknown, lesson?: string): void {
    this.logger.error({ what, ...(lesson !== undefined && { lesson }), err: error }, "failed");
  }

  /** A request was refused before it reached a lesson. */
  refused(code: Refusal["code"], status: number, address: string): void {
    this.metrics.refusals.inc({ code });
    this.logger.info({ code, status, address }, "refused at the door");
  }

  /** An HTTP request has been answered. */
  responded(route: Route, method: string, status: number, ms: number): void {
    this.metrics.responses.inc({ route, status: `${status}` });
    this.logger.debug({ route, method, status, ms: Math.round(ms) }, "responded");
  }
}
