import type { Random } from "../random.ts";
import { type ActionSpace, clip, width } from "../spaces.ts";
import { Adam } from "./adam.ts";
import { Covariance, familiarityBy } from "./covariance.ts";
import { check, pair } from "./dataset.ts";
import { drawFourier, type FourierJson, fourierFeatures, ridge } from "./fourierFeatures.ts";
import { Network } from "./network.ts";
import type { Familiarity, Policy, PolicyJson, PolicyKind } from "./policy.ts";
import type { FeatureMap } from "./ridge.ts";
import { fromBounds, type Scaling, scaled, standardise } from "./scaling.ts";

const hidden = [32, 32];
const batch = 32;
/** Steps of Adam, whatever the size of the data set. */
const nSteps = 6000;
/** Step size at first; it falls to nothing along half a cosine. */
const rate = 3e-3;

/**
 * A small network trained from scratch by Adam on the squared error. What is familiar to it is
 * judged by the observation, with the posterior variance that `fourier` has: the network's own last
 * layer puts places that it never saw on top of places that it did (feature collapse, van Amersfoort
 * et al. 2020), and an ensemble cannot say what one more label would change.
 */
export const mlp: PolicyKind = {
  name: "mlp",
  title: "Neural network",
  actions: "continuous",

  *fit(dataset, random) {
    check(dataset, "continuous");
    const { n, observationSize, action } = dataset;
    const scaling = standardise(dataset);
    const network = new Network([observationSize, ...hidden, width(action)], batch);
    network.initialise(random);
    const inputs = scaled(dataset.observations, scaling);
    const targets = scaled(dataset.actions, fromBounds(action));
    yield* train(network, inputs, targets, random);

    const features = drawFourier(observationSize, random);
    const covariance = new Covariance(features.size, ridge);
    const policy = new MlpPolicy(action, scaling, network.parameters, features, covariance);
    let loss = 0;
    for (let i = 0; i < n; i++) loss += policy.learnt(...pair(dataset, i));
    return { policy, loss: loss / n };
  },

  fromJSON(json) {
    const { action, middle, half, parameters, covariance } = json as MlpJson;
    const features = fourierFeatures(json as MlpJson);
    return new MlpPolicy(
      action,
      { middle, half },
      parameters,
      features,
      new Covariance(features.size, ridge, covariance),
    );
  },
};

interface MlpJson extends PolicyJson, FourierJson, Scaling {
  readonly action: ActionSpace;
  readonly parameters: readonly number[];
  readonly covariance: readonly number[];
}

class MlpPolicy implements Policy {
  readonly kind = "mlp";
  readonly #action: ActionSpace;
  /** Of the observations. */
  readonly #scaling: Scaling;
  /** Of the actions. */
  readonly #range: Scaling;
  readonly #network: Network;
  readonly #features: FeatureMap;
  readonly #covariance: Covariance;

  constructor(
    action: ActionSpace,
    scaling: Scaling,
    parameters: ArrayLike<number>,
    features: FeatureMap,
    covariance: Covariance,
  ) {
    this.#action = action;
    this.#scaling = scaling;
    this.#range = fromBounds(action);
    this.#network = new Network(
      [features.observationSize, ...hidden, width(action)],
      1,
      parameters,
    );
    this.#features = features;
    this.#covariance = covariance;
  }

  act(observation: Float64Array, action: Float64Array): void {
    this.#predict(observation, action);
    clip(this.#action, action);
  }

  uncertainty(observation: Float64Array): number {
    return this.#covariance.uncertainty(this.#features.of(observation));
  }

  familiarity(): Familiarity {
    return familiarityBy((observation) => this.#features.of(observation), this.#covariance.copy());
  }

  /** Counts a pair that the network was trained on as seen, and returns half its squared error. */
  learnt(observation: Float64Array, action: Float64Array): number {
    this.#covariance.add(this.#features.of(observation));
    const prediction = new Float64Array(action.length);
    this.#predict(observation, prediction);
    return prediction.reduce((sum, value, k) => sum + 0.5 * (value - action[k]!) ** 2, 0);
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.#action,
      ...this.#scaling,
      parameters: [...this.#network.parameters],
      observationSize: this.#features.observationSize,
      ...this.#features.toJSON(),
      covariance: [...this.#covariance.triangle],
    };
  }

  #predict(observation: Float64Array, action: Float64Array): void {
    const input = this.#network.layers[0]!;
    for (let j = 0; j < input.length; j++) {
      input[j] = (observation[j]! - this.#scaling.middle[j]!) / this.#scaling.half[j]!;
    }
    const output = this.#network.forward(1);
    for (let k = 0; k < action.length; k++) {
      action[k] = this.#range.middle[k]! + this.#range.half[k]! * output[k]!;
    }
  }
}

/** Minibatches of a shuffled data set, epoch after epoch. Yields the share done after each. */
function* train(
  network: Network,
  inputs: Float64Array,
  targets: Float64Array,
  random: Random,
): Generator<number, void> {
  const nIn = network.sizes[0]!;
  const nOut = network.sizes.at(-1)!;
  const n = inputs.length / nIn;
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const gradient = new Float64Array(network.parameters.length);
  const batchTargets = new Float64Array(batch * nOut);
  const adam = new Adam(gradient.length);
  const stepsAnEpoch = Math.ceil(n / batch);
  const nEpochs = Math.ceil(nSteps / stepsAnEpoch);
  for (let epoch = 0; epoch < nEpochs; epoch++) {
    shuffle(order, random);
    for (let step = 0; step < stepsAnEpoch; step++) {
      const first = step * batch;
      const rows = Math.min(batch, n - first);
      for (let r = 0; r < rows; r++) {
        const i = order[first + r]!;
        for (let j = 0; j < nIn; j++) network.layers[0]![r * nIn + j] = inputs[i * nIn + j]!;
        for (let k = 0; k < nOut; k++) batchTargets[r * nOut + k] = targets[i * nOut + k]!;
      }
      network.forward(rows);
      network.backward(batchTargets, rows, gradient);
      const share = (epoch + step / stepsAnEpoch) / nEpochs;
      adam.step(network.parameters, gradient, 0.5 * rate * (1 + Math.cos(Math.PI * share)));
    }
    yield (epoch + 1) / nEpochs;
  }
}

/** Fisher–Yates. */
function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
}
