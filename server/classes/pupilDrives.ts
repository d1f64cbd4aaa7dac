import { traceOfEpisode } from "../../shared/class/drive.ts";
import type { Progress } from "../../shared/class/progress.ts";
import type { Trace } from "../../shared/class/trace.ts";
import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { eventOf, eventsIn, type Spend } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import { Learned } from "../../shared/lesson/service/learned.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../shared/worlds/level.ts";
import { now } from "../time.ts";
import type { Asker, LearnersParts } from "./learners.ts";
import type { OpenClass } from "./openClass.ts";

export const none = refusal("no-rounds", "There is no such learner yet.");

/** What a class sees of its pupils one by one: their learners, or where nothing is trained their walks. */
export class PupilDrives {
  readonly #open: OpenClass;
  readonly #parts: LearnersParts;
  readonly #orderOf: (lesson: string, asker: Asker) => Order;
  /** By pupil and which of theirs; a newer one takes the place of an older. */
  readonly #traces = new Map<string, Known>();

  constructor(
    open: OpenClass,
    parts: LearnersParts,
    orderOf: (lesson: string, asker: Asker) => Order,
  ) {
    this.#open = open;
    this.#parts = parts;
    this.#orderOf = orderOf;
  }

  /** A drive of theirs, worked out once however many ask. */
  of(pupil: number, which: "first" | "newest", asker: Asker): Promise<Trace | Refusal> {
    if (this.#open.now.pupils.get(pupil)?.isRemoved !== false) return Promise.resolve(none);
    const progress = this.#open.standing.progress.get(pupil);
    const wanted = progress && wantedOf(progress, which, this.#open.now.level!.learner !== null);
    if (!wanted || wanted.seq === 0) return Promise.resolve(none);
    const { of, seq } = wanted;
    const key = `${of === "learner" ? which : of} ${pupil}`;
    const known = this.#traces.get(key);
    if (known?.seq === seq) return known.trace;
    const lesson = this.#open.lessonOf(pupil);
    const trace = this.#made(wanted, lesson, asker, () => this.#traces.get(key)?.seq === seq);
    this.#traces.set(key, { seq, trace });
    const forget = () => {
      if (this.#traces.get(key)?.trace === trace) this.#traces.delete(key);
    };
    trace.then((found) => isRefusal(found) && forget(), forget);
    return trace;
  }

  async #drive(lesson: string, seq: number, asker: Asker): Promise<Trace | Refusal> {
    const { log, workers } = this.#parts;
    const order = this.#orderOf(lesson, asker);
    const { world } = this.#open.now.level!;
    // One that was computed again by another arithmetic has its digest before it.
    const kept = await log.policy(lesson, seq);
    const policy = kept?.startsWith("{") ? kept : await this.#again(lesson, seq, order);
    return typeof policy === "string" ? workers.drive({ world, by: policy, seq }, order) : policy;
  }

  /** @param isWanted whether there is none that is newer */
  #made(
    { of, seq }: Wanted,
    lesson: string,
    asker: Asker,
    isWanted: () => boolean,
  ): Promise<Trace | Refusal> {
    if (of === "learner") return this.#drive(lesson, seq, asker);
    return of === "person"
      ? this.#walk(lesson, seq, asker)
      : this.#walkOfReward(lesson, seq, asker, isWanted);
  }

  /** What a pupil did where nothing is trained: one event of their lesson. */
  async #walk(lesson: string, seq: number, { spend }: Asker): Promise<Trace | Refusal> {
    const { world } = this.#open.now.level!;
    const { rows } = await this.#parts.log.stretch(lesson, seq - 1, 1);
    const began = now();
    const shown = rows[0] && eventOf(rows[0], seq);
    const trace =
      shown?.type === "demonstrated"
        ? traceOfEpisode(demonstrationWorld(worlds[world]!), shown.episode, seq)
        : none;
    spend(now() - began);
    return trace;
  }

  /** What the reward makes of it that was read from a pupil's walks. */
  async #walkOfReward(
    lesson: string,
    seq: number,
    asker: Asker,
    isWanted: () => boolean,
  ): Promise<Trace | Refusal> {
    const { workers, reading } = this.#parts;
    const order = this.#orderOf(lesson, asker);
    const { world } = this.#open.now.level!;
    const weights = await reading.inTurn(async () => {
      order.signal?.throwIfAborted();
      if (!isWanted()) return null;
      return (await this.#read(lesson, order.spend)).inference?.weights ?? null;
    });
    return weights ? workers.drive({ world, by: weights, seq }, order) : none;
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
}

interface Known {
  readonly seq: number;
  readonly trace: Promise<Trace | Refusal>;
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
