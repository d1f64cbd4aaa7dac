import type { Progress } from "../../shared/class/progress.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { progressIn } from "./classSource.ts";
import type { Reading } from "./reading.ts";

export interface StandingParts {
  readonly log: SqlLog;
  readonly reading: Reading;
  /** Address of a pupil's lesson. */
  readonly lessonOf: (pupil: number) => string;
  /** Told of whom more is known. */
  readonly changed: (pupil: number) => void;
}

/** How the lessons of a class's pupils stand: what was heard of them, and of what was not, what was read. By pupil. */
export class Standing {
  readonly #class: string;
  readonly #parts: StandingParts;
  readonly #progress = new Map<number, Progress>();
  readonly #reading = new Map<number, Promise<Progress | null>>();
  readonly #training = new Set<number>();

  constructor(id: string, parts: StandingParts) {
    this.#class = id;
    this.#parts = parts;
  }

  /** As far as it is known here. */
  get progress(): ReadonlyMap<number, Progress> {
    return this.#progress;
  }

  /** Whether something is trained in a lesson, as far as that was heard. */
  isTraining(pupil: number): boolean {
    return this.#training.has(pupil);
  }

  /** Takes in what a pupil's lesson says of itself. @param progress null where it does not say */
  hear(pupil: number, progress: Progress | null, isTraining: boolean): void {
    if (isTraining) this.#training.add(pupil);
    else this.#training.delete(pupil);
    if (progress) this.#take(pupil, progress);
    this.#parts.changed(pupil);
  }

  /** Nothing is heard any more. */
  deafen(): void {
    this.#training.clear();
  }

  /** Those whose lessons have gone further than is known here. */
  async behind(): Promise<number[]> {
    const lasts = await this.#parts.log.classes.lasts(this.#class);
    return [...lasts.keys()].filter((pupil) => lasts.get(pupil)! > this.#seq(pupil));
  }

  /** How far a pupil's lesson has come by now; null where it has not begun. @throws Unreadable, Busy */
  async now(pupil: number, spend: Spend): Promise<Progress | null> {
    const lasts = await this.#parts.log.classes.lasts(this.#class);
    const last = lasts.get(pupil) ?? 0;
    return last > this.#seq(pupil) ? this.read(pupil, spend) : (this.#progress.get(pupil) ?? null);
  }

  /** Reads a pupil's lesson, once for all who ask meanwhile. @throws Unreadable, Busy */
  read(pupil: number, spend: Spend): Promise<Progress | null> {
    const underWay = this.#reading.get(pupil);
    if (underWay) return underWay;
    const reading = this.#read(pupil, spend).finally(() => this.#reading.delete(pupil));
    this.#reading.set(pupil, reading);
    return reading;
  }

  async #read(pupil: number, spend: Spend): Promise<Progress | null> {
    const { log, reading, lessonOf, changed } = this.#parts;
    const found = await reading.inTurn(() => progressIn(log, lessonOf(pupil), spend));
    if (found && this.#take(pupil, found)) changed(pupil);
    return this.#progress.get(pupil) ?? null;
  }

  #seq(pupil: number): number {
    return this.#progress.get(pupil)?.seq ?? 0;
  }

  /** Whether it is news. */
  #take(pupil: number, progress: Progress): boolean {
    if (progress.seq <= this.#seq(pupil)) return false;
    this.#progress.set(pupil, progress);
    return true;
  }
}
