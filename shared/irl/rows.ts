/**
 * Adds a multiple of some of the numbers of one array to as many of another: into[at + i] += scale · rows[from + i] for
 * each i below `count`. What is done to rows of matrices goes through this one loop: an engine has then compiled it
 * within the first millisecond, where many loops, each compiled later, would first make a number on the heap for
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
