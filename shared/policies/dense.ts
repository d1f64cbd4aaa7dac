/*
 * The three products of a dense layer y = x Wᵀ + b and its gradients, for a batch. All arrays are
 * flat and row-major: x [n][nIn], W [nOut][nIn], b [nOut], y [n][nOut]. Four rows are taken at a time,
 * so that a number once loaded is used four times and no sum waits for the one before.
 */

/** Writes y = x Wᵀ + b. `at` is where W begins in `weights`; b follows it. */
export function forward(
  x: Float64Array,
  weights: Float64Array,
  at: number,
  n: number,
  nIn: number,
  nOut: number,
  y: Float64Array,
): void {
  const bias = at + nOut * nIn;
  for (let r = 0; r < n; r++) {
    const row = r * nIn;
    let j = 0;
    for (; j + 3 < nOut; j += 4) {
      const w0 = at + j * nIn;
      const w1 = w0 + nIn;
      const w2 = w1 + nIn;
      const w3 = w2 + nIn;
      let s0 = weights[bias + j]!;
      let s1 = weights[bias + j + 1]!;
      let s2 = weights[bias + j + 2]!;
      let s3 = weights[bias + j + 3]!;
      for (let i = 0; i < nIn; i++) {
        const value = x[row + i]!;
        s0 += value * weights[w0 + i]!;
        s1 += value * weights[w1 + i]!;
        s2 += value * weights[w2 + i]!;
        s3 += value * weights[w3 + i]!;
      }
      const out = r * nOut + j;
      y[out] = s0;
      y[out + 1] = s1;
      y[out + 2] = s2;
      y[out + 3] = s3;
    }
    for (; j < nOut; j++) {
      let sum = weights[bias + j]!;
      for (let i = 0; i < nIn; i++) sum += x[row + i]! * weights[at + j * nIn + i]!;
      y[r * nOut + j] = sum;
    }
  }
}

/** Writes dx = dy W, the gradient with respect to the layer's input. */
export function backwardInput(
  dy: Float64Array,
  weights: Float64Array,
  at: number,
  n: number,
  nIn: number,
  nOut: number,
  dx: Float64Array,
): void {
  dx.fill(0, 0, n * nIn);
  for (let r = 0; r < n; r++) {
    const row = r * nIn;
    const out = r * nOut;
    let j = 0;
    for (; j + 3 < nOut; j += 4) {
      const d0 = dy[out + j]!;
      const d1 = dy[out + j + 1]!;
      const d2 = dy[out + j + 2]!;
      const d3 = dy[out + j + 3]!;
      const w0 = at + j * nIn;
      const w1 = w0 + nIn;
      const w2 = w1 + nIn;
      const w3 = w2 + nIn;
      for (let i = 0; i < nIn; i++) {
        dx[row + i] =
          dx[row + i]! +
          d0 * weights[w0 + i]! +
          d1 * weights[w1 + i]! +
          d2 * weights[w2 + i]! +
          d3 * weights[w3 + i]!;
      }
    }
    for (; j < nOut; j++) {
      const d = dy[out + j]!;
      const w = at + j * nIn;
      for (let i = 0; i < nIn; i++) dx[row + i] = dx[row + i]! + d * weights[w + i]!;
    }
  }
}

/** Adds dyᵀ x and the sum of dy to the gradients of W and b, which lie at `at` as the weights do. */
export function backwardWeights(
  dy: Float64Array,
  x: Float64Array,
  at: number,
  n: number,
  nIn: number,
  nOut: number,
  gradient: Float64Array,
): void {
  const bias = at + nOut * nIn;
  let r = 0;
  for (; r + 3 < n; r += 4) {
    const x0 = r * nIn;
    const x1 = x0 + nIn;
    const x2 = x1 + nIn;
    const x3 = x2 + nIn;
    for (let j = 0; j < nOut; j++) {
      const d0 = dy[r * nOut + j]!;
      const d1 = dy[(r + 1) * nOut + j]!;
      const d2 = dy[(r + 2) * nOut + j]!;
      const d3 = dy[(r + 3) * nOut + j]!;
      const w = at + j * nIn;
      for (let i = 0; i < nIn; i++) {
        gradient[w + i] =
          gradient[w + i]! + d0 * x[x0 + i]! + d1 * x[x1 + i]! + d2 * x[x2 + i]! + d3 * x[x3 + i]!;
      }
      gradient[bias + j] = gradient[bias + j]! + d0 + d1 + d2 + d3;
    }
  }
  for (; r < n; r++) {
    for (let j = 0; j < nOut; j++) {
      const d = dy[r * nOut + j]!;
      const w = at + j * nIn;
      for (let i = 0; i < nIn; i++) gradient[w + i] = gradient[w + i]! + d * x[r * nIn + i]!;
      gradient[bias + j] = gradient[bias + j]! + d;
    }
  }
}
