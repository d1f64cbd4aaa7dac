/**
 * Every event that there is, under its type: a line for each. The type of a lesson's events, the
 * fold, the requests and the reader follow from this list.
 */
export { brought } from "./brought.ts";
export { created } from "./created.ts";
export { dealt } from "./dealt.ts";
export { demonstrated } from "./demonstrated.ts";
export { finished } from "./finished.ts";
export { forgotten } from "./forgotten.ts";
export { inferred } from "./inferred.ts";
export { intervened } from "./intervened.ts";
export { labelled } from "./labelled.ts";
export { noted } from "./noted.ts";
export { outdated } from "./outdated.ts";
export { prolonged } from "./prolonged.ts";
export { retracted } from "./retracted.ts";
export { shadowed } from "./shadowed.ts";
export { trained } from "./trained.ts";
export { undone } from "./undone.ts";
