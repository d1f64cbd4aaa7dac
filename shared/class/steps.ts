import type { PlannedLevel } from "../lesson/plan.ts";

/** A step of a class's plan, up to which a teacher may let everybody go. */
export interface ClassStep {
  readonly name: "demonstrate" | "clone" | "correct" | "reward";
  /** Of correcting, 1 for the first; 0 in the other steps. */
  readonly round: number;
}

/**
 * The steps of a plan in their order. Step 0 is to demonstrate; with a learner, step 1 is to train the clone, and step
 * 1 + k to correct the learner for the kth time and train it again; without one, step 1 is to look at the reward.
 * @param rounds of correcting, as many as there are by now
 */
export function stepsOf({ learner, tools }: PlannedLevel, rounds: number): ClassStep[] {
  const last: ClassStep[] = tools.includes("reward") ? [{ name: "reward", round: 0 }] : [];
  if (!learner) return [{ name: "demonstrate", round: 0 }, ...last];
  return [
    { name: "demonstrate", round: 0 },
    { name: "clone", round: 0 },
    ...Array.from({ length: rounds }, (_, i) => ({ name: "correct", round: i + 1 }) as const),
    ...last,
  ];
}
