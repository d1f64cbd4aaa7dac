import { seeded } from "../random.ts";
import type { Protocol } from "./protocol.ts";

/** Where a participant is put: a condition and an order of the levels, by their indices. */
export interface Cell {
  readonly condition: number;
  readonly order: number;
}

/** All cells of a protocol. */
export function cellsOf({ conditions, orders }: Pick<Protocol, "conditions" | "orders">): Cell[] {
  return conditions.flatMap((_, condition) => orders.map((_, order) => ({ condition, order })));
}

/**
 * The cell for the next participant: of the conditions the one that is furthest behind its weight, and in it the
 * order that fewest have. Whoever left counts no more, so that their place is taken by the next.
 * @param taken how many have each cell, as {@link cellsOf} lists them
 * @param draw in [0, 1): decides between cells that are equally far behind
 */
export function assign(
  protocol: Pick<Protocol, "conditions" | "orders">,
  taken: readonly number[],
  draw: number,
): Cell {
  const { conditions, orders } = protocol;
  const n = orders.length;
  const of = (condition: number) =>
    taken.slice(condition * n, (condition + 1) * n).reduce((sum, count) => sum + count, 0);
  const behind = conditions.map(({ weight }, i) => (of(i) + 1) / weight);
  const likely = leastOf(behind);
  const weights = likely.map((i) => conditions[i]!.weight);
  const scaled = draw * weights.reduce((sum, weight) => sum + weight, 0);
  let [at, sum] = [0, weights[0]!];
  while (sum <= scaled && at < likely.length - 1) sum += weights[++at]!;
  const condition = likely[at]!;
  // What is left of the draw decides about the order.
  const rest = (scaled - (sum - weights[at]!)) / weights[at]!;
  const free = leastOf(orders.map((_, order) => taken[condition * n + order]!));
  return { condition, order: free[Math.min(free.length - 1, Math.floor(rest * free.length))]! };
}

/** Indices of the smallest numbers, but for rounding. */
function leastOf(numbers: readonly number[]): number[] {
  const least = Math.min(...numbers);
  return numbers.flatMap((number, i) => (number <= least * (1 + 1e-9) ? [i] : []));
}

/** What came of simulated participants in one cell. */
export interface SimulatedCell {
  readonly condition: string;
  readonly order: readonly number[];
  readonly assigned: number;
  readonly finished: number;
}

/**
 * Assigns `n` simulated participants, some of whom leave at some time after: as {@link assign} does for real ones.
 * @param leaving share of those who leave
 */
export function simulate(
  protocol: Protocol,
  n: number,
  leaving: number,
  seed: number,
): SimulatedCell[] {
  const random = seeded(seed);
  const cells = cellsOf(protocol);
  const taken = cells.map(() => 0);
  const assigned = cells.map(() => 0);
  const underWay: number[] = [];
  for (let i = 0; i < n; i++) {
    const { condition, order } = assign(protocol, taken, random.uniform());
    const cell = condition * protocol.orders.length + order;
    taken[cell]!++;
    assigned[cell]!++;
    underWay.push(cell);
    // Each is there for as long as thirty others take to arrive, and may leave at the end.
    if (underWay.length > 30 && random.uniform() < leaving) taken[underWay.shift()!]!--;
    else if (underWay.length > 30) underWay.shift();
  }
  return cells.map(({ condition, order }, i) => ({
    condition: protocol.conditions[condition]!.name,
    order: protocol.orders[order]!,
    assigned: assigned[i]!,
    finished: taken[i]!,
  }));
}
