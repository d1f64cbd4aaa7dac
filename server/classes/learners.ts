import { refuseToCompare } from "../../shared/class/decide.ts";
import { traceOfEpisode } from "../../shared/class/drive.ts";
import type { NoisePairs } from "../../shared/class/noise.ts";
import type { Progress } from "../../shared/class/progress.ts";
import type { ClassRequest } from "../../shared/class/room.ts";
import type { Trace } from "../../shared/class/trace.ts";
import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { eventsIn, type Spend } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import { Learned } from "../../shared/lesson/service/learned.ts";
import type { Platform } from "../../shared/lesson/service/platform.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../shared/worlds/level.ts";
import type { Workers } from "../jobs/workers.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { OpenClass } from "./openClass.ts";
import type { Reading } from "./reading.ts";
import { type StoredDrives, storedDrives, traceIn } from "./storedDrives.ts";

/** The training of the class's learner, whichever room it is for. */
export interface Comparing {
  /** Settles, without a result, once it is over; null where none is under way. */
  underWay: Promise<void> | null;
  /** Of which learners it was tried last, whether it came to something or not. */
  tried: string;
}

const none = refusal("no-rounds", "There is no such learner yet.");
const tooFew = refusal(
  "no-rounds",
  "Two pupils at least have to have a learner that they corrected.",
);
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

  #ofPupil(pupil: number, which: "first" | "newest", asker: Asker): Promise<Trace | Refusal> {
    const progress = this.#open.standing.progress.get(pupil);
    const wanted = progress && wantedOf(progress, which, this.#open.now.level!.learner !== null);
    if (!wanted || wanted.seq === 0) return Promise.resolve(none);
    const { seq } = wanted;
    const key = `${which} ${pupil}`;
    const known = this.#traces.get(key);
    if (known?.seq === seq) return known.trace;
    const lesson = this.#open.lessonOf(pupil);
    const trace =
      wanted.of === "learner" ? this.#drive(lesson, seq, asker) : this.#walk(lesson, wanted, asker);
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
    return typeof policy === "string" ? workers.drive({ world, by: policy, seq }, order) : policy;
  }

  /** What a pupil did last where nothing is trained, or what the reward makes of it that was read from that. */
  async #walk(lesson: string, { of, seq }: Wanted, asker: Asker): Promise<Trace | Refusal> {
    const { workers, reading } = this.#parts;
    const order = this.#order(lesson, asker);
    const { world } = this.#open.now.level!;
    const found = await reading.inTurn(async () => {
      order.signal?.throwIfAborted();
      const { demonstrations, inference } = await this.#read(lesson, order.spend);
      const shown = demonstrations.find((one) => one.seq === seq);
      // It may have gone on by now, and then another is asked for.
      if (of === "person")
        return shown
          ? traceOfEpisode(demonstrationWorld(worlds[world]!), shown.episode, seq)
          : none;
      return inference ? inference.weights : none;
    });
    return "map" in found ? workers.drive({ world, by: found, seq }, order) : found;
  }

  async #again(lesson: string, seq: number, order: Order): Promise<string | Refusal> {
    const { platform, reading } = this.#parts;
    // Once it is begun it needs the lesson no more, of which there is to be one in memory.
    const { begun } = await reading.inTurn(async () => {
      order.signal?.throwIfAborted();
      const taught = await this.#read(lesson, order.spend);
      const round = taught.rounds.findIndex((one) => one.seq === seq);
      const learned = new Learned(platform);
      return { begun: round < 0 ? none : learned.policyOf(taught, round, order) };
    });
    return begun;
  }

  /** To be called in turn: one lesson is in memory for this at a time. */
  async #read(lesson: string, spend: Spend): Promise<Lesson> {
    let taught = emptyLesson;
    for await (const { rows, last } of this.#parts.log.stretches(lesson, 0, spend))
      taught = fold(taught, eventsIn(rows, last));
    return taught;
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

/** What is asked of a pupil's drives, with its number; 0 where there is none. */
interface Wanted {
  readonly of: "learner" | "person" | "reward";
  readonly seq: number;
}

function wantedOf(
  { first, trained, shown, rewarded }: Progress,
  which: "first" | "newest",
  isTrained: boolean,
): Wanted {
  if (isTrained) return { of: "learner", seq: which === "first" ? first : trained };
  return which === "newest" && rewarded > shown
    ? { of: "reward", seq: rewarded }
    : { of: "person", seq: shown };
}

/** Which learners are compared: whose, and by which event each was trained. */
function basisOf(pupils: readonly number[], trained: readonly number[]): string {
  return pupils.map((pupil, i) => `${pupil}:${trained[i]}`).join(" ");
}
