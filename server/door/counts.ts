import { type RateLimiterAbstract, RateLimiterMemory } from "rate-limiter-flexible";

/**
 * Makes something that counts what each address, or lesson, has had.
 * @param name of what is counted
 * @param points that each may have within `duration`, in seconds
 */
export type Counts = (name: string, points: number, duration: number) => RateLimiterAbstract;

/** Counts of a process that has its lessons for itself. */
export const ownCounts: Counts = (_name, points, duration) =>
  new RateLimiterMemory({ points, duration });
