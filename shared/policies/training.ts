import { cos } from "../arithmetic.ts";
import type { Random } from "../random.ts";
import { Adam } from "./adam.ts";
import type { Head } from "./heads.ts";
import { Network } from "./network.ts";

/** How every network here is built and trained. */
export const recipe = {
  hidden: [32, 32],
  batch: 32,
  /** Steps of Adam, whatever the size of the data set. */
  nSteps: 6000,
  /** Step size at first; it falls to nothing along half a cosine. */
  rate: 3e-3,
} as const;

/** Numbers in each layer of a network for `observationSize` numbers and a head's outputs. */
export function sizesFor(observationSize: number, { nOutputs }: Head): number[] {
  return [observationSize, ...recipe.hidden, nOutputs];
}

/**
 * A network trained from scratch: minibatches of a shuffled data set, epoch after epoch. Yields the
 * share done after each.
 * @param inputs [n][observationSize], scaled
 * @param targets [n][head.nTargets]
 */
export function* train(
  observationSize: number,
  head: Head,
  inputs: Float64Array,
  targets: Float64Array,
  random: Random,
): Generator<number, Network> {
  const { batch, nSteps, rate } = recipe;
  const network = new Network(sizesFor(observationSize, head), batch);
  network.initialise(random);
  const [nIn, nOut] = [observationSize, head.nTargets];
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
        for (let j = 0; j < nIn; j++) network.input[r * nIn + j] = inputs[i * nIn + j]!;
        for (let k = 0; k < nOut; k++) batchTargets[r * nOut + k] = targets[i * nOut + k]!;
      }
      head.descend(network.forward(rows), batchTargets, rows, network.slopes);
      network.backward(rows, gradient);
      const share = (epoch + step / stepsAnEpoch) / nEpochs;
      adam.step(network.parameters, gradient, 0.5 * rate * (1 + cos(Math.PI * share)));
    }
    yield (epoch + 1) / nEpochs;
  }
  return network;
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

/** A run as one part of a longer one: the shares it yields, put between `from` and `to`. */
export function* part<Result>(
  run: Generator<number, Result>,
  from: number,
  to: number,
): Generator<number, Result> {
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
    yield from + (to - from) * value;
  }
}
