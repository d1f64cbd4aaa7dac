import { type Chain, chainOf } from "./chain.ts";
import { factorsOf, mostDense, solveTransposed } from "./dense.ts";
import { extrapolate, largest, newHistory } from "./fixedPoint.ts";
import type { Mdp } from "./mdp.ts";

/** Expected visits that enter from outside: at time `at[i]`, `mass[i]` of them in state `state[i]`. */
export interface Inflow {
  /** In ascending order. An infinite horizon has no use for it. */
  readonly at: Int32Array;
  readonly state: Int32Array;
  /** Includes its time's discount. May be negative: visits taken away. */
  readonly mass: Float64Array;
}

/** The inflow that a start distribution [s], or any mass of each state at the start, is. */
export function startInflow(start: Float64Array): Inflow {
  const state = Int32Array.from(start.keys()).filter((s) => start[s] !== 0);
  return {
    at: new Int32Array(state.length),
    state,
    mass: Float64Array.from(state, (s) => start[s]!),
  };
}

/**
 * Expected discounted number of visits to each state, Σ_t γ^t P(s_t = s), the start and the final
 * state counted: the forward pass of maximum entropy inverse reinforcement learning (Ziebart 2010,
 * algorithm 9.3). Undiscounted and without terminals they sum to horizon + 1; over an infinite
 * horizon without terminals, to 1 / (1 − γ).
 *
 * @param policy [t][s][a] over a finite horizon, [s][a] over an infinite one
 * @param start [s]
 * @param tolerance bound on the summed error of all visits; infinite horizon only
 * @returns [s]
 */
export function visitationFrequency(
  mdp: Mdp,
  policy: Float64Array,
  start: Float64Array = mdp.start,
  tolerance = 1e-9,
): Float64Array {
  return visitsFrom(mdp, policy, startInflow(start), tolerance);
}

/**
 * {@link visitationFrequency} of any inflow; it is linear in the inflow.
 * @param visits where to write; over an infinite horizon with many states, sweeps begin there
 * @param chain of this policy, where it is known; infinite horizon only
 */
export function visitsFrom(
  mdp: Mdp,
  policy: Float64Array,
  inflow: Inflow,
  tolerance = 1e-9,
  visits: Float64Array = new Float64Array(mdp.nStates),
  chain?: Chain,
): Float64Array {
  const { nStates, nActions, horizon, order, discount } = mdp;
  const isSwept = !Number.isFinite(horizon) && nStates > mostDense;
  if (!isSwept || !Number.isFinite(largest(visits))) visits.fill(0);

  if (Number.isFinite(horizon)) {
    let now = new Float64Array(nStates);
    let later = new Float64Array(nStates);
    let i = 0;
    for (let t = 0; t <= horizon; t++) {
      for (; i < inflow.at.length && inflow.at[i] === t; i++)
        now[inflow.state[i]!]! += inflow.mass[i]!;
      later.fill(0);
      for (let s = 0; s < nStates; s++) {
        const mass = now[s]!;
        if (mass === 0) continue;
        visits[s]! += mass;
        if (t < horizon) propagate(mdp, policy, (t * nStates + s) * nActions, s, mass, later);
      }
      [now, later] = [later, now];
    }
    return visits;
  }

  if (!isSwept) {
    for (let i = 0; i < inflow.state.length; i++) visits[inflow.state[i]!]! += inflow.mass[i]!;
    solveTransposed(factorsOf(chain ?? chainOf(mdp, policy)), visits);
    return visits;
  }

  const flows = chain ?? chainOf(mdp, policy);
  const waiting = new Float64Array(nStates);
  const history = newHistory(nStates);
  arrive(flows, inflow, visits, waiting);
  for (;;) {
    const [left, total] = sweep(flows, order, waiting, visits);
    if (left / (1 - discount) <= tolerance || left <= Number.EPSILON * total) return visits;
    if (extrapolate(history, visits, waiting)) arrive(flows, inflow, visits, waiting);
  }
}

/** Writes to `waiting` [s] the mass that has arrived in each state and is not propagated yet, if these are the visits. */
function arrive(
  { offsets, next, flow, stays }: Chain,
  { state, mass }: Inflow,
  visits: Float64Array,
  waiting: Float64Array,
): void {
  waiting.fill(0);
  for (let i = 0; i < state.length; i++) waiting[state[i]!]! += mass[i]!;
  for (let s = 0; s < visits.length; s++) {
    const here = visits[s]!;
    if (here === 0) continue;
    waiting[s]! -= here / stays[s]!;
    for (let j = offsets[s]!; j < offsets[s + 1]!; j++) waiting[next[j]!]! += here * flow[j]!;
  }
}

/**
 * Propagates all mass that it meets waiting, in the order of the visits themselves.
 * @returns how much waits now, and how many visits there are
 */
function sweep(
  { offsets, next, flow, stays }: Chain,
  order: Int32Array,
  waiting: Float64Array,
  visits: Float64Array,
): [number, number] {
  for (let i = 0; i < order.length; i++) {
    const s = order[i]!;
    const mass = waiting[s]!;
    if (mass === 0) continue;
    waiting[s] = 0;
    const visited = mass * stays[s]!;
    visits[s]! += visited;
    for (let j = offsets[s]!; j < offsets[s + 1]!; j++) waiting[next[j]!]! += visited * flow[j]!;
  }
  return [magnitude(waiting), magnitude(visits)];
}

/** The sum of all magnitudes. */
function magnitude(values: Float64Array): number {
  let sum = 0;
  for (let s = 0; s < values.length; s++) sum += Math.abs(values[s]!);
  return sum;
}

/** Adds to `into` the visits that follow `mass` visits to s after one step; none after a terminal. */
function propagate(
  { nActions, offsets, next, probability, discount }: Mdp,
  policy: Float64Array,
  row: number,
  s: number,
  mass: number,
  into: Float64Array,
): void {
  let begin = offsets[s * nActions]!;
  for (let a = 0; a < nActions; a++) {
    const end = offsets[s * nActions + a + 1]!;
    const flow = discount * mass * policy[row + a]!;
    if (flow !== 0) for (let i = begin; i < end; i++) into[next[i]!]! += flow * probability[i]!;
    begin = end;
  }
}
