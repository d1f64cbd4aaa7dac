import type { Pose } from "../../../../shared/worlds/picture.ts";
import { poseIn, type Trail } from "../../../drawing/trails.ts";
import type { View } from "../../../stage/activity.ts";
import type { AnswerEffect } from "../../learned/effect.ts";

/** Seconds in which the drive is played that one answer has changed; it is of more in the world. */
const lasts = 1;
/** Seconds for which one waits until it is known. */
const patience = 0.5;

/** Once an answer is given: how the learner drives on from there now, beside how it would have before. */
export class EffectShow {
  #effect: AnswerEffect | null = null;
  /** Since there is something to show; before, since one waits for it. */
  #seconds = 0;

  get isOver(): boolean {
    return this.#seconds >= (this.#effect ? lasts : patience);
  }

  begin(effect: AnswerEffect): void {
    this.#effect = effect;
    this.#seconds = 0;
  }

  goOn(seconds: number): void {
    this.#seconds += seconds;
  }

  /** What there is to see of it; null before it is known. */
  view(): Pick<View, "agents" | "trails" | "falls"> | null {
    if (!this.#effect) return null;
    const { before, now } = this.#effect;
    const steps = now.poses.length - 1;
    const time = Math.min(1, this.#seconds / lasts) * steps;
    const step = Math.floor(time);
    const path = { poses: now.poses, falls: new Set<number>(), gusts: new Map<number, number>() };
    const pose = poseIn(path, step, time - step);
    const trails: Trail[] = [
      { role: "learner", style: "past", points: [...now.poses.slice(0, step + 1), pose] },
    ];
    if (before.fell)
      trails.push({ role: "ghost", style: "past", dashed: true, points: before.poses });
    const crashes: Pose[] = [];
    if (before.fell) crashes.push(before.poses.at(-1)!);
    if (now.fell && time === steps) crashes.push(now.poses.at(-1)!);
    return { agents: [{ pose, role: "learner" }], trails, falls: crashes };
  }
}
