/**
 * Every event that there is, under its type: a line for each. The type of a lesson's events, the
 * fold, the requests and the reader follow from this list.
 */
export { labelled } from "./labelled.ts";
