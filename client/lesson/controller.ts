import { computed, effect, signal } from "@preact/signals";
import type { RoundStep } from "../../shared/imitation/round.ts";
import { type Lesson, networkOf, type TrainingPlan } from "../../shared/lesson/lesson.ts";
import { isPlanned } from "../../shared/lesson/locks.ts";
import type { LearnedPolicy, Race } from "../../shared/lesson/protocol.ts";
import { type ChangeName, type Request, refuseWork } from "../../shared/lesson/requests.ts";
import type { Step } from "../../shared/lesson/steps.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { openSession } from "../net/open-session.ts";
import { type LessonSession, Refused } from "../net/session.ts";
import { Controls } from "../stage/controls.ts";
import { keepStep, keptStep } from "./kept-step.ts";
import type { GuessedLearner, Leading } from "./leading.ts";
import { suggestedPlan } from "./plan.ts";
import type { LessonActions, LessonState, Scene } from "./state.ts";

/** The step of the DAgger round that each step of the lesson is; null for what is no part of it. */
const roundSteps: Readonly<Record<Step, RoundStep | null>> = {
  demonstrate: "begin",
  clone: "fit",
  watch: "rollOut",
  correct: "ask",
  reward: null,
};

/** What is asked for at a step that whoever leads the lesson may hold; null where it only looks. */
const changesAt: Readonly<Record<Step, ChangeName | null>> = {
  demonstrate: null,
  clone: "train",
  watch: null,
  correct: "label",
  reward: "infer",
};

