import { computed, effect, type Signal, signal } from "@preact/signals";
import type { RoundStep } from "../../shared/imitation/round.ts";
import type { Lesson, TrainingPlan } from "../../shared/lesson/lesson.ts";
import type { Race } from "../../shared/lesson/protocol.ts";
import { type ChangeName, changes } from "../../shared/lesson/requests.ts";
import type { Step } from "../../shared/lesson/steps.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { LessonConnection, Refused } from "../net/connection.ts";
import type { Activity } from "../stage/activity.ts";
import { Controls } from "../stage/controls.ts";
import { suggestedPlan } from "./plan.ts";

/** The step of the DAgger round that each step of the lesson is; null for what is no part of it. */
const roundSteps: Readonly<Record<Step, RoundStep | null>> = {
  demonstrate: "begin",
  clone: "fit",
  watch: "rollOut",
  correct: "ask",
  reward: null,
};

/** One open lesson: what the server knows of it, what is on the stage, and where the person is. */
export class Classroom {
  readonly connection: LessonConnection;
  readonly controls = new Controls();
  readonly step: Signal<Step> = signal("demonstrate");
  readonly activity: Signal<Activity | null> = signal(null);
  /** A few words on the stage itself; null while it speaks for itself. */
  readonly caption = signal<string | null>(null);
  /** The last thing worth saying aloud. */
  readonly news = signal("");
  /** The server's last "no"; null once something else has been done. */
  readonly notice = signal<string | null>(null);
  readonly world = computed<Level | null>(() => worlds[this.lesson.value.world] ?? null);
  /** The step of the DAgger round that the lesson is at; how far correcting has come, the activity says. */
  readonly roundStep = computed<RoundStep | null>(() => {
    const step = this.step.value;
    const activity = this.activity.value;
    return (step === "correct" && activity?.roundStep) || roundSteps[step];
  });
  readonly plan: Signal<TrainingPlan | null> = signal(null);
  /** The way of correcting that was chosen last. */
  readonly way = signal("time-stop");
  /** Cell of the world's lattice where the next demonstration is to start; null for anywhere. */
  nextStart: number | null = null;
  readonly busy = computed(() => this.#asking.value || this.connection.work.value !== null);
  readonly #asking = signal(false);
  readonly #stop: (() => void)[] = [];

  constructor(id: string) {
    this.connection = new LessonConnection(id);
    this.#stop.push(this.controls.listen());
    this.#stop.push(
      effect(() => {
        const world = this.world.value;
        if (!world || this.plan.peek()) return;
        this.plan.value = this.lesson.peek().rounds.at(-1)?.plan ?? suggestedPlan(world);
        this.step.value = whereLeft(this.lesson.peek());
      }),
    );
  }

  get lesson(): Signal<Lesson> {
    return this.connection.lesson;
  }

  /** Puts something on the stage; what was there is told to leave. */
  show(activity: Activity | null): void {
    this.activity.peek()?.leave?.();
    this.caption.value = null;
    this.activity.value = activity;
    activity?.enter?.();
  }

  /** Whether there is anything to do yet at `step`. */
  allows(step: Step): boolean {
    const lesson = this.lesson.value;
    if (step === "demonstrate") return true;
    if (step === "clone" || step === "reward") return lesson.demonstrations.length > 0;
    return lesson.rounds.length > 0;
  }

  go(step: Step): void {
    if (!this.allows(step)) return;
    this.notice.value = null;
    this.step.value = step;
  }

  /** Asks the server for a change; true once it is on disk, false where it said no. */
  async ask<K extends ChangeName>(
    name: K,
    body: Parameters<LessonConnection["request"]>[1],
  ): Promise<boolean> {
    this.notice.value = null;
    if (!this.connection.owner.peek()) {
      this.notice.value = "Only who began this lesson can teach in it.";
      return false;
    }
    try {
      await this.connection.request(name, body as never);
      return true;
    } catch (error) {
      this.notice.value =
        error instanceof Refused ? error.message : "The lesson can no longer be reached.";
      return false;
    }
  }

  /** Trains on all there is, lets the learner drive, and turns to watch it. */
  async train(): Promise<void> {
    const plan = this.plan.peek()!;
    if (this.busy.peek()) return;
    const refusal = changes.train.refuse(this.lesson.peek(), { plan });
    if (refusal) {
      this.notice.value = refusal.reason;
      return;
    }
    this.show(null);
    this.step.value = "clone";
    if (!(await this.#work("train", { plan }))) return;
    // Whoever has gone on to something else meanwhile is not called away from it.
    if (this.step.peek() === "clone") this.step.value = "watch";
    else this.news.value = "The learner is trained: step 3 shows it.";
  }

  /** What the clone and the learner do on `seed`; null where the server said no. */
  async race(seed: number): Promise<Race | null> {
    this.notice.value = null;
    try {
      return await this.connection.race(seed);
    } catch (error) {
      this.notice.value =
        error instanceof Refused ? error.message : "The lesson can no longer be reached.";
      return null;
    }
  }

  async infer(): Promise<void> {
    if (!this.busy.peek()) await this.#work("infer", {});
  }

  leave(): void {
    this.show(null);
    for (const stop of this.#stop) stop();
    this.connection.close();
  }

  async #work(name: ChangeName, body: object): Promise<boolean> {
    this.#asking.value = true;
    try {
      return await this.ask(name, body as never);
    } finally {
      this.#asking.value = false;
    }
  }
}

/** Whoever comes back finds themselves where the next thing is to be done. */
function whereLeft({ demonstrations, rounds }: Lesson): Step {
  const round = rounds.at(-1);
  if (round && round.answers.length > 0 && round.answers.length < round.queries.length)
    return "correct";
  if (round && round.interventions.length + round.shadows.length > 0) return "correct";
  if (round) return "watch";
  return demonstrations.length > 0 ? "clone" : "demonstrate";
}
