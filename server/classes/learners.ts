import type { ComparedDrives } from "../../shared/class/compare.ts";
import { refuseToCompare } from "../../shared/class/decide.ts";
import type { NoisePairs } from "../../shared/class/noise.ts";
import type { ClassRequest } from "../../shared/class/room.ts";
import type { Trace } from "../../shared/class/trace.ts";
import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { eventsIn, type Spend } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import { Learned } from "../../shared/lesson/service/learned.ts";
import type { Platform } from "../../shared/lesson/service/platform.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import type { Workers } from "../jobs/workers.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { OpenClass } from "./openClass.ts";
import type { Reading } from "./reading.ts";

/** The training of the class's learner, whichever room it is for. */
export interface Comparing {
  /** Settles, without a result, once it is over; null where none is under way. */
  underWay: Promise<void> | null;
  /** Of which learners it was tried last, whether it came to something or not. */
  tried: string;
}

const none = refusal("no-rounds", "There is no such learner yet.");
const tooFew = refusal("no-rounds", "At least two pupils must have corrected their learner.");
const underWay = refusal("busy", "The class's learner is being trained; wait until it is done.");

/** Time from one look at all labels to the next, ms: each reads all lessons. */
const betweenLooks = 10_000;

export interface LearnersParts {
  readonly platform: Platform;
  readonly log: SqlLog;
  readonly workers: Workers;
  readonly reading: Reading;
}

/** Who asks for work, and pays for it. */
export interface Asker {
  readonly address: string;
  /** Whether it is for the class; whoever looks on must not use up the class's time. */
  readonly isOfClass: boolean;
  readonly spend: Spend;
}

/** Those whom the work is for. */
export interface Audience {
  readonly isVacant: boolean;
  /** Aborted once nobody can want it any more. */
  readonly signal: AbortSignal;
}

/** A trace as JSON has it. */
interface StoredTrace extends Omit<Trace, "samples"> {
  readonly samples: string;
}
interface StoredDrives {
  readonly pooled: StoredTrace;
  readonly agreed: StoredTrace;
  readonly swaps: Readonly<Record<string, StoredTrace>>;
}

