import fc from "fast-check";
import { type Mdp, mdp } from "../../../shared/irl/mdp.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { type Random, seeded } from "../../../shared/random.ts";

export { compassGrid as grid } from "../../../shared/irl/grid.ts";

export interface RandomMdp {
  readonly seed: number;
  readonly nStates: number;
  readonly nActions: number;
  /** Most outcomes of an action. */
  readonly branches?: number;
  readonly nTerminals?: number;
  readonly discount: number;
  readonly horizon: number;
}

/** Descriptions of random MDPs of a finite horizon. @param mostStates so many that all paths can be listed */
export const finite = (mostStates: number) =>
  fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    nStates: fc.integer({ min: 2, max: mostStates }),
    nActions: fc.integer({ min: 1, max: 3 }),
    branches: fc.integer({ min: 1, max: 3 }),
    nTerminals: fc.integer({ min: 0, max: 2 }),
    discount: fc.constantFrom(0.5, 0.9, 1),
    horizon: fc.integer({ min: 1, max: 4 }),
  });

/** The same without an end. */
export const endless = (described: ReturnType<typeof finite>) =>
  described.map((description) => ({
    ...description,
    discount: Math.min(0.95, description.discount),
    horizon: Number.POSITIVE_INFINITY,
  }));

/** A random MDP whose first state is no terminal and always has some probability of the start. */
export function randomMdp({ seed, branches = 3, nTerminals = 0, ...rest }: RandomMdp): Mdp {
  const random = seeded(seed);
  const transitions = Array.from({ length: rest.nStates * rest.nActions }, () =>
    Array.from({ length: 1 + random.below(branches) }, () => random.below(rest.nStates)),
  );
  const terminals = Array.from(
    { length: Math.min(nTerminals, rest.nStates - 1) },
    (_, i) => rest.nStates - 1 - i,
  );
  const mass = Array.from({ length: rest.nStates }, (_, s) => (s === 0 ? 1 : random.uniform()));
  const total = mass.reduce((sum, p) => sum + p, 0);
  return mdp({
    ...rest,
    terminals,
    start: mass.map((p) => p / total),
    transitions: (s, a) => {
      const next = transitions[s * rest.nActions + a]!;
      return next.map((state) => ({ next: state, probability: 1 / next.length }));
    },
  });
}

/** n numbers, normally distributed with this standard deviation. */
export function normals(n: number, random: Random, scale = 1): Float64Array {
  return Float64Array.from({ length: n }, () => scale * random.normal());
}

/** The outcomes of action a in state s. */
export function outcomes(
  model: Mdp,
  s: number,
  a: number,
): { next: number; probability: number }[] {
  const row = s * model.nActions + a;
  return Array.from({ length: model.offsets[row + 1]! - model.offsets[row]! }, (_, i) => ({
    next: model.next[model.offsets[row]! + i]!,
    probability: model.probability[model.offsets[row]! + i]!,
  }));
}

export interface Path {
  states: number[];
  actions: number[];
  /** Product of the outcomes' probabilities alone. */
  luck: number;
}

/** All paths of a finite-horizon MDP from `s`: a reference without dynamic programming. */
export function paths(model: Mdp, s: number, decisions = model.horizon): Path[] {
  if (decisions === 0 || model.terminal[s]) return [{ states: [s], actions: [], luck: 1 }];
  const all: Path[] = [];
  for (let a = 0; a < model.nActions; a++) {
    for (const { next, probability } of outcomes(model, s, a)) {
      for (const rest of paths(model, next, decisions - 1)) {
        all.push({
          states: [s, ...rest.states],
          actions: [a, ...rest.actions],
          luck: probability * rest.luck,
        });
      }
    }
  }
  return all;
}

/** Σ_t discount^t values[states[t]] */
export function discounted(
  states: readonly number[],
  values: ArrayLike<number>,
  discount: number,
): number {
  return states.reduce((sum, s, t) => sum + discount ** t * values[s]!, 0);
}

export function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers against ${b.length}`);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

/** A path drawn from a policy, [t][s][a] or [s][a]. */
export function sample(model: Mdp, policy: Float64Array, length: number, random: Random) {
  const draw = (weights: ArrayLike<number>): number => {
    let u = random.uniform();
    for (let i = 0; i < weights.length; i++) {
      u -= weights[i]!;
      if (u < 0) return i;
    }
    return weights.length - 1;
  };
  const states = [draw(model.start)];
  const actions: number[] = [];
  for (let t = 0; t < length && !model.terminal[states[t]!]; t++) {
    const s = states[t]!;
    const row = ((Number.isFinite(model.horizon) ? t * model.nStates : 0) + s) * model.nActions;
    const a = draw(policy.subarray(row, row + model.nActions));
    const choices = outcomes(model, s, a);
    actions.push(a);
    states.push(choices[draw(choices.map(({ probability }) => probability))]!.next);
  }
  return { states, actions };
}

/** Episodes of this many steps, or up to a terminal, drawn from the soft policy for a reward. */
export function episodes(
  model: Mdp,
  reward: Float64Array,
  n: number,
  length: number,
  random: Random,
): { states: number[]; actions: number[] }[] {
  const { policy } = softValueIteration(model, reward);
  return Array.from({ length: n }, () => sample(model, policy, length, random));
}

/** Binary features [s][k]: each state has one of `kinds` grounds or none, all equally likely. */
export function grounds(nStates: number, kinds: number, random: Random): Float64Array {
  const features = new Float64Array(nStates * kinds);
  for (let s = 0; s < nStates; s++) {
    const kind = random.below(kinds + 1);
    if (kind < kinds) features[s * kinds + kind] = 1;
  }
  return features;
}

/** Matrix product, [n][n] each. */
export function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) =>
    sum(Array.from({ length: n }, (_, j) => a[Math.floor(i / n) * n + j]! * b[j * n + (i % n)]!)),
  );
}
