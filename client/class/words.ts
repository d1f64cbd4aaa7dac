import type { ClassStep } from "../../shared/class/steps.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { formatMeasure } from "../worlds/format.ts";
import type { ClassView, PupilView } from "./view.ts";
import { heldAt } from "./where.ts";

/** Where a pupil is, as the wall shows it. */
export type Whereabouts =
  | "demonstrating"
  | "correcting"
  | "starting"
  | "training"
  | "waiting"
  | "done";

/** Those that there are in the class's plan: without a learner nobody corrects one. */
export function placesIn({ level }: ClassView): readonly Whereabouts[] {
  return level.learner
    ? ["demonstrating", "correcting", "starting", "training", "waiting", "done"]
    : ["demonstrating", "starting", "waiting", "done"];
}

/** @param isToTeacher whether it is the teacher who reads it */
export function sayWhereabouts(
  place: Whereabouts,
  { level }: ClassView,
  isToTeacher = false,
): string {
  const words: Readonly<Record<Whereabouts, string>> = {
    demonstrating: "Demonstrating",
    correcting: "Correcting",
    starting: level.learner ? "Ready to train the learner" : "Ready to see the map",
    training: "Learner is training",
    waiting: isToTeacher ? "Waiting for you" : "Waiting for the teacher",
    done: "Done",
  };
  return words[place];
}

export function whereaboutsOf(view: ClassView, pupil: PupilView): Whereabouts {
  const { activity, isTraining } = pupil;
  if (isTraining) return "training";
  if (heldAt(view, pupil)) return "waiting";
  if (activity === "demonstrating" || activity === "correcting" || activity === "done")
    return activity;
  return "starting";
}

/** A score as it is said in a world: "1.3 laps" where one can get so far; otherwise in the world's own measure. */
export function sayScore({ canFall, laps, measure }: Level, score: number): string {
  if (!canFall || !laps) return formatMeasure(score, measure);
  const told = score.toFixed(1);
  return `${told} ${told === "1.0" ? "lap" : "laps"}`;
}

export function sayStep({ name, round }: ClassStep): string {
  if (name === "demonstrate") return "Demonstrate";
  if (name === "clone") return "Clone";
  if (name === "reward") return "Reward";
  return `Correct ${round}`;
}

/** "4:05" */
export function sayTime(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
