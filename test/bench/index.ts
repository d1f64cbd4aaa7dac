import type { Bench } from "./harness.ts";
import { irl } from "./irl.ts";
import { labels } from "./labels.ts";
import { lessons } from "./lessons.ts";
import { networks } from "./networks.ts";
import { reading } from "./reading.ts";
import { report as reportOn } from "./report.ts";
import { rollouts } from "./rollouts.ts";
import { storage } from "./storage.ts";

/** All benches, by the names that one chooses them by. */
export const benches: Readonly<Record<string, Bench>> = {
  labels,
  networks,
  rollouts,
  lessons,
  reading,
  irl,
  storage,
};

/** The report of the benches with these names. */
export const report = (names: readonly string[], json: boolean) =>
  reportOn(
    names.map((name) => benches[name]!),
    json,
    () => performance.now(),
  );
