import type { Mdp } from "./mdp.ts";

/**
 * Changes of a sweep below this share of the largest value are rounding. What is solved for a state's own
 * value is divided by the chance to leave it, and its rounding with it.
 */
export function roundingIn({ staying, discount }: Pick<Mdp, "staying" | "discount">): number {
  return (4 * Number.EPSILON) / (staying ? 1 - discount : 1);
}

/** The latest sweeps of an iteration towards a fixed point. */
export interface SweepHistory {
  /** [depth][n]: the points after the sweeps, in a ring: that of sweep i is row i mod depth. */
  readonly points: readonly Float64Array[];
  /** [depth][n] */
  readonly residuals: readonly Float64Array[];
  /** [depth][depth]: the residuals' inner products. */
  readonly inner: Float64Array;
  /** Sweeps so far, those that the ring has dropped included. */
  count: number;
  /** Euclidean norm of the last residual that counted as progress. */
  least: number;
  /** Sweeps since then. */
  idle: number;
}

/** How many sweeps are combined. */
const depth = 6;
/** A residual counts as progress when it is this much smaller than any before it. */
const progress = 0.9;
/** Sweeps without progress after which extrapolation stops. */
const patience = 40;

export function newHistory(n: number): SweepHistory {
  const rows = () => Array.from({ length: depth }, () => new Float64Array(n));
  return {
    points: rows(),
    residuals: rows(),
    inner: new Float64Array(depth * depth),
    count: 0,
    least: Number.POSITIVE_INFINITY,
    idle: 0,
  };
}

/**
 * After every other sweep, puts in place of `point` [n] the affine combination of the latest points
 * whose combined residual is smallest (Anderson 1965; Pulay 1980; every other sweep after Banerjee,
 * Suryanarayana and Pask 2016). It needs several times fewer sweeps than plain iteration, in which each
 * sweep shrinks the error by γ at best. The caller's sweeps still decide when the point is close enough.
 *
 * A step that doubles the residual, or makes it no number, is undone. After many sweeps without progress
 * extrapolation pauses until plain sweeps make some, so that it converges wherever they do. Residuals
 * whose squares overflow are left to plain sweeps too.
 *
 * @param residual [n], how far the sweep shows its point to be from the fixed point
 * @returns whether `point` was changed
 */
export function extrapolate(
  history: SweepHistory,
  point: Float64Array,
  residual: Float64Array,
): boolean {
  const { points, residuals, inner } = history;
  const size = Math.sqrt(product(residual, residual));
  history.idle++;
  if (size <= progress * history.least) {
    history.least = size;
    history.idle = 0;
  }
  if (history.count > 0 && !(size <= 2 * history.least)) {
    point.set(points[(history.count - 1) % depth]!);
    history.count = 0;
    return true;
  }
  if (history.idle > patience || !Number.isFinite(size)) {
    history.count = 0;
    return false;
  }

  const at = history.count++ % depth;
  points[at]!.set(point);
  residuals[at]!.set(residual);
  const n = Math.min(history.count, depth);
  for (let i = 0; i < n; i++) {
    const value = product(residuals[i]!, residual);
    inner[at * depth + i] = value;
    inner[i * depth + at] = value;
  }
  if (history.count % 2 === 1) return false;

  const share = leastCombination(inner, n);
  point.fill(0);
  for (let i = 0; i < n; i++) {
    const row = points[i]!;
    for (let j = 0; j < row.length; j++) point[j]! += share[i]! * row[j]!;
  }
  return true;
}

/**
 * The α that sum to one and minimise αᵀ G α, which are G⁻¹ 1 but for their scale.
 * @param inner G, [depth][depth], of which the first n rows and columns are used
 * @returns [n]
 */
function leastCombination(inner: Float64Array, n: number): Float64Array {
  const size = Float64Array.from({ length: n }, (_, i) => Math.sqrt(inner[i * depth + i]!));
  const smallest = Math.min(...size);
  // Residuals are scaled to length one and the diagonal is raised a little, so that a nearly singular
  // system can be solved.
  const g = Array.from({ length: n }, (_, i) =>
    Float64Array.from(
      { length: n },
      (_, j) => inner[i * depth + j]! / (size[i]! * size[j]!) + (i === j ? 1e-13 : 0),
    ),
  );
  const share = size.map((length) => smallest / length);
  for (let i = 0; i < n; i++) {
    for (let k = i + 1; k < n; k++) {
      const factor = g[k]![i]! / g[i]![i]!;
      for (let j = i; j < n; j++) g[k]![j]! -= factor * g[i]![j]!;
      share[k]! -= factor * share[i]!;
    }
  }
  let sum = 0;
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) share[i]! -= g[i]![j]! * share[j]!;
    share[i]! /= g[i]![i]!;
  }
  for (let i = 0; i < n; i++) {
    share[i]! /= size[i]!;
    sum += share[i]!;
  }
  return share.map((value) => value / sum);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The largest of all magnitudes; NaN if there is one. */
export function largest(values: Float64Array): number {
  let most = 0;
  for (let s = 0; s < values.length; s++) most = Math.max(most, Math.abs(values[s]!));
  return most;
}
