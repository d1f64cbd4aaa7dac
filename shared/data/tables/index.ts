import type { LessonRecord } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";
import { episodes } from "./episodes.ts";
import { events } from "./events.ts";
import { labelNoises } from "./labelNoises.ts";
import { labels } from "./labels.ts";
import { rewards } from "./rewards.ts";
import { rounds } from "./rounds.ts";
import { steps } from "./steps.ts";

/** A table, whatever its rows are: only its own columns look into them. */
export type Table = TableOf<unknown, LessonRecord>;

/** Every table that there is, in the order of the codebook. */
export const tables: readonly Table[] = [
  episodes,
  steps,
  labels,
  labelNoises,
  rounds,
  rewards,
  events,
].map((table) => table as unknown as Table);
