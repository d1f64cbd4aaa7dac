import { pairsOf } from "../imitation/dataset.ts";
import { human, scripted } from "../imitation/experts.ts";
import { demonstrate } from "../imitation/rollout.ts";
import { fit } from "../imitation/round.ts";
import { mean } from "../imitation/statistics.ts";
import { modelOf } from "../irl/lattice.ts";
import { shownIn } from "../irl/reward.ts";
import { type HeldOut, heldOutOf } from "../irl/rewardScores.ts";
import { likelihoodOf, together } from "../irl/scores.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import { type Random, Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import { replay, type Trajectory } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { openStart } from "./teaching.ts";
import { walksBy } from "./walkers.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of how well a recovered reward foretells what somebody does. */
export interface PredictionStudy {
  /** Key of {@link foretold}. */
  readonly world: string;
  /** Demonstrations in a lesson; each is left out in turn. */
  readonly demonstrations: number;
  /** Lessons by each kind of player. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Worlds in which tastes are dealt, or one can fall. */
export const foretold: Readonly<Record<string, Level>> = Object.fromEntries(
  Object.entries(worlds)
    .filter(([, { tastes, canFall }]) => tastes || canFall)
    .sort(([, a], [, b]) => Number(b.tastes !== undefined) - Number(a.tastes !== undefined)),
);

type Players = Readonly<
  Record<string, (world: Level, n: number, lesson: number, random: Random) => Trajectory[]>
>;

const walkers = { "soft, β = 1": 1, "soft, β = 4": 4, optimal: Number.POSITIVE_INFINITY };
const walking: Players = Object.fromEntries(
  Object.entries(walkers).map(([name, beta]) => [
    name,
    (world, n, lesson, random) => {
      const tastes = Object.values(world.tastes!);
      const taste = Float64Array.from(tastes[lesson % tastes.length]!.weights);
      return walksBy(world, taste, { beta, mood: 0 }, n, random);
    },
  ]),
);

const hands = {
  "the script": null,
  "noisy hands": { noise: 0.1, lag: 0, inconsistency: 0, temperature: 0 },
  "late, noisy hands": { noise: 0.3, lag: 3, inconsistency: 0, temperature: 0 },
};
const driving: Players = Object.fromEntries(
  Object.entries(hands).map(([name, errs]) => [
    name,
    (world, n, _, random) => {
      const expert = errs ? human(world, errs) : scripted(world);
      return Array.from({ length: n }, () => {
        const start = openStart(random);
        const driver = expert.drives(seeded(start, Stream.expert));
        return replay(world, demonstrate(world, start, driver));
      });
    },
  ]),
);

const playersIn = ({ tastes }: Level): Players => (tastes ? walking : driving);

/** What foretells, and what it knows. */
const predictors = {
  chance: "chance",
  task: "the task alone",
  clone: "the clone",
  recovered: "maximum entropy",
} as const;
type Predictor = keyof typeof predictors;
const predictorNames = Object.keys(predictors) as Predictor[];

/** Geometric mean probabilities of the left-out actions, by each kind of player. */
export type PredictionRun = Readonly<Record<string, Readonly<Record<Predictor, number>>>>;

/** Lesson number `index` by each kind of player. */
export function foretell(study: PredictionStudy, index: number): PredictionRun {
  const world = foretold[study.world]!;
  return Object.fromEntries(
    Object.entries(playersIn(world)).map(([name, play]) => {
      const random = seeded(study.seed + index, Stream.expert);
      const trajectories = play(world, study.demonstrations, study.seed + index, random);
      const { task, ...others }: HeldOut = heldOutOf(world, shownIn(world, trajectories));
      return [name, { ...others, task: task!, clone: byClone(world, trajectories) }];
    }),
  );
}

/** What the clone of all others foretells of each demonstration, as `heldOutOf` counts. */
function byClone(world: Level, trajectories: readonly Trajectory[]): number {
  const { mdp } = modelOf(world);
  const scores = trajectories.map((trajectory, n) => {
    const probabilities = cloneOf(world, trajectories.toSpliced(n, 1));
    const [shown] = shownIn(world, [trajectory]);
    return likelihoodOf(mdp, [shown!], ({ t }) => {
      const at = shown!.at[t]! * world.stateSize;
      return probabilities(trajectory.states.subarray(at, at + world.stateSize));
    });
  });
  return Math.exp(together(scores).perStep);
}

/**
 * How probable a clone finds the lattice's actions in a state. Where actions are continuous it is normal around what
 * the clone would do, as wide as the clone is off in what it learned from.
 */
function cloneOf(
  world: Level,
  demonstrations: readonly Trajectory[],
): (state: Float64Array) => Float64Array {
  const { lattice, action: space } = world;
  const data = pairsOf(world, demonstrations);
  const kind = policyKinds[space.kind === "discrete" ? "softmax" : "gaussianProcess"]!;
  const { policy } = fit(data, kind, 0);
  const observation = new Float64Array(world.observationSize);
  const probabilities = new Float64Array(lattice.nActions);
  if (space.kind === "discrete") {
    return (state) => {
      world.observe(state, observation);
      policy.probabilities!(observation, probabilities);
      return probabilities;
    };
  }
  const wide = width(space);
  const done = new Float64Array(wide);
  const choice = new Float64Array(wide);
  const square = (a: number, action: Float64Array) => {
    lattice.action(a, choice);
    return choice.reduce((sum, value, k) => sum + (value - action[k]!) ** 2, 0);
  };
  const offs = demonstrations.flatMap((trajectory) =>
    shownIn(world, [trajectory]).flatMap(({ at, actions }) =>
      Array.from(actions, (a, t) => {
        const from = at[t]! * world.stateSize;
        world.observe(trajectory.states.subarray(from, from + world.stateSize), observation);
        policy.act(observation, done);
        return square(a, done);
      }),
    ),
  );
  const variance = mean(offs);
  return (state) => {
    world.observe(state, observation);
    policy.act(observation, done);
    const densities = probabilities.map((_, a) => Math.exp(-square(a, done) / (2 * variance)));
    const total = densities.reduce((sum, density) => sum + density, 0);
    return densities.map((density) => density / total);
  };
}

/** The result of a study as text and as JSON. */
export function predictionOutputs(study: PredictionStudy, runs: readonly PredictionRun[]) {
  const names = Object.keys(playersIn(foretold[study.world]!));
  const rows = predictorNames.map((predictor) => [
    predictors[predictor],
    ...names.map((name) =>
      withInterval(
        meanEstimate(
          study,
          runs.map((run) => run[name]![predictor]),
        ),
        (value) => value.toFixed(3),
      ),
    ),
  ]);
  const { title, lattice } = foretold[study.world]!;
  const text = [
    `Who foretells what somebody does: ${title}`,
    `Geometric mean probability of an action in a demonstration that was left out, each of ${study.demonstrations} in turn. Mean over ${count(study.seeds, "lesson")} and its 95 % bootstrap interval. Chance is what a reward of 0 comes to; the task alone is the feature "${lattice.featureNames[lattice.task!]!}", with a weight found from the other demonstrations; the clone is a policy fitted to them; maximum entropy has a weight for each feature.`,
    "",
    ...tableLines({ title: "Probability of an action", heading: ["by", ...names], rows }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
