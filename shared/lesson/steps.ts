/** The steps of a lesson, in their order. */
export const steps = ["demonstrate", "clone", "watch", "correct", "reward"] as const;
export type Step = (typeof steps)[number];
