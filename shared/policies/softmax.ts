import { exp, log } from "../arithmetic.ts";
import type { ActionSpace } from "../spaces.ts";
import { solve } from "./cholesky.ts";
import { check, pair } from "./dataset.ts";
import type { Dataset, Familiarity, Policy, PolicyJson, PolicyKind } from "./policy.ts";
import { familiarityBy, Precision } from "./precision.ts";

/** L2 penalty on the weights: small, so that one answer outweighs many given elsewhere. */
const ridge = 0.1;
/** L2 penalty on the biases: next to nothing, but without it a label that is always the same has no optimum. */
const biasRidge = 1e-3;
/** How many labels the prior is worth, where it is asked what is familiar: λ of the precision. */
const doubt = 1.5;
/** Scores nearer than this are equal: the difference is rounding. */
const tie = 1e-9;
const maxSteps = 50;

/**
 * Multinomial logistic regression, linear in the observation: p(a | o) ∝ exp(W_a·o + b_a), by
 * Newton's method on the penalised cross-entropy, which has one optimum and reaches it in a few
 * steps. Acts greedily; of equally likely actions it takes the first. On a tile that it was never shown
 * there is only the bias to go by: it does what it was shown most elsewhere.
 */
export const softmax: PolicyKind = {
  name: "softmax",
  title: "Softmax",
  actions: "discrete",
  learnsAtOnce: true,
  costAPair: 150,

  *fit(dataset) {
    check(dataset, "discrete");
    const objective = new SoftmaxObjective(dataset);
    const parameters = new Float64Array(objective.size);
    yield* minimise(objective, parameters);

    const { n, observationSize } = dataset;
    const precision = new Precision(observationSize, doubt);
    for (let i = 0; i < n; i++) precision.add(pair(dataset, i)[0]);
    const policy = new SoftmaxPolicy(dataset.action, observationSize, parameters, precision);
    return { policy, loss: objective.crossEntropy(parameters) / n };
  },

  fromJSON(json) {
    const { action, observationSize, parameters, precision } = json as SoftmaxJson;
    return new SoftmaxPolicy(
      action,
      observationSize,
      Float64Array.from(parameters),
      new Precision(observationSize, doubt, precision),
    );
  },
};

interface SoftmaxJson extends PolicyJson {
  readonly action: ActionSpace;
  readonly observationSize: number;
  readonly parameters: readonly number[];
  readonly precision: readonly number[];
}

class SoftmaxPolicy implements Policy {
  readonly kind = "softmax";
  readonly #action: ActionSpace;
  readonly #observationSize: number;
  readonly #parameters: Float64Array;
  readonly #precision: Precision;
  readonly #scores: Float64Array;

  /** @param parameters [nActions][observationSize + 1], an action's weights and then its bias */
  constructor(
    action: ActionSpace,
    observationSize: number,
    parameters: Float64Array,
    precision: Precision,
  ) {
    const nActions = countActions(action);
    if (parameters.length !== nActions * (observationSize + 1)) {
      throw new RangeError(`softmax has ${nActions * (observationSize + 1)} parameters here`);
    }
    this.#action = action;
    this.#observationSize = observationSize;
    this.#parameters = parameters;
    this.#precision = precision;
    this.#scores = new Float64Array(nActions);
  }

