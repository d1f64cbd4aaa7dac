import { shadow } from "./shadow/shadow.tsx";
import { takeover } from "./takeover/takeover.tsx";
import { timeStop } from "./time-stop/time-stop.tsx";
import type { Way } from "./way.ts";
import { whenAsked } from "./when-asked/when-asked.tsx";

/** The ways to correct a learner, in the order in which they are offered. */
export const ways: readonly [Way, ...Way[]] = [
  // One line each.
  timeStop,
  takeover,
  whenAsked,
  shadow,
];
