import { refuseToCompare } from "../../shared/class/decide.ts";
import type { NoisePairs } from "../../shared/class/noise.ts";
import type { ClassRequest } from "../../shared/class/room.ts";
import type { Trace } from "../../shared/class/trace.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import type { Platform } from "../../shared/lesson/service/platform.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import type { Workers } from "../jobs/workers.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { OpenClass } from "./openClass.ts";
import { none, PupilDrives } from "./pupilDrives.ts";
import type { Reading } from "./reading.ts";
import { type StoredDrives, storedDrives, traceIn } from "./storedDrives.ts";

/** The training of the class's learner, whichever room it is for. */
export interface Comparing {
  /** Settles, without a result, once it is over; null where none is under way. */
  underWay: Promise<void> | null;
  /** Of which learners it was tried last, whether it came to something or not. */
  tried: string;
}

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

/** What the learners of a class do: of its pupils, and of all of them together. Worked out in threads, and once. */
export class ClassLearners {
  readonly #open: OpenClass;
  readonly #parts: LearnersParts;
  readonly #audience: Audience;
  readonly #pupils: PupilDrives;
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
    this.#pupils = new PupilDrives(open, parts, (lesson, asker) => this.#order(lesson, asker));
  }

  async trace(request: ClassRequest<"trace">, asker: Asker): Promise<Trace | Refusal> {
    if (request.of === "pupil") return this.#pupils.of(request.pupil, request.which, asker);
    const drives = await this.#kept();
    if (!drives) return none;
    const stored = request.of === "class" ? drives[request.how] : drives.swaps[`${request.pupil}`];
    const { seq } = this.#open.now.comparison!;
    return stored ? { ...traceIn(stored), seq } : none;
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