/** What the learners of a class do: of its pupils, and of all of them together. Worked out in threads, and once. */
export class ClassLearners {
  readonly #open: OpenClass;
  readonly #parts: LearnersParts;
  readonly #audience: Audience;
  /** By pupil and which of theirs; a newer one takes the place of an older. */
  readonly #traces = new Map<string, { seq: number; trace: Promise<Trace | Refusal> }>();
  #drives: { seq: number; drives: Promise<StoredDrives | null> } | null = null;
  #noise: {
    of: string;
    isUnderWay: boolean;
    readonly at: number;
    readonly noise: Promise<NoisePairs | Refusal>;
  } | null = null;

  constructor(open: OpenClass, parts: LearnersParts, audience: Audience) {
    this.#open = open;
    this.#parts = parts;
    this.#audience = audience;
  }

  async trace(request: ClassRequest<"trace">, asker: Asker): Promise<Trace | Refusal> {
    if (request.of === "pupil") return this.#ofPupil(request.pupil, request.which, asker);
    const drives = await this.#kept();
    if (!drives) return none;
    const stored = request.of === "class" ? drives[request.how] : drives.swaps[`${request.pupil}`];
    const { seq } = this.#open.now.comparison!;
    return stored ? { ...stored, seq, samples: Buffer.from(stored.samples, "base64") } : none;
  }

  /** What labels of all pupils differ by. Looked for where there are others, not too often, and once at a time. */
  noise(asker: Asker): Promise<NoisePairs | Refusal> {
    const pupils = this.#open.now.present.filter(({ number }) => this.#labels(number) > 0);
    if (pupils.length === 0) return Promise.resolve([]);
    const of = pupils.map(({ number }) => `${number}:${this.#labels(number)}`).join(" ");
    const last = this.#noise;
    const isFresh = last && (last.of === of || performance.now() - last.at < betweenLooks);
    if (last && (last.isUnderWay || isFresh)) return last.noise;
    const lessons = pupils.map(({ number }) => this.#open.lessonOf(number));
    const noise = this.#parts.workers.noise(lessons, this.#order(this.#open.id, asker));
    const look = { of, isUnderWay: true, at: performance.now(), noise };
    this.#noise = look;
    const ended = (isFound: boolean) => {
      look.isUnderWay = false;
      if (!isFound) look.of = "";
    };
    noise.then(
      (found) => ended(!isRefusal(found)),
      () => ended(false),
    );
    return noise;
  }

  /** Pupils whose learners can be compared. */
  get comparable(): number[] {
    return this.#open.now.present
      .map(({ number }) => number)
      .filter((number) => this.#trained(number) > 0);
  }

  /**
   * Trains the class's learner where others of its pupils are to be compared than last time, and keeps what came.
   * @param isAsked whether somebody asked for it, who may ask again for what came to nothing
   */
  async compare(asker: Asker, isAsked: boolean): Promise<Refusal | null> {
    const { comparing, now } = this.#open;
    if (comparing.underWay) return underWay;
    const full = refuseToCompare(now);
    if (full) return full;
    const pupils = this.comparable;
    if (!now.level!.learner || pupils.length < 2) return tooFew;
    const basis = basisOf(
      pupils,
      pupils.map((pupil) => this.#trained(pupil)),
    );
    const { comparison } = now;
    if (comparison && basis === basisOf(comparison.pupils, comparison.basis)) return null;
    if (!isAsked && basis === comparing.tried) return null;
    comparing.tried = basis;
    const work = this.#compare(pupils, asker);
    comparing.underWay = work
      .then(
        () => {},
        () => {
          // Whoever comes next may want it.
          if (this.#audience.signal.aborted) comparing.tried = "";
        },
      )
      .then(() => {
        comparing.underWay = null;
      });
    return work;
  }

  async #compare(pupils: readonly number[], asker: Asker): Promise<Refusal | null> {
    const lessons = pupils.map((pupil) => this.#open.lessonOf(pupil));
    const order = this.#order(this.#open.id, asker);
    const found = await this.#parts.workers.compare({ pupils }, lessons, order);
    if (isRefusal(found)) return found;
    const json = JSON.stringify(storedDrives(found));
    return this.#open.compared({ type: "compared", ...found.compared }, json, asker.spend);
  }

  #labels(pupil: number): number {
    return this.#open.standing.progress.get(pupil)?.labels ?? 0;
  }

  #trained(pupil: number): number {
    return this.#open.standing.progress.get(pupil)?.trained ?? 0;
  }

  #ofPupil(pupil: number, which: "first" | "newest", asker: Asker): Promise<Trace | Refusal> {
    const progress = this.#open.standing.progress.get(pupil);
    const seq = which === "first" ? progress?.first : progress?.trained;
    if (!seq) return Promise.resolve(none);
    const key = `${which} ${pupil}`;
    const known = this.#traces.get(key);
    if (known?.seq === seq) return known.trace;
    const trace = this.#drive(this.#open.lessonOf(pupil), seq, asker);
    this.#traces.set(key, { seq, trace });
    const forget = () => {
      if (this.#traces.get(key)?.trace === trace) this.#traces.delete(key);
    };
    trace.then((found) => isRefusal(found) && forget(), forget);
    return trace;
  }

  async #drive(lesson: string, seq: number, asker: Asker): Promise<Trace | Refusal> {
    const { log, workers } = this.#parts;
    const order = this.#order(lesson, asker);
    const { world } = this.#open.now.level!;
    // One that was computed again by another arithmetic has its digest before it.
    const kept = await log.policy(lesson, seq);
    const policy = kept?.startsWith("{") ? kept : await this.#again(lesson, seq, order);
    return typeof policy === "string" ? workers.drive({ world, policy, seq }, order) : policy;
  }

  async #again(lesson: string, seq: number, order: Order): Promise<string | Refusal> {
    const { log, platform, reading } = this.#parts;
    // Once it is begun it needs the lesson no more, of which there is to be one in memory.
    const { begun } = await reading.inTurn(async () => {
      order.signal?.throwIfAborted();
      let taught = emptyLesson;
      for await (const { rows, last } of log.stretches(lesson, 0, order.spend))
        taught = fold(taught, eventsIn(rows, last));
      const round = taught.rounds.findIndex((one) => one.seq === seq);
      const learned = new Learned(platform);
      return { begun: round < 0 ? none : learned.policyOf(taught, round, order) };
    });
    return begun;
  }

  async #kept(): Promise<StoredDrives | null> {
    const { comparison } = this.#open.now;
    if (!comparison) return null;
    const { seq } = comparison;
    if (this.#drives?.seq !== seq) {
      const drives = this.#parts.log.classes
        .result(this.#open.id, seq)
        .then((json) => (json === null ? null : (JSON.parse(json) as StoredDrives)));
      drives.catch(() => {
        this.#drives = null;
      });
      this.#drives = { seq, drives };
    }
    return this.#drives!.drives;
  }

  #order(lesson: string, { address, isOfClass, spend }: Asker): Order {
    const { signal } = this.#audience;
    return {
      lesson,
      address,
      payer: address,
      ...(isOfClass && { class: this.#open.id }),
      isWanted: () => !this.#audience.isVacant,
      spend,
      signal,
    };
  }
}

/** Which learners are compared: whose, and by which event each was trained. */
function basisOf(pupils: readonly number[], trained: readonly number[]): string {
  return pupils.map((pupil, i) => `${pupil}:${trained[i]}`).join(" ");
}

function storedDrives({ pooled, agreed, swaps }: ComparedDrives): StoredDrives {
  const stored = (trace: Trace): StoredTrace => ({
    ...trace,
    samples: Buffer.from(trace.samples).toString("base64"),
  });
  return {
    pooled: stored(pooled),
    agreed: stored(agreed),
    swaps: Object.fromEntries(
      Object.entries(swaps).map(([pupil, trace]) => [pupil, stored(trace)]),
    ),
  };
}
