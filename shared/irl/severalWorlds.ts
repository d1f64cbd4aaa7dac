import { type Certainty, certaintyFrom } from "./certainty.ts";
import { type Demonstration, evidenceOf } from "./features.ts";
import { informationOf } from "./information.ts";
import type { Model } from "./lattice.ts";
import { dual } from "./maxent.ts";
import { minimise } from "./minimise.ts";

/** What was shown in one of several worlds whose features mean the same. */
export interface ShownIn {
  readonly model: Model;
  readonly demonstrations: readonly Demonstration[];
}

/** As in `maxEnt`. */
const stopping = { tolerance: 1e-6, maxIterations: 200 };

/**
 * Maximum causal entropy inverse reinforcement learning from several worlds: the weights that make the actions of all
 * demonstrations likeliest, wherever they were given, less the prior. Outcomes are read as expected.
 * @param all with a demonstration each
 * @param deviation standard deviation of the normal prior of each weight
 */
export function maxEntOver(
  all: readonly ShownIn[],
  deviation: number,
): { readonly weights: Float64Array; readonly certainty: Certainty } {
  const { features, mdp } = all[0]!.model;
  const n = features.length / mdp.nStates;
  const parts = all.map(({ model, demonstrations }) => {
    const evidence = evidenceOf(model.mdp, model.features, n, demonstrations, {
      outcomes: "expected",
    });
    const { evaluate } = dual(model.mdp, model.features, evidence, 0);
    return { model, evidence, evaluate, count: demonstrations.length };
  });
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const precision = deviation ** -2;
  const partial = new Float64Array(n);
  const { x: weights } = minimise(
    new Float64Array(n),
    (w, gradient) => {
      let value = 0;
      for (let k = 0; k < n; k++) {
        gradient[k] = (precision / count) * w[k]!;
        value += (gradient[k]! * w[k]!) / 2;
      }
      for (const part of parts) {
        value += (part.count / count) * part.evaluate(w, partial);
        for (let k = 0; k < n; k++) gradient[k]! += (part.count / count) * partial[k]!;
      }
      return value;
    },
    stopping,
  );
  const information = new Float64Array(n * n);
  for (const { model, evidence, count: own } of parts) {
    const told = informationOf(model.mdp, model.features, weights, evidence.inflow);
    for (let i = 0; i < information.length; i++) information[i]! += own * told[i]!;
  }
  return { weights, certainty: certaintyFrom(information, precision) };
}