  act(observation: Float64Array, action: Float64Array): void {
    score(this.#parameters, observation, this.#scores);
    let best = 0;
    for (let a = 1; a < this.#scores.length; a++) {
      if (this.#scores[a]! > this.#scores[best]! + tie) best = a;
    }
    action[0] = best;
  }

  probabilities(observation: Float64Array, probabilities: Float64Array): void {
    score(this.#parameters, observation, probabilities);
    normalise(probabilities);
  }

  uncertainty(observation: Float64Array): number {
    return this.#precision.uncertainty(observation);
  }

  familiarity(): Familiarity {
    return familiarityBy((observation) => observation, this.#precision.copy());
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.#action,
      observationSize: this.#observationSize,
      parameters: [...this.#parameters],
      precision: [...this.#precision.triangle],
    };
  }
}

/** Σ −log p(aᵢ | oᵢ) + ½λ|W|² + ½λ_b|b|², with its gradient and Hessian. Parameters are laid out as the policy's. */
export class SoftmaxObjective {
  /** Parameters. */
  readonly size: number;
  readonly #dataset: Dataset;
  readonly #rows: readonly Float64Array[];
  readonly #nActions: number;
  readonly #probabilities: Float64Array;

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
    this.#rows = Array.from({ length: dataset.n }, (_, i) => pair(dataset, i)[0]);
    this.#nActions = countActions(dataset.action);
    this.size = this.#nActions * (dataset.observationSize + 1);
    this.#probabilities = new Float64Array(this.#nActions);
  }

  value(parameters: Float64Array): number {
    let penalty = 0;
    for (let i = 0; i < this.size; i++) {
      penalty += 0.5 * this.#ridgeAt(i) * parameters[i]! * parameters[i]!;
    }
    return this.crossEntropy(parameters) + penalty;
  }

  /** The sum over the data set, nats, without the penalty. */
  crossEntropy(parameters: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < this.#dataset.n; i++) {
      score(parameters, this.#rows[i]!, this.#probabilities);
      const chosen = this.#probabilities[this.#dataset.actions[i]!]!;
      sum += normalise(this.#probabilities) - chosen;
    }
    return sum;
  }

  gradient(parameters: Float64Array, gradient: Float64Array): void {
    for (let i = 0; i < this.size; i++) gradient[i] = this.#ridgeAt(i) * parameters[i]!;
    const wide = this.#dataset.observationSize + 1;
    for (let i = 0; i < this.#dataset.n; i++) {
      const observation = this.#rows[i]!;
      const label = this.#dataset.actions[i]!;
      score(parameters, observation, this.#probabilities);
      normalise(this.#probabilities);
      for (let a = 0; a < this.#nActions; a++) {
        const error = this.#probabilities[a]! - (a === label ? 1 : 0);
        for (let j = 0; j < wide; j++) {
          const x = j < observation.length ? observation[j]! : 1;
          gradient[a * wide + j] = gradient[a * wide + j]! + error * x;
        }
      }
    }
  }

  /** Writes the lower triangle of the Hessian, [size][size]. */
  hessian(parameters: Float64Array, hessian: Float64Array): void {
    const { size } = this;
    const wide = this.#dataset.observationSize + 1;
    hessian.fill(0);
    for (let i = 0; i < size; i++) hessian[i * size + i] = this.#ridgeAt(i);
    for (let i = 0; i < this.#dataset.n; i++) {
      const observation = this.#rows[i]!;
      score(parameters, observation, this.#probabilities);
      normalise(this.#probabilities);
      for (let a = 0; a < this.#nActions; a++) {
        for (let b = 0; b <= a; b++) {
          const p = this.#probabilities[a]!;
          const weight = p * ((a === b ? 1 : 0) - this.#probabilities[b]!);
          for (let j = 0; j < wide; j++) {
            const x = weight * (j < observation.length ? observation[j]! : 1);
            if (x === 0) continue;
            const row = (a * wide + j) * size + b * wide;
            for (let k = 0; k < wide; k++) {
              hessian[row + k] = hessian[row + k]! + x * (k < wide - 1 ? observation[k]! : 1);
            }
          }
        }
      }
    }
  }

  #ridgeAt(i: number): number {
    const { observationSize } = this.#dataset;
    return i % (observationSize + 1) < observationSize ? ridge : biasRidge;
  }
}

/** Newton's method with step halving, from where `parameters` are. Yields the share of the most steps it may take. */
function* minimise(objective: SoftmaxObjective, parameters: Float64Array): Generator<number, void> {
  const { size } = objective;
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const step = new Float64Array(size);
  const trial = new Float64Array(size);
  let value = objective.value(parameters);
  for (let i = 0; i < maxSteps; i++) {
    objective.gradient(parameters, gradient);
    objective.hessian(parameters, hessian);
    step.set(gradient);
    solve(hessian, step);
    const decrement = gradient.reduce((sum, g, j) => sum + g * step[j]!, 0);
    // Near the optimum a full step squares the distance to it, and its gain is lost in rounding.
    const last = decrement <= 1e-12 * (1 + value);
    for (let length = 1; ; length /= 2) {
      for (let j = 0; j < size; j++) trial[j] = parameters[j]! - length * step[j]!;
      const next = objective.value(trial);
      if (last || next <= value - 0.25 * length * decrement) {
        parameters.set(trial);
        value = next;
        break;
      }
      if (length < 1e-6) return;
    }
    if (last) return;
    yield (i + 1) / maxSteps;
  }
}

/** Writes W o + b. */
function score(parameters: Float64Array, observation: Float64Array, scores: Float64Array): void {
  const wide = observation.length + 1;
  for (let a = 0; a < scores.length; a++) {
    let sum = parameters[a * wide + wide - 1]!;
    for (let j = 0; j < wide - 1; j++) sum += parameters[a * wide + j]! * observation[j]!;
    scores[a] = sum;
  }
}

/** Turns scores into probabilities, in place, and returns log Σ exp(score). */
function normalise(scores: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < scores.length; a++) most = Math.max(most, scores[a]!);
  let total = 0;
  for (let a = 0; a < scores.length; a++) {
    scores[a] = exp(scores[a]! - most);
    total += scores[a]!;
  }
  for (let a = 0; a < scores.length; a++) scores[a] = scores[a]! / total;
  return most + log(total);
}

function countActions(action: ActionSpace): number {
  if (action.kind !== "discrete") throw new RangeError("softmax chooses among discrete actions");
  return action.names.length;
}
