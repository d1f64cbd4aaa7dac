import { dagger, type RoundResult } from "../../shared/imitation/dagger.ts";
import { driveToFall, enduranceOf } from "../../shared/imitation/endurance.ts";
import { judge } from "../../shared/imitation/evaluation.ts";
import { scripted } from "../../shared/imitation/experts.ts";
import { type Driver, demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import type { Method } from "../../shared/imitation/round.ts";
import { mean, median } from "../../shared/imitation/statistics.ts";
import { gaussianProcess } from "../../shared/policies/gaussianProcess.ts";
import { linear } from "../../shared/policies/linear.ts";
import { every } from "../../shared/queries/every.ts";
import { novel } from "../../shared/queries/novel.ts";
import type { Query } from "../../shared/queries/query.ts";
import { random as atRandom } from "../../shared/queries/random.ts";
import { asMany, withExpert } from "../../shared/queries/variants.ts";
import { Stream, seeded } from "../../shared/random.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { demonstrationWorld, type Level } from "../../shared/worlds/level.ts";
import { pathWith } from "../../shared/worlds/path/levels.ts";
import { fair } from "../../shared/worlds/road/levels.ts";

/** Drives that everyone is judged by: seeds 0 to `heldOut` − 1, which nothing else has. */
export const heldOut = 20;
/** Rounds of DAgger, after the clone that it begins with. */
export const mostRounds = 8;
/** Most steps of a drive that ends at its first crash: four laps of the clover. */
export const longest = 860;

const seeds = Array.from({ length: heldOut }, (_, seed) => seed);

/** Those who learn, each from as many labels as the others. */
export const learners = ["cloning", "expertDrives", "atRandom", "dagger"] as const;
export type Learner = (typeof learners)[number];

/** A world to compare them in, and how. */
interface Arena {
  /** What they drive in; the demonstrations that all begin with are from its {@link demonstrationWorld}. */
  world(wind: number): Level;
  /** Demonstrations that all begin with. */
  readonly demonstrations: number;
  readonly method: Omit<Method, "query">;
  /** How the states that get a label are chosen; whoever is left out does not take part. */
  readonly queries: Readonly<Partial<Record<Learner, Query>>> &
    Readonly<Record<"cloning" | "dagger", Query>>;
}

/** The first states of the drives, one after the other: a demonstration goes on. */
const inTurn: Query = {
  name: "inTurn",
  title: "states as they come",
  needs: "answers",
  isRanked: false,
  choose: ({ n }, budget) => Array.from({ length: Math.min(n, budget) }, (_, i) => i),
};

export const arenas = {
  /** As the article has it: straight lines, five drives a round, every state of which is labelled. */
  path: {
    world: (noise) => pathWith({ noise }),
    demonstrations: 5,
    method: { kind: linear, drives: 5, budget: 150 },
    queries: { cloning: withExpert(every), dagger: every },
  },
  /** Shown in still air, driven in wind; few labels a round, and two controls that differ from DAgger in one thing. */
  road: {
    world: (gust) => fair.inGusts!(gust),
    demonstrations: 1,
    method: { kind: gaussianProcess, drives: 2, budget: 12 },
    queries: {
      cloning: withExpert(inTurn),
      expertDrives: withExpert(novel),
      atRandom,
      dagger: novel,
    },
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
  /** Where one can crash the laps before the first crash, their median; elsewhere the mean of the world's measure. */
  readonly measure: number;
  /**
   * Where one can crash: of all drives, how many had not crashed after so many steps. [longest + 1]
   * Elsewhere: distance off the line so far, summed over steps, the mean over the drives. [horizon]
   */
  readonly curve: readonly number[];
  /** The drive to look at; where one can crash, it ends with that. */
  readonly episode: Episode;
}

/** Everyone after as many labels. */
export interface ComparedRound {
  /** Pairs of state and action that each of them was trained on. */
  readonly labels: number;
  readonly driven: Readonly<Partial<Record<Learner, Performance>>> &
    Readonly<Record<"cloning" | "dagger", Performance>>;
  /** Where DAgger's learner was when it was corrected, since the round before. [n][2] */
  readonly corrections: readonly (readonly [x: number, y: number])[];
}

export interface Comparison {
  readonly expert: Performance;
  /** [mostRounds + 1], the first before any correction, where all learners are one. */
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
 * Everyone learns from the same demonstrations, in the same loop, with the same starts and weather, and has as many
 * states labelled. Cloning differs from the expert's drives in which states get a label, these from DAgger in who is
 * at the wheel when the states are met, and random states differ from DAgger in which states it is asked about.
 * @param progress told the share done
 */
export function compare(setting: Setting, progress: (share: number) => void): Comparison {
  const world = worldOf(setting);
  const { demonstrations, method, queries }: Arena = arenas[setting.arena];
  const random = seeded(setting.seed, Stream.expert);
  const learning = random.below(2 ** 31);
  const place = demonstrationWorld(world);
  const shown = Array.from({ length: demonstrations }, () =>
    replay(place, demonstrate(place, heldOut + random.below(2 ** 32 - heldOut))),
  );
  const expert = scripted(world);
  // DAgger goes first, and may find fewer states worth asking about than it might: then others get as few.
  let asked = 0;
  const first: Query = {
    ...queries.dagger,
    choose(visited, budget, random) {
      const picks = queries.dagger.choose(visited, budget, random);
      asked = picks.length;
      return picks;
    },
  };
  const others = learners.filter((name) => name !== "dagger" && queries[name]);
  const loops = [
    { name: "dagger" as Learner, query: first },
    ...others.map((name) => ({ name, query: asMany(queries[name]!, () => asked) })),
  ].map(({ name, query }) => ({
    name,
    loop: dagger(world, shown, { ...method, query }, expert, learning, heldOut),
  }));

  let done = 0;
  const rounds = Array.from({ length: mostRounds + 1 }, (): ComparedRound => {
    const results = loops.map(({ name, loop }) => {
      const result = loop.next().value;
      const driven = judgeOn(world, driverOf(world, result.policy), Controller.learner, setting);
      progress(++done / (loops.length * (mostRounds + 1)));
      return { name, result, driven };
    });
    const { result } = results.find(({ name }) => name === "dagger")!;
    return {
      labels: result.data.n,
      driven: Object.fromEntries(
        results.map(({ name, driven }) => [name, driven]),
      ) as unknown as ComparedRound["driven"],
      corrections: placesOf(world, result),
    };
  });
  return { expert: judgeOn(world, world.expert, Controller.expert, setting), rounds };
}

function placesOf({ picture }: Level, { answers }: RoundResult) {
  return answers.map(({ state }) => {
    const { x, y } = picture.pose(state);
    return [x, y] as const;
  });
}

type Who = (typeof Controller)[keyof typeof Controller];

function judgeOn(world: Level, driver: Driver, controller: Who, setting: Setting): Performance {
  return world.canFall
    ? untilTheFirstCrash(world, driver, controller, setting)
    : offTheLine(world, driver, controller, setting);
}

function untilTheFirstCrash(
  world: Level,
  driver: Driver,
  controller: Who,
  setting: Setting,
): Performance {
  const all = Number.POSITIVE_INFINITY;
  const { steps, laps } = enduranceOf(world, () => driver, seeds, all, longest)!;
  const seed = shownDrive(setting);
  const shown = driveToFall(world, driver, controller, seed, world.horizon);
  return {
    measure: median(laps),
    curve: Array.from({ length: longest + 1 }, (_, t) => steps.filter((n) => n >= t).length),
    episode: {
      world: world.name,
      seed,
      actions: Array.from(shown.actions),
      controllers: Array.from(shown.controllers),
    },
  };
}

function offTheLine(world: Level, driver: Driver, controller: Who, setting: Setting): Performance {
  const judged = seeds.map((seed) => judge(world, driver, seed));
  let sum = 0;
  return {
    measure: mean(judged.map(({ measure }) => measure)),
    curve: Array.from({ length: world.horizon }, (_, t) => {
      sum += mean(judged.map(({ cost }) => cost[t]!));
      return sum;
    }),
    episode: rollout(world, driver, controller, shownDrive(setting)),
  };
}
