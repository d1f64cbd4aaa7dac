/** What `shared/arithmetic.ts` has, as the engine computes it: whatever that costs, the same code costs beside this. */
export const { atan2, cos, exp, log, log1p, sin } = Math;

export const arithmetic = "host";

export function writeCosSin(x: number, into: Float64Array, at: number): void {
  into[at] = Math.cos(x);
  into[at + 1] = Math.sin(x);
}

/** As in the project's: `Math.hypot` is slower than either. */
export function hypot(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

export function power(x: number, n: number): number {
  return x ** n;
}
