import { mean } from "../imitation/statistics.ts";
import { intervalOf } from "../irl/certainty.ts";
import { linearReward } from "../irl/features.ts";
import { inverseOf } from "../irl/inverse.ts";
import { latticeDemonstration, modelOf } from "../irl/lattice.ts";
import { valueIteration } from "../irl/planning.ts";
import { rationalityOf } from "../irl/rationality.ts";
import { posteriorFrom } from "../irl/reward.ts";
import { softValueIteration } from "../irl/soft.ts";
import { count } from "../plural.ts";
import { type Random, Stream, seeded } from "../random.ts";
import { replay, Simulation, type Trajectory } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import { tableLines } from "./table.ts";

/** The parameters of a study of how often intervals hold the weights behind what was shown. */
export interface CoverageStudy {
  /** Lessons for each taste and each kind of player. */
  readonly seeds: number;
  readonly seed: number;
  /** Walks shown in a lesson. */
  readonly walks: number;
}

/** Where tastes are dealt. */
const garden = Object.values(worlds).find(({ tastes }) => tastes)!;
const tastes = Object.values(garden.tastes!);

/**
 * How players follow the taste that they were dealt: by the model's own choice rule, some of them more closely than
 * others, or without a mistake. The last is where β is infinite.
 */
const players = {
  "soft, β = 0.5": 0.5,
  "soft, β = 1": 1,
  "soft, β = 2": 2,
  "soft, β = 4": 4,
  optimal: Number.POSITIVE_INFINITY,
} as const;
type Player = keyof typeof players;
const playerNames = Object.keys(players) as Player[];

/** What 90 % intervals held, over one lesson of each taste. */
interface Held {
  /** Share of the weights, which are the taste's times the player's β; times 1 where that is infinite. */
  readonly all: number;
  /** The same of the largest weight of each taste alone. */
  readonly largest: number;
  /** Share of the taste's weights times whatever number puts them nearest to those found. */
  readonly direction: number;
  /** Share of the tastes whose player's β is held. */
  readonly rationality: number;
}

export type CoverageRun = Readonly<Record<Player, Held>>;

/** Lesson number `index` of each taste in the garden, by each kind of player. */
export function cover({ seed, walks }: CoverageStudy, index: number): CoverageRun {
  const of = (player: Player): Held => {
    const beta = players[player];
    const lessons = tastes.map(({ weights }) => {
      const random = seeded(seed + index, Stream.expert);
      return lesson(Float64Array.from(weights), beta, walks, random);
    });
    return {
      all: mean(lessons.flatMap(({ all }) => all)),
      largest: mean(
        lessons.map(({ all }, i) => {
          const size = tastes[i]!.weights.map(Math.abs);
          return all[size.indexOf(Math.max(...size))]!;
        }),
      ),
      direction: mean(lessons.flatMap(({ direction }) => direction)),
      rationality: mean(lessons.map(({ rationality }) => rationality)),
    };
  };
  return Object.fromEntries(playerNames.map((name) => [name, of(name)])) as CoverageRun;
}

/** What the intervals hold after some walks: 1 for each weight that they do, and 0 for the others. */
function lesson(taste: Float64Array, beta: number, walks: number, random: Random) {
  const { mdp, features } = modelOf(garden);
  const scale = Number.isFinite(beta) ? beta : 1;
  const meant = taste.map((weight) => scale * weight);
  const plan = Number.isFinite(beta) ? softValueIteration : valueIteration;
  const { policy } = plan(mdp, linearReward(features, meant));
  const shown = Array.from({ length: walks }, () =>
    latticeDemonstration(garden, walkBy(policy, random)),
  );
  const { weights, certainty } = posteriorFrom(garden, shown);
  const { covariance } = certainty;
  const held = (truth: Float64Array) =>
    Array.from(weights, (weight, k) => {
      const [low, high] = intervalOf(weight, covariance[k * (weights.length + 1)]!);
      return low <= truth[k]! && truth[k]! <= high ? 1 : 0;
    });
  const nearest = nearestScale(taste, weights, covariance);
  const rationality = rationalityOf(mdp, linearReward(features, taste), shown);
  const [low, high] = rationality?.interval ?? [0, 0];
  return {
    all: held(meant),
    direction: held(taste.map((weight) => nearest * weight)),
    rationality: low <= beta && beta <= high ? 1 : 0,
  };
}

/** The c for which c times the taste is most probable where the weights are normally distributed. */
function nearestScale(
  taste: Float64Array,
  weights: Float64Array,
  covariance: Float64Array,
): number {
  const n = taste.length;
  const precision = inverseOf(covariance, n, 0)!;
  let [across, along] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      across += taste[i]! * precision[i * n + j]! * weights[j]!;
      along += taste[i]! * precision[i * n + j]! * taste[j]!;
    }
  }
  return across / along;
}

/** @param policy [t][cell][a] */
function walkBy(policy: Float64Array, random: Random): Trajectory {
  const seed = random.below(2 ** 32);
  const drive = new Simulation(garden, seed);
  const { nStates, nActions } = garden.lattice;
  const actions: number[] = [];
  while (!drive.over) {
    const row = (drive.time * nStates + garden.lattice.cellOf(drive.state)) * nActions;
    let a = 0;
    for (let left = random.uniform() - policy[row]!; left >= 0 && a < nActions - 1; )
      left -= policy[row + ++a]!;
    actions.push(a);
    drive.step(Float64Array.of(a));
  }
  const controllers = actions.map(() => 0);
  return replay(garden, { world: garden.name, seed, actions, controllers });
}

/** The result of a study as text and as JSON. */
export function coverageOutputs(study: CoverageStudy, runs: readonly CoverageRun[]) {
  const cell = (values: readonly number[]) => {
    const middle = mean(values);
    const variance = mean(values.map((value) => (value - middle) ** 2));
    const error = 1.96 * Math.sqrt(variance / Math.max(1, values.length - 1));
    return `${(100 * middle).toFixed(1)} ± ${(100 * error).toFixed(1)} %`;
  };
  const rows = playerNames.map((player) => {
    const of = (share: keyof Held) => cell(runs.map((run) => run[player][share]));
    return [player, of("all"), of("largest"), of("direction"), of("rationality")];
  });
  const text = [
    "How often intervals hold what they should",
    `Share of what 90 % intervals hold, after ${count(study.walks, "walk")} in the garden. Mean over ${count(study.seeds, "lesson")} of each taste, and 1.96 standard errors. Soft players choose as the model assumes, from rewards of β times the taste; optimal ones make no mistakes, and are held to the taste itself and to a β without limit. The direction is the taste times the number that puts it nearest.`,
    "",
    ...tableLines({
      title: "Held",
      heading: ["player", "all weights", "each taste's largest", "direction", "β"],
      rows,
    }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
