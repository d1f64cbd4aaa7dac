import { addScaled } from "./rows.ts";

/**
 * The inverse of a symmetric positive definite matrix [n][n], by Gauss's and Jordan's elimination, for which it needs no
 * pivoting (Higham 2002, section 14.4). Its pivots are the squares of those of Cholesky's factorisation.
 * @param leastPivot what a pivot has to be above
 * @returns null where one isn't, so that the matrix is not definite, or nearly not
 */
export function inverseOf(
  matrix: Float64Array,
  n: number,
  leastPivot: number,
): Float64Array | null {
  // What is left of the matrix, and what was done to the identity so far, row by row beside each other.
  const wide = 2 * n;
  const rows = new Float64Array(n * wide);
  for (let i = 0; i < n; i++) {
    addScaled(rows, i * wide, 1, matrix, i * n, n);
    rows[i * wide + n + i] = 1;
  }
  for (let i = 0; i < n; i++) {
    const pivot = rows[i * wide + i]!;
    if (!(pivot > leastPivot)) return null;
    // The columns of the identity up to this one are all that changed so far; those of the matrix before it are done.
    for (let j = 0; j < n; j++) {
      const factor = rows[j * wide + i]! / pivot;
      if (j !== i && factor !== 0)
        addScaled(rows, j * wide + i, -factor, rows, i * wide + i, n + 1);
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const entry = rows[i * wide + n + j]! / rows[i * wide + i]!;
      inverse[i * n + j] = entry;
      inverse[j * n + i] = entry;
    }
  }
  return inverse;
}
