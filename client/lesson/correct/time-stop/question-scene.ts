import { computed, signal } from "@preact/signals";
import type { RoundStep } from "../../../../shared/imitation/round.ts";
import { width } from "../../../../shared/spaces.ts";
import type { Trajectory } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { type Key, stepsIn } from "../../../../shared/worlds/steering.ts";
import { fallsOf, pathOf, type Trail } from "../../../drawing/trails.ts";
import type { Activity, Arrow, Lit, View } from "../../../stage/activity.ts";
import type { Controls } from "../../../stage/controls.ts";
import { Wheel } from "../../../stage/wheel.ts";
import { playSeconds } from "../../activities/frame-time.ts";
import { type Ahead, heldSteps, lookAhead, planOf } from "../../activities/look-ahead.ts";
import { Playback } from "../../activities/playback.ts";
import { type AnswerEffect, crashOf } from "../../learned/effect.ts";
import { EffectShow } from "./effect-show.ts";
import { LearnedGlow } from "./learned-glow.ts";

/** Seconds of lead-in before the world stops, and of what would come under an answer. */
const leadInSeconds = 1;
/** The same in moves, where the world has no pace of its own. */
const leadInMoves = 3;
/** Seconds for which an answer and the learner's own choice stay to be seen once the next question is there. */
const afterglowSeconds = 1.2;

export interface Question {
  readonly world: Level;
  readonly trajectory: Trajectory;
  /** The time step of `trajectory` that is asked about. */
  readonly t: number;
  readonly controls: Controls;
  readonly background: readonly Trail[];
  /** Whether to play how the learner got there, rather than to show it. */
  readonly moves: boolean;
  /** The question that was answered just before, whose answer still glows; null where there is none. */
  readonly before: QuestionScene | null;
  /** Told the answer as soon as it is given. */
  readonly onAnswer: (answer: readonly number[]) => void;
}

/**
 * Time-stop: plays how the learner got to a state, stops there, and lets the person say what they
 * would have done. What their answer would lead to is drawn from the world's own dynamics.
 *
 * Nobody is made to wait: to begin to answer is to have seen enough of the lead-in, and keys that
 * come while an answer is on its way to the server are the next answer's.
 */
export class QuestionScene implements Activity {
  /** "lead-in", then "open" until an answer is given, then "given". */
  readonly phase = signal<"lead-in" | "open" | "given">("lead-in");
  /** Whether it stays on the stage though it is answered: what the answer has changed is still to be seen. */
  readonly holds = signal(false);
  /** Whether one has begun to answer it. */
  readonly isBegun = signal(false);
  /** The answer so far; null where none has been given yet. */
  readonly answer = signal<readonly number[] | null>(null);
  /** Where the answer, held, would lead; null where there is none. */
  readonly #ahead = computed(() => this.answer.value && this.#look(this.answer.value));
  readonly #question: Question;
  /** How the learner got there. */
  readonly #playback: Playback;
  readonly #state: Float64Array;
  readonly #wheel: Wheel | null;
  #afterglow: readonly Trail[];
  #early: readonly (Key | "Enter")[];
  /** What was pressed since the answer was given. */
  #late: (Key | "Enter")[] = [];
  #seconds = 0;
  #show: EffectShow | null = null;
  /** What the learner would do by now, elsewhere than here. */
  #glow: LearnedGlow | null;

  constructor(question: Question) {
    const { world, trajectory, t, before } = question;
    this.#question = question;
    const first = Math.max(0, t - stepsIn(world.steering, leadInSeconds, leadInMoves));
    this.#playback = new Playback(pathOf(world, trajectory), first, t);
    this.#state = trajectory.states.slice(t * world.stateSize, (t + 1) * world.stateSize);
    this.#wheel = world.action.kind === "continuous" ? new Wheel(world) : null;
    this.#afterglow = before && !before.#show ? before.plans() : [];
    this.#glow = before ? before.#glow : null;
    this.#early = before ? before.#late : [];
    this.#read();
  }

  enter(): void {
    const { controls } = this.#question;
    const held = new Set(controls.held);
    controls.letGo();
    controls.onPress = (key) => this.#press(key);
    controls.onPoint = (x, y) => this.#point(x, y);
    for (const key of this.#early) {
      if (key === "Enter") {
        this.commit();
        continue;
      }
      if (held.has(key)) controls.held.add(key);
      this.#press(key);
    }
    this.#early = [];
  }

  leave(): void {
    const { controls } = this.#question;
    controls.onPress = controls.onPoint = () => {};
  }

  get roundStep(): RoundStep {
    return ({ "lead-in": "choose", open: "ask", given: "aggregate" } as const)[this.phase.value];
  }

  /** What the learner did there. */
  get learners(): readonly number[] {
    const { world, trajectory, t } = this.#question;
    const wide = width(world.action);
    return Array.from(trajectory.actions.subarray(t * wide, (t + 1) * wide));
  }

