import type { Random } from "../random.ts";
import { Controller, type Trajectory } from "../worlds/episode.ts";

/** Lengths of the expert's turns, in their order. */
export function turnsIn({ controllers }: Pick<Trajectory, "controllers">): number[] {
  const turns: number[] = [];
  controllers.forEach((who, t) => {
    if (who !== Controller.expert) return;
    if (t > 0 && controllers[t - 1] === Controller.expert) turns[turns.length - 1]!++;
    else turns.push(1);
  });
  return turns;
}

/**
 * Turns of these lengths in a drive of so many steps, in any order and with a step or more between them; each way of
 * placing them is as likely as any other.
 * @returns whether a step is in a turn. [steps]
 */
export function placed(turns: readonly number[], steps: number, random: Random): boolean[] {
  const order = shuffled(turns, random);
  // What a turn begins with, and what is in none of them: a step of the learner's belongs to each turn but the last.
  const free = steps - sum(turns) - Math.max(0, turns.length - 1);
  const slots = shuffled(
    Array.from({ length: free + turns.length }, (_, i) => i < turns.length),
    random,
  );
  let begun = 0;
  return slots.flatMap((begins) => {
    if (!begins) return [false];
    const turn = new Array<boolean>(order[begun++]!).fill(true);
    return begun < turns.length ? [...turn, false] : turn;
  });
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

export const sum = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
