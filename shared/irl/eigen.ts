/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix [n][n], by cyclic Jacobi rotations
 * (Golub and Van Loan 2013, algorithm 8.5.3). Coordinates that are uncorrelated are not rotated, so a
 * feature without evidence stays an eigenvector of its own.
 */
export function eigen(
  symmetric: Float64Array,
  n: number,
): { readonly values: readonly number[]; readonly vectors: readonly Float64Array[] } {
  const a = symmetric.slice();
  /** [n][n], an eigenvector a row. */
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += a[i]! * a[i]!;
  const least = Number.EPSILON * Math.sqrt(squares);
  for (let turned = true; turned; ) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const mixed = a[p * n + q]!;
        if (Math.abs(mixed) <= least) continue;
        turned = true;
        const slope = (a[q * n + q]! - a[p * n + p]!) / (2 * mixed);
        const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        const sine = tangent * cosine;
        turn(a, p, q, n, n, cosine, sine);
        turn(a, p * n, q * n, 1, n, cosine, sine);
        turn(v, p * n, q * n, 1, n, cosine, sine);
      }
    }
  }
  return {
    values: Array.from({ length: n }, (_, i) => a[i * n + i]!),
    vectors: Array.from({ length: n }, (_, i) => v.slice(i * n, (i + 1) * n)),
  };
}

/** Rotates two rows or columns of n numbers each, which begin at `i` and `j`, in their plane. */
function turn(
  x: Float64Array,
  i: number,
  j: number,
  stride: number,
  n: number,
  cosine: number,
  sine: number,
): void {
  for (let k = 0, at = 0; k < n; k++, at += stride) {
    const left = x[i + at]!;
    const right = x[j + at]!;
    x[i + at] = cosine * left - sine * right;
    x[j + at] = sine * left + cosine * right;
  }
}

/** Σ_i values_i vectors_i vectors_iᵀ, [n][n]: the symmetric matrix with these eigenvalues and eigenvectors. */
export function composed(
  values: readonly number[],
  vectors: readonly Float64Array[],
): Float64Array {
  const n = vectors.length;
  const matrix = new Float64Array(n * n);
  values.forEach((value, i) => {
    const vector = vectors[i]!;
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) matrix[j * n + k]! += value * vector[j]! * vector[k]!;
  });
  return matrix;
}
