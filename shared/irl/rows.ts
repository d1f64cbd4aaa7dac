/**
 * Adds a multiple of some of the numbers of one array to as many of another: into[at + i] += scale · rows[from + i] for
 * each i below `count`. What is done to rows of matrices goes through the three loops here: an engine has then compiled
 * them within the first millisecond, where many loops, each compiled later, would first make a number on the heap for
 * every product.
 */
export function addScaled(
  into: Float64Array,
  at: number,
  scale: number,
  rows: Float64Array,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) into[at + i]! += scale * rows[from + i]!;
}

/** Adds to places that are told: into[at + to[j]] += scale · values[j] for each j from `begin` up to `end`. */
export function addScattered(
  into: Float64Array,
  at: number,
  scale: number,
  values: Float64Array,
  to: Int32Array,
  begin: number,
  end: number,
): void {
  for (let j = begin; j < end; j++) into[at + to[j]!]! += scale * values[j]!;
}

/** Σ_j weights[j] · values[from[j]], over each j from `begin` up to `end`. */
export function gathered(
  values: Float64Array,
  weights: Float64Array,
  from: Int32Array,
  begin: number,
  end: number,
): number {
  let sum = 0;
  for (let j = begin; j < end; j++) sum += weights[j]! * values[from[j]!]!;
  return sum;
}
