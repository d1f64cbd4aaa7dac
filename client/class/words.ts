import type { ClassStep } from "../../shared/class/steps.ts";
import type { ClassView, PupilView } from "./view.ts";

/** Where a pupil is, as the wall shows it. */
export type Whereabouts = "demonstrating" | "correcting" | "training" | "waiting" | "done";

export const whereaboutsWords: Readonly<Record<Whereabouts, string>> = {
  demonstrating: "Demonstrating",
  correcting: "Correcting",
  training: "Learner is training",
  waiting: "Waiting",
  done: "Done",
};

export function whereaboutsOf({ activity, isTraining }: PupilView): Whereabouts {
  if (isTraining) return "training";
  if (activity === "demonstrating" || activity === "correcting" || activity === "done")
    return activity;
  return "waiting";
}

/** A score in the class's unit, short: "1.3 laps"; where the unit begins with another word, the number alone. */
export function sayScore({ unit }: Pick<ClassView, "unit">, score: number): string {
  const told = score.toFixed(1);
  const [first] = unit.split(" ");
  if (first !== "laps") return told;
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
