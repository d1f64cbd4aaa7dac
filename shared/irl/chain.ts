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
  readonly flow: Float64Array;
  /**
   * [s], 1 / (1 − γ P(s | s)): discounted visits that one arrival makes before it leads elsewhere. With
   * it, staying needs no sweeps of its own.
   */
  readonly stays: Float64Array;
  /** The factors of 1 − γ P once they are asked for: few states are eliminated for more than one purpose. */
  factors: Factors | null;
}

/** What a policy [s][a] makes of an MDP: actions that lead to the same state are added up, and those never taken left out. */
export function chainOf(mdp: Mdp, policy: Float64Array): Chain {
  const { nStates, nActions, offsets: rows, probability, discount, links } = mdp;
  const offsets = new Int32Array(nStates + 1);
  const next = new Int32Array(links.next.length);
  // By link first, and then, as its entries can only come before their links, by entry.
  const flow = new Float64Array(links.next.length);
  const stays = new Float64Array(nStates);
  let length = 0;
  for (let s = 0; s < nStates; s++) {
    for (let row = s * nActions; row < (s + 1) * nActions; row++) {
      const share = discount * policy[row]!;
      if (share !== 0)
        addScattered(flow, 0, share, probability, links.of, rows[row]!, rows[row + 1]!);
    }
    let own = 0;
    for (let j = links.offsets[s]!; j < links.offsets[s + 1]!; j++) {
      const arriving = flow[j]!;
      if (links.next[j] === s) own = arriving;
      else if (arriving !== 0) {
        next[length] = links.next[j]!;
        flow[length++] = arriving;
      }
    }
    stays[s] = 1 / (1 - own);
    offsets[s + 1] = length;
  }
  return { offsets, next, flow, stays, factors: null };
}