/** One open lesson: takes what the person does to whoever keeps the lesson, and holds what they are doing. */
export class LessonController implements LessonState, LessonActions {
  readonly id: string;
  readonly session: LessonSession;
  readonly controls = new Controls();
  readonly step = signal<Step>("demonstrate");
  readonly scene = signal<Scene | null>(null);
  readonly celebrations = signal(0);
  readonly news = signal("");
  readonly notice = signal<string | null>(null);
  readonly hasDroppedWalk = signal(false);
  readonly world = computed<Level | null>(() => worlds[this.lesson.value.world] ?? null);
  readonly roundStep = computed<RoundStep | null>(() => {
    const step = this.step.value;
    const scene = this.scene.value;
    return (step === "correct" && scene?.activity.roundStep) || roundSteps[step];
  });
  readonly plan = signal<TrainingPlan | null>(null);
  readonly way = signal("time-stop");
  readonly start = signal<number | null>(null);
  readonly busy = computed(() => this.#asking.value || this.work.value !== null);
  readonly noTraining = computed(() => {
    const plan = this.plan.value;
    const request = plan && { key: "", plan };
    return (
      request && (refuseWork("train", this.lesson.value, request)?.reason ?? this.held("train"))
    );
  });
  readonly mayTrain = computed(
    () =>
      this.owner.value &&
      this.plan.value !== null &&
      !this.busy.value &&
      this.noTraining.value === null,
  );
  readonly #leading: Leading | null;
  readonly #asking = signal(false);
  readonly #stop: (() => void)[] = [];

  /**
   * @param open goes to another lesson
   * @param leading null where nobody leads it
   */
  constructor(
    id: string,
    readonly open: (lesson: string) => void,
    leading: Leading | null = null,
  ) {
    this.id = id;
    this.#leading = leading;
    this.session = openSession(id);
    this.#stop.push(this.controls.listen());
    this.#stop.push(
      effect(() => {
        const world = this.world.value;
        if (!world || this.plan.peek()) return;
        const { plan, rounds } = this.lesson.peek();
        this.plan.value =
          plan?.learner ?? rounds.at(-1)?.plan ?? suggestedPlan(this.lesson.peek(), world);
        this.way.value = plan?.corrections.ways[0] ?? this.way.peek();
        const kept = keptStep(id);
        this.step.value = kept && this.allows(kept) ? kept : whereLeft(this.lesson.peek());
      }),
    );
    this.#stop.push(
      effect(() => {
        if (this.plan.value) keepStep(id, this.step.value);
      }),
    );
  }

  get keptIn() {
    return this.session.keptIn;
  }

  get lesson() {
    return this.session.lesson;
  }

  get owner() {
    return this.session.owner;
  }

  get work() {
    return this.session.work;
  }

  held(name: ChangeName): string | null {
    return this.#leading?.hold(this.lesson.value, name) ?? null;
  }

  heldAt(step: Step): string | null {
    const name = changesAt[step];
    return name && this.#has(step) ? this.held(name) : null;
  }

  allows(step: Step): boolean {
    return this.#has(step) && this.heldAt(step) === null;
  }

  guessed(learner: GuessedLearner, score: number | null): void {
    this.#leading?.guessed(learner, score);
  }

  lacksGuess(learner: GuessedLearner): boolean {
    return this.#leading?.lacksGuess(learner) ?? false;
  }

  #has(step: Step): boolean {
    const lesson = this.lesson.value;
    if (!isPlanned(lesson, step)) return false;
    if (step === "correct" && lesson.plan && lesson.rounds.length > lesson.plan.rounds)
      return false;
    if (step === "demonstrate") return true;
    if (step === "clone" && networkOf(lesson)) return true;
    if (step === "clone" || step === "reward") return lesson.demonstrations.length > 0;
    return lesson.rounds.length > 0;
  }

  show(scene: Scene | null): void {
    this.scene.peek()?.activity.leave?.();
    this.scene.value = scene;
    scene?.activity.enter?.();
  }

  celebrate(): void {
    this.celebrations.value++;
  }

  say(words: string): void {
    this.news.value = words;
  }

  warn(words: string): void {
    this.notice.value = words;
  }

  dropWalk(): void {
    this.hasDroppedWalk.value = true;
  }

  choosePlan(plan: TrainingPlan): void {
    this.plan.value = plan;
  }

  chooseWay(way: string): void {
    this.way.value = way;
  }

  startAt(cell: number | null): void {
    this.start.value = cell;
  }

  go(step: Step): void {
    if (!this.allows(step)) return;
    this.notice.value = null;
    this.hasDroppedWalk.value = false;
    this.step.value = step;
  }

  async ask<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<boolean> {
    if (!this.owner.peek()) {
      this.warn("Only the person who began this lesson can teach in it.");
      return false;
    }
    return (await this.#try(() => this.session.request(name, body))) !== null;
  }

  async train(): Promise<void> {
    const plan = this.plan.peek()!;
    if (this.busy.peek()) return;
    const reason = this.noTraining.peek();
    if (reason !== null) {
      this.warn(reason);
      return;
    }
    this.show(null);
    this.step.value = "clone";
    if (!(await this.#compute("train", { plan }))) return;
    // Whoever has gone on to something else meanwhile is not called away from it.
    if (this.step.peek() === "clone") this.step.value = "watch";
    else this.say("The learner is trained. Watch shows it.");
  }

  async infer(): Promise<void> {
    if (!this.busy.peek()) await this.#compute("infer", {});
  }

  race(seed: number): Promise<Race | null> {
    return this.#try(() => this.session.race(seed));
  }

  policy(): Promise<LearnedPolicy | null> {
    return this.#try(() => this.session.policy());
  }

  readonly stop = (): void => {
    // A line that is lost for good has its own words on the page.
    this.session.stop().catch(() => {});
  };

  leave(): void {
    this.show(null);
    for (const stop of this.#stop) stop();
    this.session.close();
  }

  async #compute<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<boolean> {
    this.#asking.value = true;
    try {
      return await this.ask(name, body);
    } finally {
      this.#asking.value = false;
    }
  }

  /** The answer; null where it is a refusal, which is then said. */
  async #try<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    this.notice.value = null;
    try {
      return await ask();
    } catch (error) {
      this.warn(
        error instanceof Refused ? error.message : "The page cannot reach the lesson any more.",
      );
      return null;
    }
  }
}

/** Whoever comes back finds themselves where the next thing is to be done. */
function whereLeft(lesson: Lesson): Step {
  const { demonstrations, rounds } = lesson;
  const round = rounds.at(-1);
  if (round && round.answers.length > 0 && round.answers.length < round.queries.length)
    return "correct";
  if (round && round.interventions.length + round.shadows.length > 0) return "correct";
  if (round) return "watch";
  return demonstrations.length > 0 || networkOf(lesson) ? "clone" : "demonstrate";
}
