import type { TableOf } from "../table.ts";
import { learners } from "./learners.ts";
import { type ClassSource, pupils } from "./pupils.ts";

export type { ClassSource };

/** The tables of a class, beside those of its lessons. */
export const classTables = [pupils, learners].map(
  (table) => table as unknown as TableOf<unknown, ClassSource>,
);
