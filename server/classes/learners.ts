import type { ComparedDrives } from "../../shared/class/compare.ts";
import { refuseToCompare } from "../../shared/class/decide.ts";
import type { NoisePairs } from "../../shared/class/noise.ts";
import type { Progress } from "../../shared/class/progress.ts";
import type { ClassRequest } from "../../shared/class/room.ts";
import type { Trace } from "../../shared/class/trace.ts";
import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import { Learned } from "../../shared/lesson/service/learned.ts";
import type { Platform } from "../../shared/lesson/service/platform.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import type { Workers } from "../jobs/workers.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { OpenClass } from "./openClass.ts";

const none = refusal("no-rounds", "There is no such learner yet.");
const tooFew = refusal(
  "no-rounds",
  "Two pupils at least have to have a learner that they corrected.",
);
const underWay = refusal("busy", "The class's learner is being trained; wait until it is done.");

export interface LearnersParts {
  readonly platform: Platform;
  readonly log: SqlLog;
  readonly workers: Workers;
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
  readonly #progress: ReadonlyMap<number, Progress>;
  /** By pupil and which of theirs; a newer one takes the place of an older. */
  readonly #traces = new Map<string, { seq: number; trace: Promise<Trace | Refusal> }>();
  #drives: { seq: number; drives: Promise<StoredDrives | null> } | null = null;
  #noise: { of: number; noise: Promise<NoisePairs | Refusal> } | null = null;
  #isComparing = false;

  /** @param progress of each pupil's lesson, as far as it is known */
  constructor(open: OpenClass, parts: LearnersParts, progress: ReadonlyMap<number, Progress>) {
    this.#open = open;
    this.#parts = parts;
    this.#progress = progress;
  }

  get isComparing(): boolean {
    return this.#isComparing;
  }

  async trace(request: ClassRequest<"trace">, spend: Spend): Promise<Trace | Refusal> {
    if (request.of === "pupil") return this.#ofPupil(request.pupil, request.which, spend);
    const drives = await this.#kept();
    if (!drives) return none;
    const stored = request.of === "class" ? drives[request.how] : drives.swaps[`${request.pupil}`];
    const { seq } = this.#open.now.comparison!;
    return stored ? { ...stored, seq, samples: Buffer.from(stored.samples, "base64") } : none;
  }

  /** What labels of all pupils differ by; kept until there are more. */
  noise(spend: Spend): Promise<NoisePairs | Refusal> {
    const pupils = this.#open.now.present.filter(({ number }) => this.#labels(number) > 0);
    const of = pupils.reduce((sum, { number }) => sum + this.#progress.get(number)!.seq, 0);
    if (this.#noise?.of !== of) {
      const lessons = pupils.map(({ number }) => this.#open.lessonOf(number));
      const noise: Promise<NoisePairs | Refusal> =
        lessons.length === 0
          ? Promise.resolve([])
          : this.#parts.workers.noise(lessons, this.#order(this.#open.id, spend));
      this.#noise = { of, noise };
      const forget = () => {
        if (this.#noise?.noise === noise) this.#noise = null;
      };
      noise.then((found) => isRefusal(found) && forget(), forget);
    }
    return this.#noise!.noise;
  }

  /** Pupils whose learners can be compared. */
  get comparable(): number[] {
    return this.#open.now.present
      .map(({ number }) => number)
      .filter((number) => (this.#progress.get(number)?.curve.length ?? 0) > 0);
  }

  /** Trains the class's learner, and keeps what came. One at a time. */
  async compare(spend: Spend): Promise<Refusal | null> {
    if (this.#isComparing) return underWay;
    const full = refuseToCompare(this.#open.now);
    if (full) return full;
    const pupils = this.comparable;
    if (!this.#open.now.level!.learner || pupils.length < 2) return tooFew;
    this.#isComparing = true;
    try {
      const lessons = pupils.map((pupil) => this.#open.lessonOf(pupil));
      const order = this.#order(this.#open.id, spend);
      const found = await this.#parts.workers.compare({ pupils }, lessons, order);
      if (isRefusal(found)) return found;
      const json = JSON.stringify(storedDrives(found));
      return await this.#open.compared({ type: "compared", ...found.compared }, json, spend);
    } finally {
      this.#isComparing = false;
    }
  }

  #labels(pupil: number): number {
    return this.#progress.get(pupil)?.labels ?? 0;
  }

  #ofPupil(pupil: number, which: "first" | "newest", spend: Spend): Promise<Trace | Refusal> {
    const progress = this.#progress.get(pupil);
    const seq = which === "first" ? progress?.first : progress?.trained;
    if (!seq) return Promise.resolve(none);
    const key = `${which} ${pupil}`;
    const known = this.#traces.get(key);
    if (known?.seq === seq) return known.trace;
    const trace = this.#drive(this.#open.lessonOf(pupil), seq, spend);
    this.#traces.set(key, { seq, trace });
    const forget = () => {
      if (this.#traces.get(key)?.trace === trace) this.#traces.delete(key);
    };
    trace.then((found) => isRefusal(found) && forget(), forget);
    return trace;
  }

  async #drive(lesson: string, seq: number, spend: Spend): Promise<Trace | Refusal> {
    const { log, workers } = this.#parts;
    const order = this.#order(lesson, spend);
    const { world } = this.#open.now.level!;
    // One that was computed again by another arithmetic has its digest before it.
    const kept = await log.policy(lesson, seq);
    const policy = kept?.startsWith("{") ? kept : await this.#again(lesson, seq, order);
    return typeof policy === "string" ? workers.drive({ world, policy, seq }, order) : policy;
  }

  async #again(lesson: string, seq: number, order: Order): Promise<string | Refusal> {
    const { log, platform } = this.#parts;
    const taught = fold(emptyLesson, await log.events(lesson));
    const round = taught.rounds.findIndex((one) => one.seq === seq);
    return round < 0 ? none : new Learned(platform).policyOf(taught, round, order);
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

  /** All work for a class is one owner's in the queue, whoever looks at it. */
  #order(lesson: string, spend: Spend): Order {
    const payer = this.#open.id;
    return { lesson, address: `class ${payer}`, payer, isWanted: () => true, spend };
  }
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
