import { exp } from "../arithmetic.ts";
import type { Random } from "../random.ts";
import { backwardInput, backwardWeights, forward } from "./dense.ts";

/** A fully connected network: tanh in the hidden layers, straight lines out. */
export class Network {
  /** Numbers in each layer, input first. */
  readonly sizes: readonly number[];
  /** All layers' W [nOut][nIn] and b [nOut], one after the other. */
  readonly parameters: Float64Array;
  /** [batch][size of the first layer], to be written by the caller before {@link forward} */
  readonly input: Float64Array;
  /** [batch][size of the last layer], what {@link forward} gave last */
  readonly output: Float64Array;
  /** [batch][size of the last layer], to be written by the caller before {@link backward} */
  readonly slopes: Float64Array;
  /** What each layer gave last, [batch][size], and the gradient with respect to it. */
  readonly #layers: readonly Float64Array[];
  readonly #slopes: readonly Float64Array[];

  /**
   * @param batch most rows that go through at once
   * @param parameters of an earlier network of these sizes; without them, zeros
   */
  constructor(sizes: readonly number[], batch: number, parameters?: ArrayLike<number>) {
    const numbers = countParameters(sizes);
    if (parameters && parameters.length !== numbers) {
      throw new RangeError(
        `a network of ${sizes.join("-")} has ${numbers} parameters, not ${parameters.length}`,
      );
    }
    this.sizes = sizes;
    this.parameters = parameters ? Float64Array.from(parameters) : new Float64Array(numbers);
    this.#layers = sizes.map((size) => new Float64Array(batch * size));
    this.#slopes = sizes.map((size) => new Float64Array(batch * size));
    this.input = this.#layers[0]!;
    this.output = this.#layers.at(-1)!;
    this.slopes = this.#slopes.at(-1)!;
  }

  /** Draws the weights, uniform with variance 2 / (nIn + nOut) (Glorot & Bengio 2010, eq. 16). */
  initialise(random: Random): void {
    this.parameters.fill(0);
    for (let l = 1, at = 0; l < this.sizes.length; l++) {
      const [nIn, nOut] = [this.sizes[l - 1]!, this.sizes[l]!];
      const limit = Math.sqrt(6 / (nIn + nOut));
      for (let i = 0; i < nIn * nOut; i++) {
        this.parameters[at + i] = limit * (2 * random.uniform() - 1);
      }
      at += (nIn + 1) * nOut;
    }
  }

  /** Sends the first `n` rows of the input layer through, and returns {@link output}. */
  forward(n: number): Float64Array {
    const last = this.sizes.length - 1;
    for (let l = 1, at = 0; l <= last; l++) {
      const [nIn, nOut] = [this.sizes[l - 1]!, this.sizes[l]!];
      const out = this.#layers[l]!;
      forward(this.#layers[l - 1]!, this.parameters, at, n, nIn, nOut, out);
      if (l < last) for (let i = 0; i < n * nOut; i++) out[i] = tanh(out[i]!);
      at += (nIn + 1) * nOut;
    }
    return this.output;
  }

  /**
   * Backpropagation: writes the gradient, laid out as {@link parameters}, of a sum over the `n` rows
   * that {@link forward} sent through, given its gradient with respect to their outputs in {@link slopes}.
   */
  backward(n: number, gradient: Float64Array): void {
    const last = this.sizes.length - 1;
    gradient.fill(0);
    for (let l = last, at = this.parameters.length; l > 0; l--) {
      const [nIn, nOut] = [this.sizes[l - 1]!, this.sizes[l]!];
      at -= (nIn + 1) * nOut;
      const [input, into, out] = [this.#layers[l - 1]!, this.#slopes[l - 1]!, this.#slopes[l]!];
      backwardWeights(out, input, at, n, nIn, nOut, gradient);
      if (l === 1) break;
      backwardInput(out, this.parameters, at, n, nIn, nOut, into);
      // The slope of tanh, from its value.
      for (let i = 0; i < n * nIn; i++) into[i] = into[i]! * (1 - input[i]! * input[i]!);
    }
  }
}

function countParameters(sizes: readonly number[]): number {
  let n = 0;
  for (let l = 1; l < sizes.length; l++) n += (sizes[l - 1]! + 1) * sizes[l]!;
  return n;
}

/** Twice as fast as a library's tanh, which is exact near 0 to a precision that is not needed here. */
export function tanh(x: number): number {
  return 1 - 2 / (exp(2 * x) + 1);
}
