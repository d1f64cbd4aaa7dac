import { hold } from "../../shared/class/hold.ts";
import { progressOf } from "../../shared/class/progress.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import type { ChangeName } from "../../shared/lesson/requests.ts";
import type { Leader } from "../../shared/lesson/service/platform.ts";
import type { LessonService } from "../../shared/lesson/service/service.ts";
import type { Classes } from "./classes.ts";
import type { OpenClass } from "./openClass.ts";

const unread = refusal("held", "Your class cannot be read at the moment. Nothing is lost.");

/** A lesson's place in a class: the class hears how the lesson goes, and the lesson what the class's teacher says. */
export class Membership implements Leader {
  readonly #open: OpenClass;
  readonly #pupil: number;
  readonly #failed: (error: unknown) => void;
  #service: LessonService | null = null;
  #isTraining = false;
  /** As it was last heard of, until that is told. */
  #heard: Lesson | null = null;
  #isDue = false;
  /** Rounds that the lesson has, as far as that is known here. */
  #rounds: number;
  #leave = () => {};

  private constructor(open: OpenClass, pupil: number, failed: (error: unknown) => void) {
    this.#open = open;
    this.#pupil = pupil;
    this.#failed = failed;
    this.#rounds = open.now.level!.rounds;
  }

  /** Null where the lesson is of no class. @param failed told what went wrong where nobody asked */
  static async of(
    lesson: string,
    classes: Classes,
    spend: Spend,
    failed: (error: unknown) => void,
  ): Promise<Membership | null> {
    const found = await classes.of(lesson, spend);
    return found && new Membership(found.open, found.pupil, failed);
  }

  /** To be called once the lesson is open. */
  begin(service: LessonService, spend: Spend): void {
    this.#service = service;
    this.#leave = this.#open.listen({ changed: () => this.#follow(spend) });
    this.#follow(spend);
    // Whoever had the lesson open before may have ended before it could tell.
    service
      .look({ spend })
      .then((lesson) => this.hear(lesson))
      .catch(this.#failed);
  }

  hold(lesson: Lesson, name: ChangeName): Refusal | null {
    const { now } = this.#open;
    return now.level ? hold(now, this.#pupil, lesson, name) : unread;
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

  /** Gives the lesson the rounds that the class has. */
  #follow(spend: Spend): void {
    const { rounds } = this.#open.now;
    if (rounds <= this.#rounds) return;
    this.#rounds = rounds;
    this.#service?.prolong(rounds, { spend }).catch(this.#failed);
  }
}
