import type { Chain } from "./chain.ts";

/** Most states for which a linear system is eliminated: a sweep over more of them costs less than their cubes. */
export const mostDense = 64;

/** The triangular factors of a matrix, [n][n] in one: L below the diagonal, whose own diagonal is 1, and U from it on. */
export type Factors = Float64Array;

/**
 * The factors of 1 − γ P, for what a policy makes of an MDP. Each row's diagonal is larger than all else in it
 * together, so that no pivots need to be looked for (Golub and Van Loan 2013, theorem 4.1.1).
 */
export function factorsOf(chain: Chain): Factors {
  chain.factors ??= eliminated(chain);
  return chain.factors;
}

function eliminated({ offsets, next, flow, stays }: Chain): Factors {
  const n = stays.length;
  const a = new Float64Array(n * n);
  for (let s = 0; s < n; s++) {
    a[s * n + s] = 1 / stays[s]!;
    for (let j = offsets[s]!; j < offsets[s + 1]!; j++) a[s * n + next[j]!]! -= flow[j]!;
  }
  for (let k = 0; k < n; k++) {
    const pivot = 1 / a[k * n + k]!;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! * pivot;
      if (factor === 0) continue;
      a[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
  }
  return a;
}

/** Replaces the columns of `x` [n][width] by what 1 − γ P makes them of: what follows from each state on. */
export function solveForward(lu: Factors, x: Float64Array, width: number): void {
  const n = x.length / width;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const factor = lu[i * n + j]!;
      if (factor === 0) continue;
      for (let k = 0; k < width; k++) x[i * width + k]! -= factor * x[j * width + k]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) {
      const factor = lu[i * n + j]!;
      if (factor === 0) continue;
      for (let k = 0; k < width; k++) x[i * width + k]! -= factor * x[j * width + k]!;
    }
    const pivot = 1 / lu[i * n + i]!;
    for (let k = 0; k < width; k++) x[i * width + k]! *= pivot;
  }
}

/** Replaces `x` [n] by what the transpose of 1 − γ P makes it of: the visits that follow from what enters. */
export function solveTransposed(lu: Factors, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    const value = x[i]! / lu[i * n + i]!;
    x[i] = value;
    if (value !== 0) for (let j = i + 1; j < n; j++) x[j]! -= lu[i * n + j]! * value;
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]!;
    if (value !== 0) for (let j = 0; j < i; j++) x[j]! -= lu[i * n + j]! * value;
  }
}
