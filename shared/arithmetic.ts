import atan2 from "@stdlib/math-base-special-atan2";
import cos from "@stdlib/math-base-special-cos";
import log from "@stdlib/math-base-special-ln";
import log1p from "@stdlib/math-base-special-log1p";
import sin from "@stdlib/math-base-special-sin";
import sincos from "@stdlib/math-base-special-sincos";

/**
 * What `Math` leaves to the engine, computed alike in all of them. ECMAScript asks for the exact bits of
 * `+ - * /`, `Math.sqrt`, `Math.fround` and the rounding functions only; `Math.sin` and its like, `Math.hypot`
 * and `**` differ in the last bit between engines, and even between the compilers of one engine.
 */
export { atan2, cos, log, log1p, sin };

/** Name of this arithmetic. Change it with every change of a result: digests hold under one name only. */
export const arithmetic = "stdlib-1";

/** Writes cos x and sin x to `into`, at `at` and after: in half the time of one after the other. */
export function writeCosSin(x: number, into: Float64Array, at: number): void {
  sincos.assign(x, into, -1, at + 1);
}

/** 2ᵏ for every k from −1022 to 1023, which are exact. */
const powersOfTwo = new Float64Array(2046);
for (let k = 0, power = 1; k <= 1023; k++, power *= 2) {
  powersOfTwo[1022 + k] = power;
  if (k <= 1022) powersOfTwo[1022 - k] = 1 / power;
}

/** eˣ, at most 1.03 units in the last place off: networks spend their time here, and that of @stdlib takes twice as long. */
export function exp(x: number): number {
  if (!(x < 709.8)) return x > 0 ? Number.POSITIVE_INFINITY : x;
  if (x < -745.2) return 0;
  // x = k ln 2 + r with |r| ≤ ln 2 / 2; the first part of ln 2 has zeros at its end, so that k times it is exact.
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  // Taylor's series of (eʳ − 1 − r) / r², the even terms and the odd: the rest is below 5e-18.
  const s = r * r;
  const even =
    1 / 2 + s * (1 / 24 + s * (1 / 720 + s * (1 / 40320 + s * (1 / 3628800 + s / 479001600))));
  const odd =
    1 / 6 + s * (1 / 120 + s * (1 / 5040 + s * (1 / 362880 + s * (1 / 39916800 + s / 6227020800))));
  const y = 1 + (r + s * (even + r * odd));
  if (k > 1023) return y * 2 * powersOfTwo[1022 + k - 1]!;
  if (k < -1022) return y * powersOfTwo[1022 + k + 100]! * powersOfTwo[1022 - 100]!;
  return y * powersOfTwo[1022 + k]!;
}

/** xⁿ for a whole n from 0 on; each doubling of n doubles its error, which is n units in the last place at most. */
export function power(x: number, n: number): number {
  let result = 1;
  for (let factor = x, left = n; left > 0; left = Math.floor(left / 2), factor *= factor) {
    if (left % 2 === 1) result *= factor;
  }
  return result;
}

/** Length of (x, y), where no square overflows or vanishes: lengths from 1e-150 to 1e150. */
export function hypot(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
