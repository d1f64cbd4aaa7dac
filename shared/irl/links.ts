import type { Mdp } from "./mdp.ts";

/** An {@link Mdp} but for what can be told from its rows. */
export type Rows = Omit<Mdp, "order" | "staying" | "links">;

/**
 * Where the actions in a state may lead, whichever is taken, as the pattern of a sparse matrix (CSR): the links of state s
 * are `offsets[s]` up to `offsets[s + 1]` of `next`, each next state once.
 */
export interface Links {
  /** [nStates + 1] */
  readonly offsets: Int32Array;
  readonly next: Int32Array;
  /** [number of outcomes], the link that each outcome is by. */
  readonly of: Int32Array;
}

/** The links of an MDP, and for each row how likely it stays, as {@link Mdp} has them. */
export function linked({
  nStates,
  nActions,
  offsets: rows,
  next: all,
  probability,
}: Rows): Pick<Mdp, "links" | "staying"> {
  const offsets = new Int32Array(nStates + 1);
  const next = new Int32Array(all.length);
  const of = new Int32Array(all.length);
  let staying: Float64Array | null = null;
  /** [s], its latest link. */
  const latest = new Int32Array(nStates).fill(-1);
  let length = 0;
  for (let s = 0; s < nStates; s++) {
    const begin = length;
    for (let row = s * nActions; row < (s + 1) * nActions; row++) {
      const end = rows[row + 1]!;
      for (let j = rows[row]!; j < end; j++) {
        const to = all[j]!;
        if (latest[to]! < begin) {
          latest[to] = length;
          next[length++] = to;
        }
        of[j] = latest[to]!;
        if (to !== s) continue;
        staying ??= new Float64Array(nStates * nActions);
        staying[row] = probability[j]!;
      }
    }
    offsets[s + 1] = length;
  }
  return { links: { offsets, next: next.slice(0, length), of }, staying };
}

/** The states as they are numbered, or breadth first: whichever has less that leads back in it. */
export function visitingOrder(model: Rows): Int32Array {
  const numbered = Int32Array.from({ length: model.nStates }, (_, s) => s);
  const found = breadthFirst(model);
  return leadingBack(model, numbered) < leadingBack(model, found) ? numbered : found;
}

/** The probability of all outcomes that come before their state in an order. */
function leadingBack(
  { nStates, nActions, offsets, next, probability }: Rows,
  order: Int32Array,
): number {
  const place = new Int32Array(nStates);
  order.forEach((s, i) => {
    place[s] = i;
  });
  let sum = 0;
  for (let s = 0; s < nStates; s++) {
    for (let j = offsets[s * nActions]!; j < offsets[(s + 1) * nActions]!; j++)
      if (place[next[j]!]! < place[s]!) sum += probability[j]!;
  }
  return sum;
}

/** All states, breadth first from the likeliest start and, for what that doesn't reach, the first state left. */
function breadthFirst({ nStates, nActions, offsets, next, start }: Rows): Int32Array {
  const order = new Int32Array(nStates);
  const seen = new Uint8Array(nStates);
  let length = 0;
  const visit = (s: number) => {
    if (seen[s]) return;
    seen[s] = 1;
    order[length++] = s;
  };
  let likeliest = 0;
  for (let s = 1; s < nStates; s++) if (start[s]! > start[likeliest]!) likeliest = s;
  visit(likeliest);
  for (let i = 0, root = 0; i < nStates; i++) {
    while (i === length) visit(root++);
    const s = order[i]!;
    for (let j = offsets[s * nActions]!; j < offsets[(s + 1) * nActions]!; j++) visit(next[j]!);
  }
  return order;
}
