import { dagger, type RoundResult } from "../../shared/imitation/dagger.ts";
import { judge } from "../../shared/imitation/evaluation.ts";
import { scripted } from "../../shared/imitation/experts.ts";
import { type Driver, demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import type { Method } from "../../shared/imitation/round.ts";
import { mean } from "../../shared/imitation/statistics.ts";
import { gaussianProcess } from "../../shared/policies/gaussianProcess.ts";
import { linear } from "../../shared/policies/linear.ts";
import { every } from "../../shared/queries/every.ts";
import type { Query } from "../../shared/queries/query.ts";
import { random as atRandom } from "../../shared/queries/random.ts";
import { Stream, seeded } from "../../shared/random.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { pathWith } from "../../shared/worlds/path/levels.ts";
import { roadWith } from "../../shared/worlds/road/levels.ts";

/** Drives that everyone is judged by: seeds 0 to `heldOut` − 1, which nothing else has. */
export const heldOut = 20;
/** Rounds of DAgger, after the clone that it begins with. */
export const mostRounds = 8;

/** A world to compare the two in, and how. */
interface Arena {
  world(wind: number): Level;
  /** Demonstrations that both begin with. */
  readonly demonstrations: number;
  readonly method: Method;
}

export const arenas = {
  /** As the article has it: straight lines, five drives a round, every state of which is labelled. */
  path: {
    world: (noise) => pathWith({ noise }),
    demonstrations: 5,
    method: { kind: linear, query: every, drives: 5, budget: 150 },
  },
  /** Few labels a round: with many, cloning catches up here. */
  road: {
    world: (gust) => roadWith({ gust }),
    demonstrations: 1,
    method: { kind: gaussianProcess, query: atRandom, drives: 2, budget: 25 },
  },
} satisfies Readonly<Record<string, Arena>>;

export type ArenaName = keyof typeof arenas;

/** Everything that a comparison depends on. */
export interface Setting {
  readonly arena: ArenaName;
  /** Strength of a gust, radians, on the road; on the path the noise of a step, units. */
  readonly wind: number;
  /** From 1. */
  readonly seed: number;
}

/** Someone on the held-out drives. */
export interface Performance {
  /** Mean of the world's measure. */
  readonly measure: number;
  /** Distance off the line so far, summed over steps: mean over the drives. [horizon] */
  readonly error: readonly number[];
  /** The drive to look at. */
  readonly episode: Episode;
}

/** The two learners after as many labels. */
export interface ComparedRound {
  /** Pairs of state and action that each of the two was trained on. */
  readonly labels: number;
  readonly cloning: Performance;
  readonly dagger: Performance;
  /** Where DAgger's learner was when it was corrected, since the round before. [n][2] */
  readonly corrections: readonly (readonly [x: number, y: number])[];
}

export interface Comparison {
  readonly expert: Performance;
  /** [mostRounds + 1], the first before any correction, where the two learners are one. */
  readonly rounds: readonly ComparedRound[];
}

export function worldOf({ arena, wind }: Setting): Level {
  return arenas[arena].world(wind);
}

/** Which of the held-out drives is looked at. */
export function shownDrive({ seed }: Setting): number {
  return (seed - 1) % heldOut;
}

/**
 * Cloning and DAgger from the same demonstrations. Both go through the same loop, with the same starts
 * and weather, and have as many states labelled, chosen alike; the one difference is who is at the
 * wheel when these states are met: the learner in DAgger, the expert in cloning, to which the round's
 * drives are further demonstrations.
 * @param progress told the share done
 */
export function compare(setting: Setting, progress: (share: number) => void): Comparison {
  const world = worldOf(setting);
  const { demonstrations, method } = arenas[setting.arena];
  const random = seeded(setting.seed, Stream.expert);
  const learning = random.below(2 ** 31);
  const shown = Array.from({ length: demonstrations }, () =>
    replay(world, demonstrate(world, heldOut + random.below(2 ** 32 - heldOut))),
  );
  const expert = scripted(world);
  const learn = (query: Query) =>
    dagger(world, shown, { ...method, query }, expert, learning, heldOut);
  const corrected = learn(method.query);
  const cloned = learn({ ...method.query, needs: "at the wheel", gate: () => () => true });

  const driven = ({ policy }: RoundResult) =>
    judgeOn(world, driverOf(world, policy), Controller.learner, setting);
  const rounds = Array.from({ length: mostRounds + 1 }, (_, round): ComparedRound => {
    const [one, other] = [corrected.next().value, cloned.next().value];
    progress((round + 0.5) / (mostRounds + 1));
    return {
      labels: one.data.n,
      cloning: driven(other),
      dagger: driven(one),
      corrections: one.answers.map(({ state }) => {
        const { x, y } = world.picture.pose(state);
        return [x, y] as const;
      }),
    };
  });
  return { expert: judgeOn(world, world.expert, Controller.expert, setting), rounds };
}

function judgeOn(
  world: Level,
  driver: Driver,
  controller: (typeof Controller)[keyof typeof Controller],
  setting: Setting,
): Performance {
  const judged = Array.from({ length: heldOut }, (_, seed) => judge(world, driver, seed));
  let sum = 0;
  return {
    measure: mean(judged.map(({ measure }) => measure)),
    error: Array.from({ length: world.horizon }, (_, t) => {
      sum += mean(judged.map(({ cost }) => cost[t]!));
      return sum;
    }),
    episode: rollout(world, driver, controller, shownDrive(setting)),
  };
}
