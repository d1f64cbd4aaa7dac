import type { Chain } from "./chain.ts";
import { addScaled } from "./rows.ts";

/** Most states for which a linear system is eliminated: a sweep over more of them costs less than their cubes. */
export const mostDense = 64;

/** The triangular factors of a matrix [n][n], with where the zeros of each row begin and end. */
export interface Factors {
  /** [n][n], L below the diagonal, whose own diagonal is 1, and U above it. */
  readonly entries: Float64Array;
  /** [n], one over the diagonal of U. */
  readonly pivots: Float64Array;
  /** [n], the first column of each row that is not zero. */
  readonly first: Int32Array;
  /** [n], the last one. Where moves lead to near states, little lies between the two, before elimination and after. */
  readonly last: Int32Array;
}

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
  const pivots = new Float64Array(n);
  const first = new Int32Array(n);
  const last = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    a[row + i] = 1 / stays[i]!;
    let begin = i;
    let end = i;
    for (let j = offsets[i]!; j < offsets[i + 1]!; j++) {
      const to = next[j]!;
      a[row + to]! -= flow[j]!;
      if (to < begin) begin = to;
      if (to > end) end = to;
    }
    for (let k = begin; k < i; k++) {
      if (a[row + k] === 0) continue;
      const factor = a[row + k]! * pivots[k]!;
      a[row + k] = factor;
      const reach = last[k]!;
      if (reach > end) end = reach;
      addScaled(a, row + k + 1, -factor, a, k * n + k + 1, reach - k);
    }
    pivots[i] = 1 / a[row + i]!;
    first[i] = begin;
    last[i] = end;
  }
  return { entries: a, pivots, first, last };
}

/** Replaces the columns of `x` [n][width] by what 1 − γ P makes them of: what follows from each state on. */
export function solveForward(factors: Factors, x: Float64Array, width: number): void {
  const { entries, pivots, first, last } = factors;
  const n = pivots.length;
  for (let i = 0; i < n; i++) {
    for (let j = first[i]!; j < i; j++) {
      const factor = entries[i * n + j]!;
      if (factor !== 0) addScaled(x, i * width, -factor, x, j * width, width);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j <= last[i]!; j++) {
      const factor = entries[i * n + j]!;
      if (factor !== 0) addScaled(x, i * width, -factor, x, j * width, width);
    }
    // Less all but a share of itself: times the pivot.
    addScaled(x, i * width, pivots[i]! - 1, x, i * width, width);
  }
}

/** Replaces `x` [n] by what the transpose of 1 − γ P makes it of: the visits that follow from what enters. */
export function solveTransposed({ entries, pivots, first, last }: Factors, x: Float64Array): void {
  const n = pivots.length;
  for (let i = 0; i < n; i++) {
    x[i]! *= pivots[i]!;
    if (x[i] !== 0) addScaled(x, i + 1, -x[i]!, entries, i * n + i + 1, last[i]! - i);
  }
  for (let i = n - 1; i >= 0; i--) {
    const begin = first[i]!;
    if (x[i] !== 0) addScaled(x, begin, -x[i]!, entries, i * n + begin, i - begin);
  }
}
