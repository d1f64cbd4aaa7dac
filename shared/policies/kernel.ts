import { exp } from "../arithmetic.ts";

/** ℓ: distance between observations at which what is known of one says little of the other. */
export const lengthScale = 0.45;
/** λ: variance of the labels' noise over variance of the function, as the model expects them. */
export const ridge = 0.02;

/**
 * Writes exp(−|o − z|² / 2ℓ²) for each of `points` to the beginning of `into`.
 * @param points flat, [n][size of an observation]
 */
export function writeKernel(
  observation: Float64Array,
  points: Float64Array,
  n: number,
  into: Float64Array,
): void {
  const size = observation.length;
  for (let i = 0, at = 0; i < n; i++) {
    let square = 0;
    for (let j = 0; j < size; j++, at++) {
      const away = observation[j]! - points[at]!;
      square += away * away;
    }
    into[i] = exp(-square / (2 * lengthScale * lengthScale));
  }
}
