import { type Links, linked, type Rows, visitingOrder } from "./links.ts";

/** A state that may follow an action. */
export interface Transition {
  readonly next: number;
  readonly probability: number;
}

/**
 * A finite Markov decision process without its reward. What action a leads to in state s is row
 * s · nActions + a of a sparse matrix (CSR): entries `offsets[row]` up to `offsets[row + 1]` of
 * `next` and `probability`.
 *
 * Conventions, for everything in this folder: the reward is a function of the state and is collected
 * at every state that is visited, the last one included. Time t weighs discount^t. An episode of
 * `horizon` decisions visits horizon + 1 states; a terminal is visited once and nothing follows it.
 */
export interface Mdp {
  readonly nStates: number;
  readonly nActions: number;
  /** [nStates · nActions + 1] */
  readonly offsets: Int32Array;
  /** [number of outcomes] */
  readonly next: Int32Array;
  /** [number of outcomes]; sums to one over each row. The rows of a terminal are empty. */
  readonly probability: Float64Array;
  /** [s], 1 where an episode ends. */
  readonly terminal: Uint8Array;
  /** [s], sums to one. */
  readonly start: Float64Array;
  /** In (0, 1]. */
  readonly discount: number;
  /** Decisions in an episode; may be Infinity, and then the discount is less than 1. */
  readonly horizon: number;
  /**
   * The states [s], in about the order in which they are visited. A sweep in this order carries visits,
   * and one in reverse order carries values, across many states at once.
   */
  readonly order: Int32Array;
  /** [s · nActions + a], P(s | s, a); null where no action may stay where it was taken. */
  readonly staying: Float64Array | null;
  /** Where any action may lead. */
  readonly links: Links;
}

export interface MdpDescription {
  readonly nStates: number;
  readonly nActions: number;
  /** What may follow action a in state s. Not asked of terminals. The same state may occur twice. */
  readonly transitions: (s: number, a: number) => readonly Transition[];
  readonly terminals?: Iterable<number>;
  /** [s]; uniform over all states where it is left out. */
  readonly start?: ArrayLike<number>;
  readonly discount: number;
  /** Infinity where it is left out. */
  readonly horizon?: number;
}

/** Error allowed in a sum of probabilities. */
const slack = 1e-9;

/**
 * Checks a description and makes an {@link Mdp} of it.
 * @throws RangeError that names the state and action of what is wrong
 */
export function mdp(description: MdpDescription): Mdp {
  const { nStates, nActions, discount, horizon = Number.POSITIVE_INFINITY } = description;
  if (!Number.isInteger(nStates) || nStates < 1)
    throw new RangeError("nStates is a whole number from 1");
  if (!Number.isInteger(nActions) || nActions < 1)
    throw new RangeError("nActions is a whole number from 1");
  if (!(discount > 0 && discount <= 1))
    throw new RangeError(`discount is in (0, 1], not ${discount}`);
  if (horizon !== Number.POSITIVE_INFINITY && !(Number.isInteger(horizon) && horizon >= 1)) {
    throw new RangeError(`horizon is a whole number from 1 or Infinity, not ${horizon}`);
  }
  if (horizon === Number.POSITIVE_INFINITY && discount === 1) {
    throw new RangeError("an infinite horizon needs a discount below 1, or values have no bound");
  }

  const terminal = new Uint8Array(nStates);
  for (const s of description.terminals ?? []) terminal[index(s, nStates, () => "terminal")] = 1;

  const offsets = new Int32Array(nStates * nActions + 1);
  const next: number[] = [];
  const probability: number[] = [];
  for (let s = 0; s < nStates; s++) {
    for (let a = 0; a < nActions; a++) {
      const row = s * nActions + a;
      if (!terminal[s]) {
        const begin = next.length;
        let sum = 0;
        for (const transition of description.transitions(s, a)) {
          const p = transition.probability;
          if (!(p >= 0)) {
            throw new RangeError(`state ${s}, action ${a}: a probability is at least 0, not ${p}`);
          }
          index(transition.next, nStates, () => `state ${s}, action ${a}: next state`);
          sum += p;
          if (p === 0) continue;
          const seen = next.indexOf(transition.next, begin);
          if (seen < 0) {
            next.push(transition.next);
            probability.push(p);
          } else {
            probability[seen]! += p;
          }
        }
        if (!(Math.abs(sum - 1) <= slack)) {
          throw new RangeError(`state ${s}, action ${a}: probabilities sum to ${sum}, not to 1`);
        }
      }
      offsets[row + 1] = next.length;
    }
  }

  const start = new Float64Array(nStates);
  if (description.start === undefined) start.fill(1 / nStates);
  else {
    if (description.start.length !== nStates) {
      throw new RangeError(`start has ${description.start.length} entries for ${nStates} states`);
    }
    let sum = 0;
    for (let s = 0; s < nStates; s++) {
      const p = description.start[s]!;
      if (!(p >= 0))
        throw new RangeError(`start of state ${s}: a probability is at least 0, not ${p}`);
      start[s] = p;
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= slack)) throw new RangeError(`start sums to ${sum}, not to 1`);
  }

  return mdpOf({
    nStates,
    nActions,
    offsets,
    next: Int32Array.from(next),
    probability: Float64Array.from(probability),
    terminal,
    start,
    discount,
    horizon,
  });
}

