import { describe, expect, test } from "vitest";
import { enduranceOf, summaryOf } from "../../../shared/imitation/endurance.ts";
import { bestSoFar, headlineIn } from "../../../shared/imitation/headline.ts";
import { driverOf } from "../../../shared/imitation/rollout.ts";
import { enduranceOutputs, endure, enduring } from "../../../shared/laboratory/endurance.ts";
import { policiesTaught, stepsOf } from "../../../shared/laboratory/teaching.ts";
import { heldOutSeeds, validationSeeds, validationSteps } from "../../../shared/lesson/protocol.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import { fair } from "../../../shared/worlds/road/levels.ts";

const study = {
  world: "fair",
  policy: "gaussianProcess",
  rounds: 1,
  seeds: 1,
  seed: 1,
  noise: 0.1,
  lag: 150,
};
const run = endure(study, 0);

describe("a study of how far learners get", () => {
  test("has the learner after each round, the best so far, and the control", () => {
    const { newest, best, control } = run;
    expect(newest).toHaveLength(2);
    for (const { laps } of newest) expect(laps).toHaveLength(heldOutSeeds.length);
    expect(best).toHaveLength(2);
    expect(control.hands).toEqual({ noise: 0.1, lag: 3 });
    expect(endure(study, 0)).toEqual(run);
  });

  test("is of worlds that one can fall in", () => {
    expect(Object.keys(enduring)).toEqual(expect.arrayContaining(["fair", "road", "chicane"]));
    expect(Object.keys(enduring)).not.toContain("path");
  });

  test("is written as a table and as JSON", () => {
    const { text, json } = enduranceOutputs(study, [run]);
    expect(text).toMatch(/^ +the clone +\d+ \[\d+, \d+\] +\d\.\d \[\d\.\d, \d\.\d\]$/m);
    expect(text).toMatch(/^ +after 12 answers +\d/m);
    expect(text).toMatch(/^ +8 demonstrations, copied +\d/m);
    expect(text).toMatch(/^ +the person +\d/m);
    expect(text).toMatch(/in the still air/);
    for (const written of [text, json]) expect(written).not.toMatch(/NaN|undefined|Infinity/);
  });
});

/** Median way on the held-out starts before the first fall, laps. */
function lapsOf(policy: Policy): number {
  return summaryOf(enduranceOf(fair, () => driverOf(fair, policy), heldOutSeeds)!).laps;
}

describe("a newcomer to the road's first level, 150 ms late and none too steady", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "number %i: the clone falls within a lap, sixty answers take it five times as far",
    (person) => {
      const hands = { noise: 0.1, lag: stepsOf(fair, 0.15) };
      const kind = policyKinds.gaussianProcess!;
      const policies = policiesTaught(fair, hands, () => kind, 5, person);
      const headline = headlineIn(fair);
      const validations = policies.map((policy) =>
        headline.from(policy, validationSeeds, validationSteps),
      );
      const clone = lapsOf(policies[0]!);
      const best = lapsOf(policies[bestSoFar(headline, validations).at(-1)!]!);
      expect(clone).toBeLessThan(1);
      expect(best / clone, `from ${clone} to ${best} laps`).toBeGreaterThanOrEqual(5);
    },
    300_000, // ms: half a million steps, on a machine that does other things
  );
});
