import { count } from "../plural.ts";
import type { ProblemFile } from "./problemFile.ts";

/** Most probabilities of a policy: 2 GB. */
const mostChoices = 2 ** 28;
/** Error allowed in a sum of probabilities; the same as in `mdp`. */
const slack = 1e-9;

export function* featureFaults({ nStates, features }: ProblemFile): Generator<string> {
  if (features.length !== nStates)
    yield `features has ${count(features.length, "row")} for ${count(nStates, "state")}`;
  const wide = features[0]?.length;
  if (wide === 0) yield "features[0] has no numbers";
  for (let s = 1; s < features.length; s++) {
    const { length } = features[s]!;
    if (length === wide) continue;
    yield `features[${s}] has ${count(length, "number")}, features[0] has ${wide}`;
  }
}

export function* terminalFaults({ nStates, terminals = [] }: ProblemFile): Generator<string> {
  for (const [i, s] of terminals.entries())
    if (!isIndex(s, nStates)) yield `terminals[${i}]: state ${s} is not in [0, ${nStates})`;
}

export function* transitionFaults({
  nStates,
  nActions,
  transitions,
  terminals = [],
}: ProblemFile): Generator<string> {
  const ends = new Set(terminals);
  /** Sums by state and action; NaN where a probability is wrong, which is then the only complaint. */
  const sums = new Map<number, number>();
  /** States with a transition. */
  const left = new Set<number>();
  for (const [i, [s, a, next, p]] of transitions.entries()) {
    const place = `transitions[${i}]`;
    if (!isIndex(s, nStates)) yield `${place}: state ${s} is not in [0, ${nStates})`;
    if (!isIndex(a, nActions)) yield `${place}: action ${a} is not in [0, ${nActions})`;
    if (!isIndex(next, nStates)) yield `${place}: next state ${next} is not in [0, ${nStates})`;
    const fits = p >= 0 && p <= 1;
    if (!fits) yield `${place}: probability ${p} is not in [0, 1]`;
    if (!isIndex(s, nStates) || !isIndex(a, nActions)) continue;
    left.add(s);
    const row = s * nActions + a;
    sums.set(row, (sums.get(row) ?? 0) + (fits ? p : Number.NaN));
  }
  for (let s = 0; s < nStates; s++) {
    if (ends.has(s)) continue;
    if (!left.has(s)) {
      yield `state ${s} has no transitions and is not among the terminals`;
      continue;
    }
    for (let a = 0; a < nActions; a++) {
      const sum = sums.get(s * nActions + a);
      if (sum === undefined) yield `state ${s}, action ${a}: there is no transition`;
      else if (Math.abs(sum - 1) > slack) {
        yield `state ${s}, action ${a}: probabilities sum to ${tidy(sum)}, not to 1`;
      }
    }
  }
}

export function* startFaults(
  start: readonly number[],
  { nStates }: ProblemFile,
): Generator<string> {
  if (start.length !== nStates)
    yield `start has ${count(start.length, "number")} for ${count(nStates, "state")}`;
  let sum = 0;
  for (const [s, p] of start.entries()) {
    const fits = p >= 0 && p <= 1;
    if (!fits) yield `start[${s}]: probability ${p} is not in [0, 1]`;
    sum += fits ? p : Number.NaN;
  }
  if (Math.abs(sum - 1) > slack) yield `start: probabilities sum to ${tidy(sum)}, not to 1`;
}

export function* discountFaults({ discount, horizon }: ProblemFile): Generator<string> {
  if (!(discount > 0 && discount <= 1)) yield `discount is ${discount}, not a number in (0, 1]`;
  if (discount === 1 && horizon === undefined) {
    yield "discount is 1 over an infinite horizon, where values have no bound: give a horizon or a discount below 1";
  }
}

export function* sizeFaults({ nStates, nActions, horizon = 1 }: ProblemFile): Generator<string> {
  if (horizon * nStates * nActions <= mostChoices) return;
  yield `horizon is ${horizon}, and a policy over it for ${count(nStates, "state")} and ${count(nActions, "action")} has no room in memory`;
}

export function* demonstrationFaults(
  file: ProblemFile,
  needsDemonstrations: boolean,
): Generator<string> {
  const { nStates, nActions, terminals = [], horizon = Number.POSITIVE_INFINITY } = file;
  const { demonstrations } = file;
  if (needsDemonstrations && demonstrations === undefined) yield "demonstrations is missing";
  if (needsDemonstrations && demonstrations?.length === 0) yield "demonstrations is empty";
  const ends = new Set(terminals);
  for (const [n, steps] of (demonstrations ?? []).entries()) {
    const last = steps.length - 1;
    if (last < 0) yield `demonstrations[${n}] is empty`;
    if (last > horizon) {
      yield `demonstrations[${n}] has ${count(last, "step")}, more than the horizon of ${horizon}`;
    }
    for (const [t, [s, a]] of steps.entries()) {
      const place = `demonstrations[${n}][${t}]`;
      if (!isIndex(s, nStates)) yield `${place}: state ${s} is not in [0, ${nStates})`;
      if (a !== undefined && !isIndex(a, nActions))
        yield `${place}: action ${a} is not in [0, ${nActions})`;
      if (a === undefined && t < last) yield `${place} has no action, and more follows`;
      if (a !== undefined && t === last)
        yield `${place} has an action, and no [state] follows that it led to`;
      if (ends.has(s) && t < last) yield `${place}: state ${s} is a terminal, and more follows`;
    }
  }
}

function isIndex(i: number, n: number): boolean {
  return i >= 0 && i < n;
}

/** Without the last digits, which are rounding errors. */
function tidy(sum: number): number {
  return Number(sum.toPrecision(12));
}
