import { Controller, type Trajectory } from "../../worlds/episode.ts";
import { isDemonstration, takeoversIn, type Weighing } from "./weighing.ts";

/** How long before a takeover things were going wrong, seconds: the paper's 15 steps at 20 a second. */
const before = 0.75;
/** Of all weight, what the interventions have. */
const interventions = 0.5;

/**
 * Learns from the learner's own steps too, except those just before a takeover, and most from the interventions (Sirius:
 * Liu, Nasiriany, Zhang, Bao and Zhu 2023). Weights are those of the paper: interventions come to half of all, demonstrations
 * keep their share, the steps before a takeover have none, and the learner's others the rest.
 */
export const beforeAndAfter: Weighing = {
  name: "beforeAndAfter",
  title: "interventions up, what led to them down",
  weigh({ steering }, drives) {
    const length = steering.pace === "runs" ? Math.round(before * steering.stepsPerSecond) : 1;
    const classes = drives.map((drive) => classesIn(drive, length));
    const n: Record<Class, number> = { shown: 0, corrected: 0, before: 0, own: 0 };
    for (const of of classes.flat()) n[of]++;
    const all = n.shown + n.corrected + n.before + n.own;
    const left = all - n.shown;
    const half = Math.min(left, interventions * all);
    // Where there is nothing of the learner's own, or no intervention, the other has all that is left.
    const corrected = n.own === 0 ? left : n.corrected === 0 ? 0 : half;
    const weights: Record<Class, number> = {
      shown: 1,
      corrected: corrected / Math.max(1, n.corrected),
      before: 0,
      own: (left - corrected) / Math.max(1, n.own),
    };
    return classes.map((steps) => Float64Array.from(steps, (of) => weights[of]));
  },
};

type Class = "shown" | "corrected" | "before" | "own";

function classesIn(drive: Trajectory, length: number): Class[] {
  if (isDemonstration(drive)) return Array.from(drive.controllers, () => "shown");
  const takeovers = takeoversIn(drive);
  return Array.from(drive.controllers, (who, t) => {
    if (who === Controller.expert) return "corrected";
    return takeovers.some((taken) => taken > t && taken - t <= length) ? "before" : "own";
  });
}
