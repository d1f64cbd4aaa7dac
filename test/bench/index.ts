import { arithmetic } from "./arithmetic.ts";
import type { arithmeticTasks } from "./arithmeticTasks.ts";
import { cold } from "./cold.ts";
import { databases } from "./databases.ts";
import { exports } from "./exports.ts";
import type { Bench } from "./harness.ts";
import { irl } from "./irl.ts";
import { labels } from "./labels.ts";
import { lessons } from "./lessons.ts";
import { networks } from "./networks.ts";
import { process } from "./process.ts";
import { reading } from "./reading.ts";
import { report as reportOn } from "./report.ts";
import { rollouts } from "./rollouts.ts";
import { storage } from "./storage.ts";

/**
 * All benches, by the names that one chooses them by.
 * @param ours the tasks of the bench of arithmetic, bundled by themselves
 * @param host the same, bundled with the engine's own
 * @param coldInference the source of coldInference.ts, bundled
 */
export const benches = (
  ours: typeof arithmeticTasks,
  host: typeof arithmeticTasks,
  coldInference: string,
): Readonly<Record<string, Bench>> => ({
  labels,
  process,
  networks,
  rollouts,
  arithmetic: arithmetic(ours, host),
  lessons,
  reading,
  irl: irl(coldInference),
  exports,
  storage,
  databases,
  cold,
});

/** The report of some benches. */
export const report = (chosen: readonly Bench[], json: boolean) =>
  reportOn(chosen, json, () => performance.now());
