import { asReward } from "./asReward.ts";
import { beforeAndAfter } from "./beforeAndAfter.ts";
import { expertOnly } from "./expertOnly.ts";
import type { Weighing } from "./weighing.ts";

/** Every way of weighing drives in which the wheel changed hands, by name. */
export const weighings: Readonly<Record<string, Weighing>> = Object.fromEntries(
  [expertOnly, beforeAndAfter, asReward].map((weighing) => [weighing.name, weighing]),
);
