import { jobScenarios } from "./jobs.ts";
import { leadingScenarios } from "./leading.ts";
import { requestScenarios } from "./requests.ts";
import { sharingScenarios } from "./sharing.ts";
import type { Scenario } from "./stage.ts";

/** What every service has to do, whatever it stands on. */
export const scenarios: readonly Scenario[] = [
  ...requestScenarios,
  ...jobScenarios,
  ...sharingScenarios,
  ...leadingScenarios,
];
