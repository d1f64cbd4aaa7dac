/**
 * The inverse of a symmetric positive definite matrix [n][n], by Cholesky's factorisation.
 * @param leastPivot what the square of a pivot has to be above
 * @returns null where it isn't, so that the matrix is not definite, or nearly not
 */
export function inverseOf(
  matrix: Float64Array,
  n: number,
  leastPivot: number,
): Float64Array | null {
  // The factor L, lower triangular, with 1 / L_ii on its diagonal.
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let left = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) left -= factor[i * n + k]! * factor[j * n + k]!;
      if (i === j && !(left > leastPivot)) return null;
      factor[i * n + j] = i === j ? 1 / Math.sqrt(left) : left * factor[j * n + j]!;
    }
  }
  // L⁻¹, column by column, in place.
  for (let j = 0; j < n; j++) {
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= factor[i * n + k]! * factor[k * n + j]!;
      factor[i * n + j] = sum * factor[i * n + i]!;
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += factor[k * n + i]! * factor[k * n + j]!;
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
  return inverse;
}
