/** Not every place where activities are played has one. */
const query = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** Whether the person has asked for no more motion than there has to be. */
export function prefersStillness(): boolean {
  return query?.matches ?? false;
}
