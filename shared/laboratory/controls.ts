import { dagger, type RoundResult } from "../imitation/dagger.ts";
import type { Expert } from "../imitation/experts.ts";
import type { Method } from "../imitation/round.ts";
import { firstOpenSeed } from "../lesson/protocol.ts";
import type { Query } from "../queries/query.ts";
import { random as atRandom } from "../queries/random.ts";
import { asMany, withExpert } from "../queries/variants.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";

/**
 * DAgger that chooses its questions differs from cloning in two things: in which states get a label, and in who
 * drove there. Each control has as many labels in each round, and differs from DAgger in one of the two.
 */
export const controls = {
  expertDrives: {
    title: "Same choice, expert at the wheel",
    query: withExpert,
  },
  atRandom: {
    title: "Random states, learner at the wheel",
    query: (): Query => atRandom,
  },
} as const;

export type ControlName = keyof typeof controls;
export const controlNames = Object.keys(controls) as ControlName[];

export function eachControl<T>(of: (name: ControlName) => T): Readonly<Record<ControlName, T>> {
  return { expertDrives: of("expertDrives"), atRandom: of("atRandom") };
}

/** Whether both controls differ from DAgger with this query strategy, and in one thing each. */
export function hasControls({ isRanked, gate, name }: Query): boolean {
  return isRanked && !gate && name !== atRandom.name;
}

/**
 * The rounds of a control, which has as many labels in each as DAgger had.
 * @param rounds DAgger's
 * @param seed DAgger's
 */
export function controlRounds(
  name: ControlName,
  rounds: readonly RoundResult[],
  world: World,
  demonstrations: readonly Trajectory[],
  method: Method,
  expert: Expert,
  seed: number,
): RoundResult[] {
  const counts = rounds.map(({ answers }) => answers.length);
  let round = 0;
  const query = asMany(controls[name].query(method.query), () => counts[++round] ?? 0);
  const loop = dagger(world, demonstrations, { ...method, query }, expert, seed, firstOpenSeed);
  return rounds.map(() => loop.next().value);
}
