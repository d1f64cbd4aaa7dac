/** Told how many milliseconds of the main thread something took. */
export type Spend = (ms: number) => void;

/**
 * Does `work` and tells how long the main thread took over it, with all that followed from it in this
 * turn of the event loop. To be begun by the turn itself, or others would be counted as well.
 */
export function timed(work: () => void, spend: Spend): void {
  const began = performance.now();
  work();
  // A tick that is asked for by a microtask comes after all microtasks, and those that they bring.
  queueMicrotask(() => process.nextTick(() => spend(performance.now() - began)));
}
