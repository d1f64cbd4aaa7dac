import type { PolicyKind } from "../../policies/policy.ts";
import { Controller, type Trajectory } from "../../worlds/episode.ts";
import type { Level } from "../../worlds/level.ts";

/** How much each step counts that was driven: what to learn from drives in which the wheel changed hands. */
export interface Weighing {
  readonly name: string;
  readonly title: string;
  /**
   * A weight from 0 for what was done at each step of these drives, whoever did it, demonstrations among them.
   * @param kind what may learn on the way
   * @param seed from which all is drawn
   * @returns [drives] of [T]
   */
  weigh(
    world: Level,
    drives: readonly Trajectory[],
    kind: PolicyKind,
    seed: number,
  ): Float64Array[];
}

/** The steps at which the expert took the wheel from the learner. */
export function takeoversIn({ controllers }: Pick<Trajectory, "controllers">): number[] {
  return Array.from(controllers, (_, t) => t).filter(
    (t) =>
      t > 0 && controllers[t] === Controller.expert && controllers[t - 1] === Controller.learner,
  );
}

/** Whether the expert drove all of it. */
export function isDemonstration({ controllers }: Pick<Trajectory, "controllers">): boolean {
  return controllers.every((who) => who === Controller.expert);
}
