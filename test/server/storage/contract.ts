import { damages } from "./contract/damageClauses.ts";
import { lessons } from "./contract/lessonClauses.ts";
import { reads } from "./contract/readClauses.ts";
import type { Clause, Store } from "./contract/store.ts";
import { writes } from "./contract/writeClauses.ts";

export type { Clause, Damage, OpenLog, Store } from "./contract/store.ts";

/**
 * What every log promises, whatever it is kept in: clauses to be run one by one, each of which throws
 * where it does not hold. Nothing here is Node's or Vitest's, so that a page can run it too.
 */
export function contractOf({ damage }: Pick<Store, "damage">): readonly Clause[] {
  const whole = [...lessons, ...writes, ...reads];
  if (!damage) return whole;
  return [
    ...whole,
    ...damages.map(({ name, run }) => ({ name, run: (store: Store) => run(store, damage) })),
  ];
}
