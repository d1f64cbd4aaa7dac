import { exp, log1p } from "../arithmetic.ts";
import { forward } from "./dense.ts";
import { tanh } from "./network.ts";

/** A network that was trained elsewhere, as plain JSON. */
export interface ForeignNetwork {
  /** What the network is shown of an observation: (observation − mean) / deviation. Without it, the observation. */
  readonly normalise?: Affine | undefined;
  /** First layer first. */
  readonly layers: readonly DenseLayer[];
  /** What its outputs mean: mean + deviation × output. Without it, the outputs are meant. */
  readonly scale?: Affine | undefined;
}

/** A mean and a deviation for each number of a row. */
export interface Affine {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** activation(W x + b) */
export interface DenseLayer {
  /** W: [nOut] of [nIn] */
  readonly weights: readonly (readonly number[])[];
  /** b: [nOut] */
  readonly bias: readonly number[];
  /** Without it, the layer is linear. */
  readonly activation?: Activation | undefined;
}

/** Of one number each, by the lower-case names of PyTorch's modules, with the defaults that these have. */
export const activations = {
  identity: (x: number) => x,
  relu: (x: number) => Math.max(0, x),
  leakyrelu: (x: number) => (x > 0 ? x : 0.01 * x),
  elu: (x: number) => (x > 0 ? x : exp(x) - 1),
  silu: (x: number) => x * sigmoid(x),
  tanh,
  sigmoid,
  softplus: (x: number) => (x > 20 ? x : log1p(exp(x))),
} as const;

export type Activation = keyof typeof activations;

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}

/** A {@link ForeignNetwork}, ready to be asked. */
export class ForwardPass {
  readonly #network: ForeignNetwork;
  /** What goes into each layer, and what comes out of the last. */
  readonly #rows: readonly Float64Array[];
  /** Of each layer, W row by row and then b. */
  readonly #parameters: readonly Float64Array[];

  /** @throws RangeError where its layers do not fit each other */
  constructor(network: ForeignNetwork) {
    const { normalise, layers, scale } = network;
    this.#network = network;
    const sizes = [layers[0]?.weights[0]?.length ?? 0, ...layers.map(({ bias }) => bias.length)];
    this.#rows = sizes.map((size) => new Float64Array(size));
    this.#parameters = layers.map(({ weights, bias }, l) => {
      const [nIn, nOut] = [sizes[l]!, sizes[l + 1]!];
      if (weights.length !== nOut || weights.some((row) => row.length !== nIn))
        throw new RangeError(`layer ${l} has no ${nOut} rows of ${nIn} weights`);
      return Float64Array.from([...weights.flat(), ...bias]);
    });
    for (const [affine, size] of [
      [normalise, sizes[0]!],
      [scale, sizes.at(-1)!],
    ] as const)
      if (affine && (affine.mean.length !== size || affine.deviation.length !== size))
        throw new RangeError(`there are ${size} numbers with a mean and a deviation each`);
    if (sizes.length < 2 || sizes.includes(0)) throw new RangeError("a layer has nothing in it");
  }

  get observationSize(): number {
    return this.#rows[0]!.length;
  }

  get nOutputs(): number {
    return this.#rows.at(-1)!.length;
  }

  /** What it puts out for `observation`; overwritten by the next call. */
  of(observation: Float64Array): Float64Array {
    const { normalise, layers, scale } = this.#network;
    const input = this.#rows[0]!;
    input.set(observation);
    if (normalise)
      for (let i = 0; i < input.length; i++)
        input[i] = (input[i]! - normalise.mean[i]!) / normalise.deviation[i]!;
    for (const [l, { activation = "identity" }] of layers.entries()) {
      const [x, y] = [this.#rows[l]!, this.#rows[l + 1]!];
      forward(x, this.#parameters[l]!, 0, 1, x.length, y.length, y);
      const bend = activations[activation];
      for (let i = 0; i < y.length; i++) y[i] = bend(y[i]!);
    }
    const output = this.#rows.at(-1)!;
    if (scale)
      for (let i = 0; i < output.length; i++)
        output[i] = scale.mean[i]! + scale.deviation[i]! * output[i]!;
    return output;
  }
}
