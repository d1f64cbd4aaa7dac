import { certaintyOf, intervalOf } from "../irl/certainty.ts";
import { clusteredCovariance } from "../irl/clustered.ts";
import { evidenceOf, featureExpectations, featuresOf, linearReward } from "../irl/features.ts";
import { maxEntOf } from "../irl/maxent.ts";
import { softValueIteration } from "../irl/soft.ts";
import { visitationFrequency } from "../irl/visitation.ts";
import type { Problem } from "./problem.ts";

/** The output of `npm run lab -- irl`; docs/irl.md describes each field. */
export interface Solution {
  readonly weights: readonly number[];
  readonly reward: readonly number[];
  /** 90 %; null where nothing bounds a weight. */
  readonly intervals: readonly (readonly [number, number] | null)[];
  /** The same where the steps of a demonstration depend on each other; null of a single demonstration. */
  readonly clusteredIntervals: readonly (readonly [number, number] | null)[] | null;
  readonly undetermined: readonly (readonly number[])[];
  readonly visitation: readonly number[];
  readonly expertFeatures: readonly number[];
  readonly learnerFeatures: readonly number[];
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly impossibleSteps: number;
}

/** Components of a unit vector below this are rounding errors. */
const leastComponent = 1e-6;

/**
 * Maximum causal entropy inverse reinforcement learning on a problem from a file. Without a horizon all
 * steps count alike, unless outcomes are read as "observed", which matches features.
 */
export function solve({
  mdp,
  features,
  nFeatures,
  demonstrations,
  impossibleSteps,
  outcomes,
  ...rest
}: Problem): Solution {
  const l2 = rest.l2 ?? 1 / demonstrations.length;
  const evenly = outcomes === "expected" && !Number.isFinite(mdp.horizon);
  const reading = { outcomes, evenly };
  const evidence = evidenceOf(mdp, features, nFeatures, demonstrations, reading);
  const { weights, reward, policy, visitation, known, gradientNorm, iterations } = maxEntOf(
    mdp,
    features,
    evidence,
    { l2 },
  );
  const prior = { demonstrations: demonstrations.length, l2 };
  const certainty = certaintyOf(mdp, features, evidence, weights, prior, policy, known);
  const { covariance, undetermined } = certainty;
  const clustered = clusteredCovariance(
    mdp,
    features,
    demonstrations,
    policy,
    certainty,
    demonstrations.length * l2,
    reading,
  );
  const unbounded = (k: number) =>
    l2 === 0 && undetermined.some((v) => Math.abs(v[k]!) > leastComponent);
  const intervalsBy = (variances: Float64Array) =>
    Array.from(weights, (w, k) =>
      unbounded(k) ? null : intervalOf(w, variances[k * nFeatures + k]!),
    );
  return {
    weights: [...weights],
    reward: [...reward],
    intervals: intervalsBy(covariance),
    clusteredIntervals: clustered && intervalsBy(clustered),
    undetermined: undetermined.map((direction) => [...direction]),
    visitation: [...visitation],
    expertFeatures: [
      ...featureExpectations(
        features,
        nFeatures,
        demonstrations.map(({ states }) => states),
        mdp.discount,
      ),
    ],
    learnerFeatures: [...featuresOf(features, nFeatures, visitation)],
    gradientNorm,
    iterations,
    impossibleSteps,
  };
}

/** The output of `npm run lab -- irl --weights`: reward, values, policy and visits under given weights. */
export interface Consequences {
  readonly reward: readonly number[];
  /** [t][s], t from 0 to the horizon; [s] where there is none. */
  readonly values: readonly number[] | readonly (readonly number[])[];
  /** [t][s][a]; [s][a] where there is no horizon. */
  readonly policy: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[];
  /** [s], from the problem's own start. */
  readonly visitation: readonly number[];
}

/** @param weights [k] */
export function consequencesOf({ mdp, features }: Problem, weights: Float64Array): Consequences {
  const { nStates, nActions, horizon } = mdp;
  const reward = linearReward(features, weights);
  const { values, policy } = softValueIteration(mdp, reward);
  const choices = rowsOf(policy, nActions);
  const endless = !Number.isFinite(horizon);
  return {
    reward: [...reward],
    values: endless ? [...values] : rowsOf(values, nStates),
    policy: endless
      ? choices
      : Array.from({ length: horizon }, (_, t) => choices.slice(t * nStates, (t + 1) * nStates)),
    visitation: [...visitationFrequency(mdp, policy)],
  };
}

/** A flat matrix as the list of its rows. */
function rowsOf(matrix: Float64Array, width: number): number[][] {
  return Array.from({ length: matrix.length / width }, (_, i) => [
    ...matrix.subarray(i * width, (i + 1) * width),
  ]);
}
