import { mean } from "../imitation/statistics.ts";
import { intervalOf } from "../irl/certainty.ts";
import { linearReward } from "../irl/features.ts";
import { modelOf } from "../irl/lattice.ts";
import { valueIteration } from "../irl/planning.ts";
import { inferFrom } from "../irl/reward.ts";
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

/** How players follow the taste that they were dealt: by the model's own choice rule, or without a mistake. */
const players = { soft: softValueIteration, optimal: valueIteration } as const;
type Player = keyof typeof players;

/** Shares of weights that their 90 % intervals hold, over one lesson of each taste. */
interface Shares {
  readonly all: number;
  /** Of the largest weight of each taste. */
  readonly largest: number;
}

export type CoverageRun = Readonly<Record<Player, Shares>>;

/** Lesson number `index` of each taste in the garden, by each kind of player. */
export function cover({ seed, walks }: CoverageStudy, index: number): CoverageRun {
  const of = (player: Player): Shares => {
    const held = Object.values(garden.tastes!).map(({ weights }) => {
      const random = seeded(seed + index, Stream.expert);
      const { mdp, features } = modelOf(garden);
      const reward = linearReward(features, Float64Array.from(weights));
      const { policy } = players[player](mdp, reward);
      const shown = Array.from({ length: walks }, () => walkBy(policy, random));
      const inferred = inferFrom(garden, shown);
      return weights.map((weight, k) => {
        const variance = inferred.covariance[k * (weights.length + 1)]!;
        const [low, high] = intervalOf(inferred.weights[k]!, variance);
        return low <= weight && weight <= high ? 1 : 0;
      });
    });
    const largest = Object.values(garden.tastes!).map(({ weights }, i) => {
      const size = weights.map(Math.abs);
      return held[i]![size.indexOf(Math.max(...size))]!;
    });
    return { all: mean(held.flat()), largest: mean(largest) };
  };
  return { soft: of("soft"), optimal: of("optimal") };
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
  const rows = (Object.keys(players) as Player[]).map((player) => [
    player,
    cell(runs.map((run) => run[player].all)),
    cell(runs.map((run) => run[player].largest)),
  ]);
  const text = [
    "How often intervals hold what they should",
    `Share of the dealt weights that their 90 % intervals hold, after ${count(study.walks, "walk")} in the garden. Mean over ${count(study.seeds, "lesson")} of each taste, and 1.96 standard errors. Soft players choose as the model assumes; optimal ones make no mistakes.`,
    "",
    ...tableLines({
      title: "Weights held",
      heading: ["player", "all weights", "each taste's largest"],
      rows,
    }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
