import atan2 from "@stdlib/math-base-special-atan2";
import cos from "@stdlib/math-base-special-cos";
import exp from "@stdlib/math-base-special-exp";
import log from "@stdlib/math-base-special-ln";
import log1p from "@stdlib/math-base-special-log1p";
import sin from "@stdlib/math-base-special-sin";

/**
 * What `Math` leaves to the engine, computed alike in all of them. ECMAScript asks for the exact bits of
 * `+ - * /`, `Math.sqrt`, `Math.fround` and the rounding functions only; `Math.sin` and its like, `Math.hypot`
 * and `**` differ in the last bit between engines, and even between the compilers of one engine.
 */
export { atan2, cos, exp, log, log1p, sin };

/** Name of this arithmetic. Change it with every change of a result: digests hold under one name only. */
export const arithmetic = "stdlib-1";

/** xⁿ for a whole n from 0 on. */
export function power(x: number, n: number): number {
  let result = 1;
  for (let factor = x, left = n; left > 0; left = Math.floor(left / 2), factor *= factor) {
    if (left % 2 === 1) result *= factor;
  }
  return result;
}

/** Length of (x, y), where no square overflows. */
export function hypot(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