/** An {@link Mdp} whose rows are there already, each next state once; they are not checked. */
export function mdpOf(model: Rows): Mdp {
  return { ...model, order: visitingOrder(model), ...linked(model) };
}

/**
 * The same MDP, except that an episode stays in its terminal instead of ending there: every action
 * leads back to it and goes on collecting its reward. All episodes then have one length, ending early or
 * late brings no reward, and under a reward of zero all actions are equally likely. Where terminals end
 * an episode, the entropy of all later choices and any reward common to all states favour a later end,
 * so that an expert who goes straight to a terminal seems to dislike it. (Kostrikov et al. 2019,
 * Discriminator-Actor-Critic, treat the same bias of adversarial imitation in this way.)
 */
export function absorbing(model: Mdp): Mdp {
  const { nStates, nActions, offsets, next, probability, terminal, start, discount, horizon } =
    model;
  if (!terminal.includes(1)) return model;
  return mdp({
    nStates,
    nActions,
    transitions: (s, a) => {
      if (terminal[s]) return [{ next: s, probability: 1 }];
      const begin = offsets[s * nActions + a]!;
      const length = offsets[s * nActions + a + 1]! - begin;
      return Array.from({ length }, (_, i) => ({
        next: next[begin + i]!,
        probability: probability[begin + i]!,
      }));
    },
    start,
    discount,
    horizon,
  });
}

/** Whether any action in state s may lead to `next`. */
export function leadsTo({ nActions, offsets, next: all }: Mdp, s: number, next: number): boolean {
  for (let i = offsets[s * nActions]!; i < offsets[(s + 1) * nActions]!; i++) {
    if (all[i] === next) return true;
  }
  return false;
}

/** @throws RangeError unless `reward` has a finite number for each state */
export function checkReward({ nStates }: Mdp, reward: Float64Array): void {
  if (reward.length !== nStates)
    throw new RangeError(`reward has ${reward.length} entries for ${nStates} states`);
  if (!reward.every(Number.isFinite)) throw new RangeError("reward is finite");
}

/**
 * @param what is in the message; asked only where there is one, since making it takes longer than all else here
 * @throws RangeError unless `i` is a whole number in [0, n)
 */
export function index(i: number, n: number, what: () => string): number {
  if (Number.isInteger(i) && i >= 0 && i < n) return i;
  throw new RangeError(`${what()} is a whole number in [0, ${n}), not ${i}`);
}
