import type { Factors } from "./dense.ts";
import type { Mdp } from "./mdp.ts";

/**
 * One discounted step under a policy, γ P(s' | s), as a sparse matrix (CSR) whose diagonal is apart:
 * the entries of state s are `offsets[s]` up to `offsets[s + 1]` of `next` and `flow`.
 */
export interface Chain {
  /** [nStates + 1] */
  readonly offsets: Int32Array;
  readonly next: Int32Array;
  readonly flow: Float64Array;
  /**
   * [s], 1 / (1 − γ P(s | s)): discounted visits that one arrival makes before it leads elsewhere. With
   * it, staying needs no sweeps of its own.
   */
  readonly stays: Float64Array;
  /** The factors of 1 − γ P once they are asked for: few states are eliminated for more than one purpose. */
  factors: Factors | null;
}

/** What a policy [s][a] makes of an MDP: actions that lead to the same state are added up. */
export function chainOf(mdp: Mdp, policy: Float64Array): Chain {
  const { nStates, nActions, offsets: rows, next: all, probability, discount } = mdp;
  const offsets = new Int32Array(nStates + 1);
  const next = new Int32Array(all.length);
  const flow = new Float64Array(all.length);
  const stays = new Float64Array(nStates);
  /** [s], the latest entry of each state. */
  const latest = new Int32Array(nStates).fill(-1);
  let length = 0;
  for (let s = 0; s < nStates; s++) {
    const begin = length;
    let own = 0;
    for (let row = s * nActions; row < (s + 1) * nActions; row++) {
      const share = discount * policy[row]!;
      if (share === 0) continue;
      const end = rows[row + 1]!;
      for (let j = rows[row]!; j < end; j++) {
        const to = all[j]!;
        const arriving = share * probability[j]!;
        const entry = latest[to]!;
        if (to === s) own += arriving;
        else if (entry >= begin) flow[entry]! += arriving;
        else {
          latest[to] = length;
          next[length] = to;
          flow[length++] = arriving;
        }
      }
    }
    stays[s] = 1 / (1 - own);
    offsets[s + 1] = length;
  }
  return { offsets, next, flow, stays, factors: null };
}
