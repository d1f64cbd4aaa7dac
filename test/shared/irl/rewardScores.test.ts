import { describe, expect, it } from "vitest";
import { linearReward } from "../../../shared/irl/features.ts";
import { latticeDemonstration, modelOf } from "../../../shared/irl/lattice.ts";
import { maxEnt } from "../../../shared/irl/maxent.ts";
import { heldOutOf, scoresOf } from "../../../shared/irl/rewardScores.ts";
import { logLikelihood } from "../../../shared/irl/scores.ts";
import { walksBy } from "../../../shared/laboratory/walkers.ts";
import { Stream, seeded } from "../../../shared/random.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";

const { weights } = garden.tastes!.duck!;
const taste = Float64Array.from(weights);
const walks = (beta: number, n: number) =>
  walksBy(garden, taste, { beta, mood: 0 }, n, seeded(1, Stream.expert));

describe("what is foretold of walks that were left out", () => {
  const shown = walks(1, 4).map((walk) => latticeDemonstration(garden, walk));
  const found = heldOutOf(garden, shown);

  it("is chance for a reward of 0", () => {
    const { mdp } = modelOf(garden);
    const { perStep } = logLikelihood(mdp, new Float64Array(mdp.nStates), shown);
    expect(found.chance).toBeCloseTo(Math.exp(perStep), 12);
  });

  it("is more for the task alone, and more again for the taste", () => {
    expect(found.task).toBeGreaterThan(1.5 * found.chance);
    expect(found.recovered).toBeGreaterThan(found.task!);
  });

  it("by the task alone is the mean over walks left out of what one weight comes to", () => {
    const { mdp, features } = modelOf(garden);
    const home = garden.lattice.featureNames.indexOf("at home");
    const one = features.filter((_, i) => i % garden.lattice.nFeatures === home);
    const logs = shown.map((walk, n) => {
      const others = shown.toSpliced(n, 1);
      const { reward } = maxEnt(mdp, one, others, { outcomes: "expected", deviation: 3 });
      return logLikelihood(mdp, reward, [walk]);
    });
    const steps = logs.reduce((sum, log) => sum + log.steps, 0);
    const mean = logs.reduce((sum, log) => sum + log.perStep * log.steps, 0) / steps;
    expect(found.task).toBeCloseTo(Math.exp(mean), 5);
  });
});

describe("scores against a dealt taste", () => {
  it("are of direction: nothing is lost by the taste at any scale", () => {
    const some = walks(2, 3);
    for (const scale of [0.5, 1, 8]) {
      const scores = scoresOf(
        garden,
        some,
        weights.map((w) => scale * w),
        weights,
      );
      expect(scores.taste!.valueLost).toBeCloseTo(0, 9);
    }
    expect(
      scoresOf(
        garden,
        some,
        weights.map((w) => -w),
        weights,
      ).taste!.valueLost,
    ).toBeGreaterThan(1);
    expect(scoresOf(garden, some, weights, null).taste).toBeNull();
  });

  it("have the β that makes the walks likeliest under the taste, whatever was recovered", () => {
    const { mdp, features } = modelOf(garden);
    const some = walks(2, 4);
    const { rationality } = scoresOf(garden, some, [0, 0, 0, 0, 0], weights).taste!;
    const likelihood = (beta: number) => {
      const reward = linearReward(
        features,
        taste.map((w) => beta * w),
      );
      const shown = some.map((walk) => latticeDemonstration(garden, walk));
      return logLikelihood(mdp, reward, shown).perStep;
    };
    const best = likelihood(rationality!.value);
    for (const h of [-0.01, 0.01]) expect(likelihood(rationality!.value + h)).toBeLessThan(best);
    expect(rationality!.value).toBeGreaterThan(1);
  });
});