  /** Whether the answer, held, would be a crash, beside what the learner does by itself; null where it would be none. */
  get crash(): ReturnType<typeof crashOf> {
    const answer = this.answer.value;
    return answer && crashOf(this.#question.world, this.#state, answer, this.learners);
  }

  /** Gives the answer, if there is one; in the lead-in, goes on to the question. */
  commit(): void {
    if (this.phase.value === "lead-in") {
      this.phase.value = "open";
      return;
    }
    if (this.phase.value === "given") {
      // Once too often for this answer, unless it is for the next, which has been begun.
      if (this.#late.length > 0) this.#late.push("Enter");
      this.holds.value = false;
      return;
    }
    const answer = this.answer.value;
    if (answer === null) return;
    this.phase.value = "given";
    const { moves, world } = this.#question;
    if (moves && world.canFall) {
      this.#show = new EffectShow();
      this.holds.value = true;
    }
    this.#question.onAnswer(answer);
  }

  /** The answer was not taken: it may be given again. */
  reopen(): void {
    this.#late = [];
    this.#show = null;
    this.holds.value = false;
    this.phase.value = "open";
  }

  /**
   * Shows what the learner would do now that it has learned: for a moment before the next answer is
   * begun, and for good after the last.
   * @param stretches of the way along which it would now do something else
   * @param effect how the answer to this question changes its drive; null where that is not known
   */
  learned(
    arrows: readonly Arrow[],
    stretches: Lit["stretches"],
    effect: AnswerEffect | null,
  ): void {
    if (this.isBegun.peek() && this.phase.peek() !== "given") return;
    this.#glow = new LearnedGlow(arrows, stretches);
    if (effect) this.#show?.begin(effect);
    else this.holds.value = false;
  }

  /** What would come of the person's answer, and of what the learner did. */
  plans(): Trail[] {
    const { world } = this.#question;
    const steps = heldSteps(world);
    return [...this.#plan(), ...planOf(world, this.#state, this.learners, "learner", steps)];
  }

  frame(seconds: number): View {
    this.#seconds += seconds;
    const { t, moves, controls } = this.#question;
    if (this.phase.value === "lead-in" && (!moves || this.#seconds >= leadInSeconds))
      this.phase.value = "open";
    if (this.phase.value === "open") {
      // A tap in a frame that took long is no more than a tap.
      this.#wheel?.turn(this.#state, controls, playSeconds(seconds), true);
      this.#read();
    }
    if (this.#seconds >= afterglowSeconds) this.#afterglow = [];
    this.#glow?.goOn(seconds);
    if (this.#show) {
      this.#show.goOn(playSeconds(seconds));
      if (this.#show.isOver) this.holds.value = false;
    }

    const leadsIn = this.phase.value === "lead-in";
    const share = leadsIn ? this.#seconds / leadInSeconds : 1;
    const { first } = this.#playback;
    this.#playback.time = first + share * (t - first);
    if (leadsIn) return this.#view(this.#afterglow);
    const effect = this.#show?.view();
    if (effect) {
      const view = this.#view([...effect.trails, ...this.#plan()]);
      return { ...view, agents: effect.agents, falls: [...view.falls, ...effect.falls] };
    }
    const plans = this.phase.value === "given" ? this.plans() : this.#plan();
    const view = this.#view([...this.#afterglow, ...plans], this.#wheel?.share);
    const ahead = this.#ahead.value;
    return ahead?.fell ? { ...view, falls: [...view.falls, ahead.poses.at(-1)!] } : view;
  }

  #look(action: readonly number[]): Ahead {
    const { world } = this.#question;
    return lookAhead(world, this.#state, action, heldSteps(world));
  }

  /** What would come of the answer so far. */
  #plan(): Trail[] {
    const ahead = this.#ahead.value;
    return ahead ? [{ role: "expert", style: "plan", points: ahead.poses }] : [];
  }

  #press(key: Key): void {
    const action = this.#question.world.steering.keys[key];
    if (!action) return;
    if (this.phase.value === "given") {
      this.#late.push(key);
      this.holds.value = false;
      return;
    }
    this.#wheel?.nudge(key);
    this.#begin(action);
  }

  #point(x: number, y: number): void {
    if (this.phase.value === "given") {
      this.holds.value = false;
      return;
    }
    const { world } = this.#question;
    const action = new Float64Array(width(world.action));
    world.steering.toward(this.#state, x, y, action);
    this.#wheel?.aim(this.#state, x, y);
    this.#begin(Array.from(action));
  }

  /** The first of an answer or, where an answer is one of a few, the answer; the same again commits it. */
  #begin(action: readonly number[]): void {
    const again = this.phase.value === "open" && this.answer.value?.[0] === action[0];
    this.phase.value = "open";
    this.isBegun.value = true;
    this.#afterglow = [];
    this.#glow = null;
    if (this.#wheel) this.#read();
    else if (again) this.commit();
    else this.answer.value = action;
  }

  /** Takes the answer from the wheel, where there is one. */
  #read(): void {
    const action = this.#wheel && Array.from(this.#wheel.action);
    if (action?.some((value, i) => value !== this.answer.value?.[i])) this.answer.value = action;
  }

  #view(trails: readonly Trail[], wheel?: number): View {
    const { t, background } = this.#question;
    const { path, first, pose } = this.#playback;
    const lit = this.#glow?.lit;
    return {
      background,
      agents: [{ pose, role: "learner", ...(wheel !== undefined && { wheel }) }],
      trails: [...this.#playback.trails("learner"), ...trails],
      falls: fallsOf(path, first, t),
      map: null,
      cursor: null,
      feeling: { pose, fall: null, gust: null, watched: { closeUp: "small" } },
      field: this.#glow?.field(this.#question.moves, this.phase.peek() === "given") ?? null,
      ...(lit && { lit }),
    };
  }
}
