import { count } from "../plural.ts";
import type { File } from "./problemFile.ts";

/** Probabilities of a policy, at most: 2 GB. */
const mostChoices = 2 ** 28;
/** How far a sum of probabilities may be from one; see `mdp`. */
const slack = 1e-9;

export function* featureFaults({ nStates, features }: File): Generator<string> {
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

export function* terminalFaults({ nStates, terminals = [] }: File): Generator<string> {
  for (const [i, s] of terminals.entries())
    if (!within(s, nStates)) yield `terminals[${i}]: state ${s} is not in [0, ${nStates})`;
}

export function* transitionFaults({
  nStates,
  nActions,
  transitions,
  terminals = [],
}: File): Generator<string> {
  const ends = new Set(terminals);
  /** Of each action in each state; NaN, and no further complaint, where a summand is one already. */
  const sums = new Map<number, number>();
  /** States that some action leads on from. */
  const left = new Set<number>();
  for (const [i, [s, a, next, p]] of transitions.entries()) {
    const place = `transitions[${i}]`;
    if (!within(s, nStates)) yield `${place}: state ${s} is not in [0, ${nStates})`;
    if (!within(a, nActions)) yield `${place}: action ${a} is not in [0, ${nActions})`;
    if (!within(next, nStates)) yield `${place}: next state ${next} is not in [0, ${nStates})`;
    const fits = p >= 0 && p <= 1;
    if (!fits) yield `${place}: probability ${p} is not in [0, 1]`;
    if (!within(s, nStates) || !within(a, nActions)) continue;
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

export function* startFaults(start: readonly number[], { nStates }: File): Generator<string> {
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

export function* discountFaults({ discount, horizon }: File): Generator<string> {
  if (!(discount > 0 && discount <= 1)) yield `discount is ${discount}, not a number in (0, 1]`;
  if (discount === 1 && horizon === undefined) {
    yield "discount is 1 over an infinite horizon, where values have no bound: give a horizon or a discount below 1";
  }
}

export function* sizeFaults({ nStates, nActions, horizon = 1 }: File): Generator<string> {
  if (horizon * nStates * nActions <= mostChoices) return;
  yield `horizon is ${horizon}, and a policy over it for ${count(nStates, "state")} and ${count(nActions, "action")} has no room in memory`;
}

export function* demonstrationFaults(file: File, demonstrated: boolean): Generator<string> {
  const { nStates, nActions, terminals = [], horizon = Number.POSITIVE_INFINITY } = file;
  const { demonstrations } = file;
  if (demonstrated && demonstrations === undefined) yield "demonstrations is missing";
  if (demonstrated && demonstrations?.length === 0) yield "demonstrations is empty";
  const ends = new Set(terminals);
  for (const [n, steps] of (demonstrations ?? []).entries()) {
    const last = steps.length - 1;
    if (last < 0) yield `demonstrations[${n}] is empty`;
    if (last > horizon) {
      yield `demonstrations[${n}] has ${count(last, "step")}, more than the horizon of ${horizon}`;
    }
    for (const [t, [s, a]] of steps.entries()) {
      const place = `demonstrations[${n}][${t}]`;
      if (!within(s, nStates)) yield `${place}: state ${s} is not in [0, ${nStates})`;
      if (a !== undefined && !within(a, nActions))
        yield `${place}: action ${a} is not in [0, ${nActions})`;
      if (a === undefined && t < last) yield `${place} has no action, and more follows`;
      if (a !== undefined && t === last)
        yield `${place} has an action, and no [state] follows that it led to`;
      if (ends.has(s) && t < last) yield `${place}: state ${s} is a terminal, and more follows`;
    }
  }
}

function within(i: number, n: number): boolean {
  return i >= 0 && i < n;
}

/** Without the last digits, which are rounding. */
function tidy(sum: number): number {
  return Number(sum.toPrecision(12));
}
