import { setTimeout as pause } from "node:timers/promises";
import { hold } from "../../shared/class/hold.ts";
import { progressOf } from "../../shared/class/progress.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { NotStored, type Spend } from "../../shared/lesson/log.ts";
import { type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import type { ChangeName } from "../../shared/lesson/requests.ts";
import type { Leader } from "../../shared/lesson/service/platform.ts";
import type { LessonService } from "../../shared/lesson/service/service.ts";
import type { Classes } from "./classes.ts";
import type { OpenClass } from "./openClass.ts";
import { forgotten } from "./talk.ts";

const unread = refusal(
  "held",
  "The server cannot read your class at the moment. What you did waits here.",
);

/** Until one tries again to give a lesson more rounds, ms. */
const patience = 1000;

/** A lesson's place in a class: the class hears how the lesson goes, and the lesson what the class's teacher says. */
export class Membership implements Leader {
  readonly #open: OpenClass;
  readonly #pupil: number;
  readonly #failed: (error: unknown) => void;
  #service: LessonService | null = null;
  #spend: Spend = () => {};
  #isTraining = false;
  /** As it was last heard of, until that is told. */
  #heard: Lesson | null = null;
  #isDue = false;
  /** Rounds that the lesson has, as far as that is known here. */
  #rounds: number;
  #isFollowing = false;
  #hasEnded = false;
  #leave = () => {};
  #sendAway = () => {};

  private constructor(open: OpenClass, pupil: number, failed: (error: unknown) => void) {
    this.#open = open;
    this.#pupil = pupil;
    this.#failed = failed;
    this.#rounds = open.now.level!.rounds;
  }

  /** Null where the lesson is of no class. @throws Forgotten @param failed told what went wrong where nobody asked */
  static async of(
    lesson: string,
    classes: Classes,
    spend: Spend,
    failed: (error: unknown) => void,
  ): Promise<Membership | null> {
    const found = await classes.of(lesson, spend);
    return found && new Membership(found.open, found.pupil, failed);
  }

  /** To be called once the lesson is open. @param sendAway called where it was deleted with its class */
  begin(service: LessonService, spend: Spend, sendAway: () => void): void {
    this.#service = service;
    this.#spend = spend;
    this.#sendAway = sendAway;
    this.#leave = this.#open.listen({ changed: () => void this.#follow() });
    void this.#follow();
    // Whoever had the lesson open before may have ended before it could tell.
    service
      .look({ spend })
      .then((lesson) => this.hear(lesson))
      .catch(this.#failed);
  }

  hold(lesson: Lesson, name: ChangeName, refused: Refusal | null): Refusal | null {
    const { now } = this.#open;
    if (this.#open.isForgotten) return forgotten;
    const asked = { pupil: this.#pupil, clock: Date.now() };
    const held = now.level ? hold(now, asked, lesson, name, refused) : unread;
    // By when it is asked for again one knows whether it still has to wait.
    if (held) this.#open.lookAgain(this.#spend);
    return held;
  }

  hear(lesson: Lesson): void {
    this.#heard = lesson;
    this.#tellSoon();
  }

  training(isTraining: boolean): void {
    this.#isTraining = isTraining;
    this.#tellSoon();
  }

  /** Takes in what was said while it could not be heard. */
  async catchUp(spend: Spend): Promise<void> {
    await this.#open.catchUp(spend);
  }

  end(): void {
    this.#hasEnded = true;
    this.#leave();
  }

  /** Once in a turn of the event loop, however much is written in it, and apart from who waits for its writing. */
  #tellSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      try {
        this.#tell();
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  #tell(): void {
    const lesson = this.#heard;
    this.#heard = null;
    this.#open.tell({
      pupil: this.#pupil,
      progress: lesson && progressOf(lesson),
      isTraining: this.#isTraining,
    });
  }

  /** Gives the lesson the rounds that the class has, however often the disk does not take them. */
  async #follow(): Promise<void> {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    try {
      while (!this.#hasEnded && !this.#open.isForgotten) {
        const { rounds } = this.#open.now;
        if (rounds <= this.#rounds) break;
        if (await this.#prolong(rounds)) this.#rounds = rounds;
        else await pause(patience, undefined, { ref: false });
      }
      if (this.#open.isForgotten) this.#sendAway();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isFollowing = false;
    }
  }

  /** False where the disk did not take it, and one may try again. */
  async #prolong(rounds: number): Promise<boolean> {
    try {
      await this.#service!.prolong(rounds, { spend: this.#spend });
      return true;
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      this.#failed(error);
      return false;
    }
  }
}
