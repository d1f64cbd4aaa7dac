import type { NewEvent } from "../fold.ts";
import { type Lesson, learningSeedOf, nPairs } from "../lesson.ts";
import type { Spend } from "../log.ts";
import type { Done, Progress } from "../protocol.ts";
import { isRefusal, type Refusal, refusal } from "../refusal.ts";
import { changes, type Request, refuseWork } from "../requests.ts";
import { largestPolicy } from "../sizes.ts";
import type { Change, OpenLesson } from "./openLesson.ts";
import type { Audience } from "./platform.ts";
import { otherRequest, stopped, tooLargePolicy } from "./refusals.ts";
import type { Order, Work } from "./work.ts";

/** What a job came to: an event, with the policy that it brought about, if any. */
export type JobResult = { readonly event: NewEvent; readonly policy?: string } | Refusal;

/** A job that is under way. */
interface Job {
  readonly name: Progress["work"];
  readonly key: string;
  readonly print: string;
  readonly done: Promise<Done | Refusal>;
  readonly stop: AbortController;
}

/** What is to be done, and why it may not be. */
export interface Assignment {
  readonly name: Progress["work"];
  readonly refuse: (lesson: Lesson) => Refusal | null;
  readonly work: (lesson: Lesson, how: Pick<Order, "tell" | "signal">) => Promise<JobResult>;
}

/**
 * Training and inference of a lesson: one job at a time, which lasts as long as it takes while the
 * lesson goes on, and becomes an event.
 */
export class CurrentJob {
  readonly #lesson: OpenLesson;
  readonly #audience: Audience;
  #job: Job | null = null;
  /** What a job came to that the log did not take, for whoever asks for it again. */
  #unwritten: (Pick<Change, "key" | "print"> & { readonly outcome: JobResult }) | null = null;

  constructor(lesson: OpenLesson, audience: Audience) {
    this.#lesson = lesson;
    this.#audience = audience;
  }

  get isUnderWay(): boolean {
    return this.#job !== null;
  }

  /** Breaks the job off; without a key, whichever it is. */
  stop(key = this.#job?.key): void {
    if (this.#job?.key === key) this.#job?.stop.abort();
  }

  /** Why another has to wait; null where it need not. */
  get busy(): Refusal | null {
    if (!this.#job) return null;
    const doing =
      this.#job.name === "train" ? "The learner is training" : "The reward is being computed";
    return refusal("busy", `${doing}; wait until it is done.`);
  }

  /** Why answers have to wait: they are about a round that is about to pass. */
  get training(): Refusal | null {
    return this.#job?.name === "train" ? this.busy : null;
  }

  /** Starts a job, or joins the one that was asked for under the same key. */
  async start(
    change: Promise<Change>,
    spend: Spend,
    { name, refuse, work }: Assignment,
  ): Promise<Done | Refusal> {
    const started = await this.#lesson.inTurn(spend, async () => {
      const { key, print } = await change;
      const lesson = await this.#lesson.caughtUp(spend);
      const done = await this.#lesson.done({ key, print });
      if (done) return { done };
      if (this.#job?.key === key) return this.#job.print === print ? this.#job : other;
      const refusal = this.busy ?? refuse(lesson);
      if (refusal) return { done: refusal };
      const stop = new AbortController();
      const tell: Order["tell"] = (progress) =>
        this.#audience.progressed({ work: name, key, ...progress });
      const outcome =
        this.#unwritten?.key === key && this.#unwritten.print === print
          ? Promise.resolve(this.#unwritten.outcome)
          : work(lesson, { tell, signal: stop.signal });
      const written = this.#finish(name, { key, print, spend }, outcome, stop.signal);
      this.#job = { name, key, print, done: written, stop };
      return this.#job;
    });
    return started.done;
  }

  async #finish(
    name: Job["name"],
    change: Change,
    work: Promise<JobResult>,
    signal: AbortSignal,
  ): Promise<Done | Refusal> {
    // Someone who closes the page while the learner trains will find it trained.
    this.#audience.working(true);
    await Promise.allSettled([work]);
    return this.#lesson.inTurn(change.spend, async () => {
      try {
        if (signal.aborted) return stopped;
        const outcome = await work;
        if (isRefusal(outcome)) return outcome;
        this.#unwritten = { key: change.key, print: change.print, outcome };
        const written = await this.#lesson.write(change, () => outcome.event, outcome.policy);
        this.#unwritten = null;
        return written;
      } finally {
        this.#job = null;
        this.#audience.working(false);
        this.#audience.progressed({ work: name, share: null });
      }
    });
  }
}

const other = { done: otherRequest };

export function training(work: Work, request: Request<"train">, order: Order): Assignment {
  const { decide } = changes.train;
  return {
    name: "train",
    refuse: (lesson) => refuseWork("train", lesson, request),
    work: async (lesson, how) => {
      const { seq } = lesson;
      // The seed follows from the log, so that a replay arrives at the same policy.
      const { plan } = request;
      const learningSeed = learningSeedOf(lesson, plan.policy, seq);
      const task = { basis: seq, plan, seed: seq, learningSeed };
      const trained = await work.train(task, nPairs(lesson), { ...order, ...how });
      if (isRefusal(trained)) return trained;
      const { round, policy } = trained;
      if (policy.length > largestPolicy) return tooLargePolicy;
      const event = decide(lesson, request, { basis: seq, ...round });
      return isRefusal(event) ? event : { event, policy };
    },
  };
}

export function inference(work: Work, request: Request<"infer">, order: Order): Assignment {
  const { decide } = changes.infer;
  return {
    name: "infer",
    refuse: (lesson) => refuseWork("infer", lesson, request),
    work: async (lesson, how) => {
      const { seq } = lesson;
      const inferred = await work.infer({ basis: seq }, { ...order, ...how });
      if (isRefusal(inferred)) return inferred;
      const event = decide(lesson, request, { basis: seq, ...inferred });
      return isRefusal(event) ? event : { event };
    },
  };
}
