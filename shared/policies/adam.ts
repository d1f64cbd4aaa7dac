import { power } from "../arithmetic.ts";

/** Adam (Kingma & Ba 2015, Algorithm 1). */
export class Adam {
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #time = 0;

  /** @param n parameters */
  constructor(n: number) {
    this.#mean = new Float64Array(n);
    this.#square = new Float64Array(n);
  }

  /** Moves `parameters` one step of size `rate` against `gradient`. */
  step(parameters: Float64Array, gradient: Float64Array, rate: number): void {
    const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
    this.#time++;
    const size = rate / (1 - power(beta1, this.#time));
    const correction = 1 / (1 - power(beta2, this.#time));
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]!;
      const mean = beta1 * this.#mean[i]! + (1 - beta1) * g;
      const square = beta2 * this.#square[i]! + (1 - beta2) * g * g;
      this.#mean[i] = mean;
      this.#square[i] = square;
      parameters[i] = parameters[i]! - (size * mean) / (Math.sqrt(square * correction) + epsilon);
    }
  }
}
