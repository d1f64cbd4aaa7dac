import type { Factors } from "./dense.ts";
import type { Mdp } from "./mdp.ts";
import { addScattered } from "./rows.ts";

/**
 * One discounted step under a policy, γ P(s' | s), as a sparse matrix (CSR) whose diagonal is apart:
 * the entries of state s are `offsets[s]` up to `offsets[s + 1]` of `next` and `flow`.
 */
export interface Chain {
  /** [nStates + 1] */
  readonly offsets: Int32Array;
  readonly next: Int32Array;
  /** Zero from a state to itself. */
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
  const { nStates, nActions, offsets: rows, probability, discount, links } = mdp;
  const { offsets, next, of } = links;
  const flow = new Float64Array(next.length);
  const stays = new Float64Array(nStates);
  for (let s = 0; s < nStates; s++) {
    for (let row = s * nActions; row < (s + 1) * nActions; row++)
      addScattered(flow, 0, discount * policy[row]!, probability, of, rows[row]!, rows[row + 1]!);
    let own = 0;
    for (let j = offsets[s]!; j < offsets[s + 1]!; j++) {
      if (next[j] !== s) continue;
      own = flow[j]!;
      flow[j] = 0;
    }
    stays[s] = 1 / (1 - own);
  }
  return { offsets, next, flow, stays, factors: null };
}
