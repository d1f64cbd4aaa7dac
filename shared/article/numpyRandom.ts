import { mersenne } from "pure-rand/generator/mersenne";

/**
 * numpy's legacy generator, draw for draw: what `np.random.seed(seed)` and the functions of
 * `np.random` give. An instance stands for one call of `np.random.seed`, which also drops the
 * normal left over from a pair.
 */
export class NumpyRandom {
  readonly #generator: ReturnType<typeof mersenne>;
  #spare: number | null = null;

  /** @param seed integer in [0, 2³²) */
  constructor(seed: number) {
    if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
      throw new RangeError(`numpy's legacy seed is an integer in [0, 2^32), not ${seed}.`);
    }
    this.#generator = mersenne(seed);
  }

  /** `random_sample`: uniform in [0, 1), 53 bits of two draws. */
  uniform(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** `randn`: Marsaglia's polar method. Of each pair numpy gives the second and keeps the first. */
  normal(): number {
    if (this.#spare !== null) {
      const value = this.#spare;
      this.#spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const square = u * u + v * v;
      if (square === 0 || square >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = u * scale;
      return v * scale;
    }
  }

  /** `choice(n, p=probabilities)`: how many entries of the cumulative sum one uniform draw reaches. */
  choice(probabilities: ArrayLike<number>): number {
    const cumulative = new Float64Array(probabilities.length);
    let sum = 0;
    for (let i = 0; i < cumulative.length; i++) {
      if (!(probabilities[i]! >= 0)) throw new RangeError("A probability is negative or missing.");
      sum += probabilities[i]!;
      cumulative[i] = sum;
    }
    if (!(Math.abs(sum - 1) <= 1e-8)) throw new RangeError(`Probabilities sum to ${sum}, not 1.`);
    const draw = this.uniform();
    let index = 0;
    while (cumulative[index]! / sum <= draw) index++;
    return index;
  }
}
