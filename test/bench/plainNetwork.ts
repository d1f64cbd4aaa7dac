import type { Random } from "../../shared/random.ts";

/** A dense layer. */
interface Layer {
  /** [nOut][nIn] */
  readonly weights: Float64Array[];
  /** [nOut] */
  readonly biases: Float64Array;
}

const zerosLike = (layers: readonly Layer[]): Layer[] =>
  layers.map(({ weights, biases }) => ({
    weights: weights.map(({ length }) => new Float64Array(length)),
    biases: new Float64Array(biases.length),
  }));

/**
 * The network of `mlp` and its training, one pair at a time, by the formulas: tanh layers, a linear output,
 * backpropagation of half the squared error, its mean over a minibatch, Adam. It makes the same draws in
 * the same order as `mlp`, and so gets the same network but for rounding.
 */
export class PlainNetwork {
  readonly layers: Layer[];

  constructor(sizes: readonly number[], random: Random) {
    this.layers = sizes.slice(1).map((nOut, l) => {
      const nIn = sizes[l]!;
      const limit = Math.sqrt(6 / (nIn + nOut));
      return {
        weights: Array.from({ length: nOut }, () =>
          new Float64Array(nIn).map(() => limit * (2 * random.uniform() - 1)),
        ),
        biases: new Float64Array(nOut),
      };
    });
  }

  /** The activations of all layers for one input, the input first. */
  forward(input: Float64Array): Float64Array[] {
    const outputs = [input];
    for (let l = 0; l < this.layers.length; l++) {
      const { weights, biases } = this.layers[l]!;
      const x = outputs[l]!;
      const y = new Float64Array(biases.length);
      for (let j = 0; j < weights.length; j++) {
        const row = weights[j]!;
        let sum = biases[j]!;
        for (let i = 0; i < x.length; i++) sum += row[i]! * x[i]!;
        y[j] = l < this.layers.length - 1 ? Math.tanh(sum) : sum;
      }
      outputs.push(y);
    }
    return outputs;
  }

  /** Half the squared error of one pair. */
  loss(input: Float64Array, target: Float64Array): number {
    const output = this.forward(input).at(-1)!;
    return output.reduce((sum, y, k) => sum + 0.5 * (y - target[k]!) ** 2, 0);
  }

  /** Adds the gradient of {@link loss} at one pair to `gradient`. */
  backward(input: Float64Array, target: Float64Array, gradient: Layer[]): void {
    const outputs = this.forward(input);
    let delta = outputs.at(-1)!.map((y, k) => y - target[k]!);
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { weights } = this.layers[l]!;
      const x = outputs[l]!;
      const before = new Float64Array(x.length);
      for (let j = 0; j < delta.length; j++) {
        const d = delta[j]!;
        const row = weights[j]!;
        const slope = gradient[l]!.weights[j]!;
        for (let i = 0; i < x.length; i++) {
          slope[i] = slope[i]! + d * x[i]!;
          before[i] = before[i]! + d * row[i]!;
        }
        gradient[l]!.biases[j] = gradient[l]!.biases[j]! + d;
      }
      for (let i = 0; i < x.length; i++) before[i] = before[i]! * (1 - x[i]! * x[i]!);
      delta = before;
    }
  }

  /** Trains on minibatches of the shuffled data set, by Adam with a cosine learning rate. */
  train(
    inputs: readonly Float64Array[],
    targets: readonly Float64Array[],
    { batch, nSteps, rate }: { batch: number; nSteps: number; rate: number },
    random: Random,
  ): void {
    const n = inputs.length;
    const order = inputs.map((_, i) => i);
    const mean = zerosLike(this.layers);
    const square = zerosLike(this.layers);
    const stepsAnEpoch = Math.ceil(n / batch);
    const nEpochs = Math.ceil(nSteps / stepsAnEpoch);
    let time = 0;
    for (let epoch = 0; epoch < nEpochs; epoch++) {
      for (let i = n - 1; i > 0; i--) {
        const j = random.below(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      for (let step = 0; step < stepsAnEpoch; step++) {
        const rows = order.slice(step * batch, (step + 1) * batch);
        const gradient = zerosLike(this.layers);
        for (const i of rows) this.backward(inputs[i]!, targets[i]!, gradient);
        const share = (epoch + step / stepsAnEpoch) / nEpochs;
        time++;
        const size = (0.5 * rate * (1 + Math.cos(Math.PI * share))) / (1 - 0.9 ** time);
        const correction = 1 / (1 - 0.999 ** time);
        const move = (w: Float64Array, g: Float64Array, m: Float64Array, s: Float64Array) => {
          for (let i = 0; i < w.length; i++) {
            const slope = g[i]! / rows.length;
            m[i] = 0.9 * m[i]! + 0.1 * slope;
            s[i] = 0.999 * s[i]! + 0.001 * slope * slope;
            w[i] = w[i]! - (size * m[i]!) / (Math.sqrt(s[i]! * correction) + 1e-8);
          }
        };
        this.layers.forEach(({ weights, biases }, l) => {
          weights.forEach((row, j) => {
            move(row, gradient[l]!.weights[j]!, mean[l]!.weights[j]!, square[l]!.weights[j]!);
          });
          move(biases, gradient[l]!.biases, mean[l]!.biases, square[l]!.biases);
        });
      }
    }
  }
}
