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
  const vectors = Array.from({ length: n }, (_, i) => new Float64Array(n).with(i, 1));
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += a[i]! * a[i]!;
  const size = Math.sqrt(squares);
  for (let turned = true; turned; ) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const mixed = a[p * n + q]!;
        if (Math.abs(mixed) <= Number.EPSILON * size) continue;
        turned = true;
        const slope = (a[q * n + q]! - a[p * n + p]!) / (2 * mixed);
        const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        const turn = (x: Float64Array, i: number, y: Float64Array, j: number) => {
          const [left, right] = [x[i]!, y[j]!];
          x[i] = cosine * left - sine * right;
          y[j] = sine * left + cosine * right;
        };
        for (let k = 0; k < n; k++) turn(a, k * n + p, a, k * n + q);
        for (let k = 0; k < n; k++) turn(a, p * n + k, a, q * n + k);
        for (let k = 0; k < n; k++) turn(vectors[p]!, k, vectors[q]!, k);
      }
    }
  }
  return { values: vectors.map((_, i) => a[i * n + i]!), vectors };
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
