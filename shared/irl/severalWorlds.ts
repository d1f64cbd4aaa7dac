import { type Certainty, certaintyFrom } from "./certainty.ts";
import { type Demonstration, evidenceOf } from "./features.ts";
import { informationOf } from "./information.ts";
import type { Model } from "./lattice.ts";
import { dual } from "./maxent.ts";
import { type Minimum, minimise } from "./minimise.ts";

/** What was shown in one of several worlds whose features mean the same. */
export interface ShownIn {
  readonly model: Model;
  readonly demonstrations: readonly Demonstration[];
}

/**
 * What demonstrations, wherever they were given, tell of the weights behind them. Outcomes are read as expected, and over
 * an infinite horizon all steps count alike, as in the game.
 */
export interface Told {
  readonly nFeatures: number;
  /** Demonstrations. */
  readonly count: number;
  /** The negative log-likelihood of all their actions; writes its gradient [k]. */
  loss(weights: Float64Array, gradient: Float64Array): number;
  /** [k][k], its Hessian. */
  information(weights: Float64Array): Float64Array;
}

/** @param all there is at least one, with a demonstration each */
export function toldIn(all: readonly ShownIn[]): Told {
  const { features, mdp } = all[0]!.model;
  const n = features.length / mdp.nStates;
  const parts = all.map(({ model, demonstrations }) => {
    const evidence = evidenceOf(model.mdp, model.features, n, demonstrations, {
      outcomes: "expected",
      evenly: !Number.isFinite(model.mdp.horizon),
    });
    const { evaluate } = dual(model.mdp, model.features, evidence, 0);
    return { model, evidence, evaluate, count: demonstrations.length };
  });
  const partial = new Float64Array(n);
  return {
    nFeatures: n,
    count: parts.reduce((sum, part) => sum + part.count, 0),
    loss(weights, gradient) {
      let value = 0;
      gradient.fill(0);
      for (const { evaluate, count } of parts) {
        value += count * evaluate(weights, partial);
        for (let k = 0; k < n; k++) gradient[k]! += count * partial[k]!;
      }
      return value;
    },
    information(weights) {
      const sum = new Float64Array(n * n);
      for (const { model, evidence, count } of parts) {
        const told = informationOf(model.mdp, model.features, weights, evidence.inflow);
        for (let i = 0; i < sum.length; i++) sum[i]! += count * told[i]!;
      }
      return sum;
    },
  };
}

/** A normal distribution of weights, each independent of the others. */
export interface WeightsPrior {
  /** [k], nats a visit. */
  readonly mean: ArrayLike<number>;
  /** [k], above 0. */
  readonly variance: ArrayLike<number>;
}

/** As in `maxEnt`, of the mean over demonstrations. */
const stopping = { tolerance: 1e-6, maxIterations: 200 };

/** Where the weights' posterior is greatest, and how the search for it ended. */
export interface Mode extends Pick<Minimum, "gradientNorm" | "iterations"> {
  /** [k] */
  readonly weights: Float64Array;
}

/**
 * The mode of the weights' posterior.
 * @param start [k], where the search begins
 * @param inverse [k][k], an estimate of the covariance there, with which it begins as Newton's method would
 */
export function modeOf(
  { count, loss }: Told,
  { mean, variance }: WeightsPrior,
  start: Float64Array,
  inverse?: Float64Array,
): Mode {
  const { x, gradientNorm, iterations } = minimise(
    start,
    (w, gradient) => {
      let value = loss(w, gradient) / count;
      for (let k = 0; k < w.length; k++) {
        const pull = (w[k]! - mean[k]!) / variance[k]! / count;
        value += (pull * (w[k]! - mean[k]!)) / 2;
        gradient[k] = gradient[k]! / count + pull;
      }
      return value;
    },
    stopping,
    undefined,
    inverse?.map((covariance) => count * covariance),
  );
  return { weights: x, gradientNorm, iterations };
}

/** The mode of the weights' posterior, and what is certain around it. */
export interface PosteriorOver extends Mode {
  readonly certainty: Certainty;
}

/**
 * Maximum causal entropy inverse reinforcement learning from several worlds: the weights that make the actions of all
 * demonstrations likeliest, wherever they were given, less the prior. Each world adds its own log-likelihood of the same
 * weights, with its gradient and its curvature; so what one leaves open another may tell, and only what none of them tells
 * stays undetermined (Cao, Cohen and Szpruch 2021).
 * @param all with a demonstration each
 * @param deviation standard deviation of the normal prior of each weight
 */
export function maxEntOver(all: readonly ShownIn[], deviation: number): PosteriorOver {
  const told = toldIn(all);
  const mean = new Float64Array(told.nFeatures);
  const variance = mean.map(() => deviation ** 2);
  const mode = modeOf(told, { mean, variance }, mean);
  const information = told.information(mode.weights);
  return { ...mode, certainty: certaintyFrom(information, deviation ** -2) };
}
