import { describe, expect, test } from "vitest";
import { enduranceOf, summaryOf } from "../../shared/imitation/endurance.ts";
import { driverOf } from "../../shared/imitation/rollout.ts";
import { type OpenRound, rounds } from "../../shared/imitation/round.ts";
import { firstOpenSeed, heldOutSeeds } from "../../shared/lesson/protocol.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { queries } from "../../shared/queries/index.ts";
import { fair } from "../../shared/worlds/road/levels.ts";
import { Outcome } from "../../shared/worlds/world.ts";
import { answersOf, type Hands, shownBy } from "./someone.ts";

const lateAndNoisy = [
  [0, 0.15],
  [1, 0.05],
  [1, 0.1],
  [1, 0.15],
  [2, 0],
  [2, 0.05],
  [2, 0.1],
  [2, 0.15],
  [3, 0],
  [3, 0.05],
] as const;
const pointing: readonly Hands[] = [0.8, 1, 1.3].flatMap((ahead) =>
  lateAndNoisy.map(([late, noise]) => ({ ahead, late, noise })),
);
const pressing: readonly Hands[] = [0, 1, 2, 3].flatMap((late) =>
  [1, 1.6].flatMap((ahead) => [0.15, 0.3].map((slack) => ({ ahead, late, noise: 0.03, slack }))),
);
const budget = 12;
const mostRounds = 5;

/** Laps before the first crash on the held-out starts: those of the clone, then after each round of answers. */
function taught(hands: Hands, seed: number): { falls: number; laps: number[] } {
  const shown = shownBy(fair, hands, seed);
  const method = { kind: policyKinds.gaussianProcess!, query: queries.novel!, budget, drives: 2 };
  const lesson = rounds(fair, [shown], method, seed, { firstSeed: firstOpenSeed });
  // Who presses keys sets the wheel with care where time is stopped.
  const answers = answersOf(fair, { ...hands, ahead: 1 }, seed);
  const lapsOf = ({ policy }: OpenRound) =>
    summaryOf(enduranceOf(fair, () => driverOf(fair, policy), heldOutSeeds)!).laps;
  let round = lesson.next().value;
  const laps = [lapsOf(round)];
  while (laps.length <= mostRounds && laps.at(-1)! < Math.max(1, 5 * laps[0]!)) {
    const labels = round.questions.map(({ state }) => {
      const action = new Float64Array(1);
      answers(state, action);
      return { state, action: [...action] };
    });
    round = lesson.next(labels).value;
    laps.push(lapsOf(round));
  }
  const falls = shown.outcomes.filter((outcome) => outcome === Outcome.fell).length;
  return { falls, laps };
}

describe.each([
  { how: "pointing", all: pointing },
  { how: "pressing keys", all: pressing },
])("newcomers $how on the first level", ({ all }) => {
  test.each(all)(
    "%j: the clone crashes within a lap, and 60 answers bring five times that",
    (hands) => {
      const { falls, laps } = taught(hands, all.indexOf(hands));
      expect(falls, "crashes in still air").toBe(0);
      expect(laps[0], "laps of the clone").toBeLessThan(1);
      expect(laps.at(-1), "laps after corrections").toBeGreaterThanOrEqual(
        Math.max(1, 5 * laps[0]!),
      );
    },
  );
});
