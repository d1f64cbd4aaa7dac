import { mean } from "../imitation/statistics.ts";
import { intervalOf } from "../irl/certainty.ts";
import { linearReward } from "../irl/features.ts";
import { inverseOf } from "../irl/inverse.ts";
import { latticeDemonstration, modelOf } from "../irl/lattice.ts";
import { rationalityOf } from "../irl/rationality.ts";
import { clusteredFrom, posteriorFrom } from "../irl/reward.ts";
import { count } from "../plural.ts";
import { type Random, Stream, seeded } from "../random.ts";
import type { Trajectory } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import { tableLines } from "./table.ts";
import { type Walker, walksBy } from "./walkers.ts";

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

const players = {
  "soft, β = 0.5": { beta: 0.5, mood: 0 },
  "soft, β = 1": { beta: 1, mood: 0 },
  "soft, β = 2": { beta: 2, mood: 0 },
  "soft, β = 4": { beta: 4, mood: 0 },
  "moody, β = 1": { beta: 1, mood: 1 },
  optimal: { beta: Number.POSITIVE_INFINITY, mood: 0 },
} as const satisfies Record<string, Walker>;
type PlayerName = keyof typeof players;
const playerNames = Object.keys(players) as PlayerName[];

/** What 90 % intervals held, over one lesson of each taste. */
interface Held {
  /** Share of the weights, which are the taste's times the player's β, where that is finite. */
  readonly all: number;
  /** The same by intervals that take the steps of a walk to depend on each other. */
  readonly clustered: number;
  /** As `all`, of the largest weight of each taste alone. */
  readonly largest: number;
  /** Share of the taste's weights times whatever number puts them nearest to those found. */
  readonly direction: number;
  /** Share of the tastes whose player's β is held. */
  readonly rationality: number;
}

export type CoverageRun = Readonly<Record<PlayerName, Held>>;

/** Lesson number `index` of each taste in the garden, by each kind of player. */
export function cover({ seed, walks }: CoverageStudy, index: number): CoverageRun {
  const of = (name: PlayerName): Held => {
    const lessons = tastes.map(({ weights }) => {
      const random = seeded(seed + index, Stream.expert);
      return lesson(Float64Array.from(weights), players[name], walks, random);
    });
    return {
      all: mean(lessons.flatMap(({ all }) => all)),
      clustered: mean(lessons.flatMap(({ clustered }) => clustered)),
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

/** What intervals should hold. */
interface Truth {
  /** [k] */
  readonly weights: Float64Array;
  readonly beta: number;
}

/**
 * What is behind the walks of a player. Of one with moods it is what as many of their walks come to as one
 * could wish for: no soft policy is the mean of several, so that the mean of the weights is not behind them.
 */
function truthBehind(taste: Float64Array, player: Walker): Truth {
  const scale = Number.isFinite(player.beta) ? player.beta : 1;
  const weights = taste.map((weight) => scale * weight);
  if (player.mood === 0) return { weights, beta: player.beta };
  const key = JSON.stringify([...taste, player]);
  let truth = moodyTruths.get(key);
  if (!truth) {
    const { mdp, features } = modelOf(garden);
    const many = latticed(walksBy(garden, taste, player, nMoodyWalks, seeded(0, Stream.expert)));
    const rationality = rationalityOf(mdp, linearReward(features, taste), many);
    truth = { weights: posteriorFrom(garden, many).weights, beta: rationality!.value };
    moodyTruths.set(key, truth);
  }
  return truth;
}

const nMoodyWalks = 2000;
const moodyTruths = new Map<string, Truth>();

/** What the intervals hold after some walks: 1 for each weight that they do, and 0 for the others. */
function lesson(taste: Float64Array, player: Walker, walks: number, random: Random) {
  const { mdp, features } = modelOf(garden);
  const truth = truthBehind(taste, player);
  const shown = latticed(walksBy(garden, taste, player, walks, random));
  const posterior = posteriorFrom(garden, shown);
  const { weights, certainty } = posterior;
  const { covariance } = certainty;
  const held = (truth: Float64Array, by = covariance) =>
    Array.from(weights, (weight, k) => {
      const [low, high] = intervalOf(weight, by[k * (weights.length + 1)]!);
      return low <= truth[k]! && truth[k]! <= high ? 1 : 0;
    });
  const nearest = nearestScale(truth.weights, weights, covariance);
  const rationality = rationalityOf(mdp, linearReward(features, taste), shown);
  const [low, high] = rationality?.interval ?? [0, 0];
  return {
    all: held(truth.weights),
    clustered: held(truth.weights, clusteredFrom(garden, shown, posterior) ?? covariance),
    direction: held(truth.weights.map((weight) => nearest * weight)),
    rationality: low <= truth.beta && truth.beta <= high ? 1 : 0,
  };
}

const latticed = (walks: readonly Trajectory[]) =>
  walks.map((walk) => latticeDemonstration(garden, walk));

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

/** The result of a study as text and as JSON. */
export function coverageOutputs(study: CoverageStudy, runs: readonly CoverageRun[]) {
  const cell = (values: readonly number[]) => {
    const middle = mean(values);
    const variance = mean(values.map((value) => (value - middle) ** 2));
    const error = 1.96 * Math.sqrt(variance / Math.max(1, values.length - 1));
    return `${(100 * middle).toFixed(1)} ± ${(100 * error).toFixed(1)} %`;
  };
  const shares = ["all", "clustered", "largest", "direction", "rationality"] as const;
  const rows = playerNames.map((player) => {
    const of = (share: keyof Held) => cell(runs.map((run) => run[player][share]));
    return [player, ...shares.map(of)];
  });
  const text = [
    "How often intervals hold what they should",
    `Share of what 90 % intervals hold, after ${count(study.walks, "walk")} in the garden. Mean over ${count(study.seeds, "lesson")} of each taste, and 1.96 standard errors. Soft players choose as the model assumes, from rewards of β times the taste. Moody ones have another taste in each walk, by a standard deviation of 1 in each weight, and are held to what 2,000 of their walks come to. Optimal ones make no mistakes, and are held to the taste itself and to a β without limit. Clustered intervals take the steps of a walk to depend on each other. The direction is the taste times the number that puts it nearest.`,
    "",
    ...tableLines({
      title: "Held",
      heading: ["player", "all weights", "clustered", "each taste's largest", "direction", "β"],
      rows,
    }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
