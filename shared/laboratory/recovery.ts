import { featureMatching } from "../irl/featureMatching.ts";
import { linearReward } from "../irl/features.ts";
import { compassGrid } from "../irl/grid.ts";
import { maxEnt } from "../irl/maxent.ts";
import { valueIteration } from "../irl/planning.ts";
import { expectedValueDifference } from "../irl/scores.ts";
import { softValueIteration } from "../irl/soft.ts";
import { count, grouped } from "../plural.ts";
import { Stream, seeded } from "../random.ts";
import { type Series, svgOf } from "./figure.ts";
import { type Estimate, estimate, meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { drawOf, episodeFrom } from "./walkers.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of reward recovery. */
export interface RecoveryStudy {
  /** Independent grids, each with a reward of its own. */
  readonly seeds: number;
  /** From which the grids are drawn. */
  readonly seed: number;
}

/** Numbers of demonstrated episodes. Larger samples contain the smaller ones. */
export const episodeCounts = [1, 2, 4, 8, 16, 32, 64] as const;

const side = 8;
const nFeatures = 5;
const density = 0.3; // probability of a feature in a cell
const slip = 0.1; // probability of any move, whichever was meant
const horizon = 20;

/** Who shows: each of the two assumes what a method does, soft policies maximum entropy and optimal ones feature matching. */
const experts = { soft: softValueIteration, optimal: valueIteration } as const;
type ExpertName = keyof typeof experts;
const expertNames = Object.keys(experts) as ExpertName[];

const methods = { maxEnt: "maximum entropy", featureMatching: "feature matching" } as const;
type MethodName = keyof typeof methods;
const methodNames = Object.keys(methods) as MethodName[];

/** Of one method, [n], one for each of `episodeCounts`. */
type Losses<T> = Readonly<Record<ExpertName, Readonly<Record<MethodName, readonly T[]>>>>;

/** Expected value differences on one grid, in the true reward's unit an episode. */
export interface RecoveryRun {
  readonly lost: Losses<number>;
  /** Of a reward of 0. */
  readonly nothing: number;
}

/** A loss over the grids. The mean has the tail, which the interquartile mean is blind to. */
interface Loss {
  readonly middle: Estimate;
  readonly mean: Estimate;
}

export interface RecoveryResult {
  readonly study: RecoveryStudy;
  readonly episodes: readonly number[];
  readonly lost: Losses<Loss>;
  readonly nothing: Loss;
  readonly runs: readonly RecoveryRun[];
}

/**
 * One grid of a study, number `index`: five features, each in three cells of ten, and weights drawn
 * from the normal distribution of variance 1. Demonstrations start anywhere and are drawn from the
 * soft policy for these weights, or from the best one. The recovered reward is scored by its expected value difference
 * (Levine, Popović and Koltun 2011, section 6).
 */
export function recover({ seed }: RecoveryStudy, index: number): RecoveryRun {
  const random = seeded(seed + index, Stream.expert);
  const grid = compassGrid(side, { slip, discount: 1, horizon });
  const features = Float64Array.from({ length: grid.nStates * nFeatures }, () =>
    random.uniform() < density ? 1 : 0,
  );
  const weights = Float64Array.from({ length: nFeatures }, () => random.normal());
  const truth = linearReward(features, weights);
  const lost = (reward: Float64Array) => expectedValueDifference(grid, truth, reward);
  const from = (name: ExpertName) => {
    const { policy } = experts[name](grid, truth);
    const shown = Array.from({ length: Math.max(...episodeCounts) }, () =>
      episodeFrom(grid, policy, drawOf(grid.start, random), random),
    );
    const first = episodeCounts.map((n) => shown.slice(0, n));
    return {
      maxEnt: first.map((some) =>
        lost(maxEnt(grid, features, some, { outcomes: "expected" }).reward),
      ),
      featureMatching: first.map((some) => lost(featureMatching(grid, features, some).reward)),
    };
  };
  return {
    lost: { soft: from("soft"), optimal: from("optimal") },
    nothing: lost(new Float64Array(grid.nStates)),
  };
}

/** The result of a study as text, as JSON and as a figure. */
export function recoveryOutputs(study: RecoveryStudy, runs: readonly RecoveryRun[]) {
  const of = (scores: (run: RecoveryRun) => number): Loss => {
    const values = runs.map(scores);
    return { middle: estimate(study, values), mean: meanEstimate(study, values) };
  };
  const by = (expert: ExpertName) => ({
    maxEnt: episodeCounts.map((_, i) => of(({ lost }) => lost[expert].maxEnt[i]!)),
    featureMatching: episodeCounts.map((_, i) =>
      of(({ lost }) => lost[expert].featureMatching[i]!),
    ),
  });
  const result: RecoveryResult = {
    study,
    episodes: episodeCounts,
    lost: { soft: by("soft"), optimal: by("optimal") },
    nothing: of((run) => run.nothing),
    runs,
  };
  return {
    text: textOf(result),
    json: `${JSON.stringify(result)}\n`,
    figure: figureOf(result),
  };
}

const title = "What a recovered reward is worth";

function textOf({ study, episodes, lost, nothing }: RecoveryResult): string {
  const cell = (estimate: Estimate) => withInterval(estimate, (value) => value.toFixed(2));
  const tables = (["middle", "mean"] as const).map((statistic) =>
    tableLines({
      title: statistic === "middle" ? "Value lost, interquartile mean" : "Value lost, mean",
      heading: [
        "episodes",
        ...expertNames.flatMap((expert) =>
          methodNames.map((method) => `${methods[method]}, ${expert}`),
        ),
      ],
      rows: [
        ...episodes.map((n, i) => [
          grouped(n),
          ...expertNames.flatMap((expert) =>
            methodNames.map((method) => cell(lost[expert][method][i]![statistic])),
          ),
        ]),
        ["none", ...expertNames.flatMap(() => methodNames.map(() => cell(nothing[statistic])))],
      ],
    }),
  );
  return [
    title,
    `Expected value difference: what an episode of ${horizon} moves on a grid of ${side} × ${side} loses where it is planned for the recovered reward instead of the true one. Over ${count(study.seeds, "grid")}, with 95 % bootstrap intervals over grids. Soft experts choose as maximum entropy assumes, optimal ones as feature matching does.`,
    "",
    ...tables.flatMap((lines) => [...lines, ""]),
  ].join("\n");
}

function figureOf({ study, episodes, lost, nothing }: RecoveryResult): string {
  const series = (expert: ExpertName, method: MethodName, kind: Series["kind"]): Series => ({
    name: `${method === "maxEnt" ? "Entropy" : "Matching"}, ${expert}`,
    kind,
    points: episodes.map((x, i) => {
      const { value, low, high } = lost[expert][method][i]!.mean;
      return { x, y: value, low, high };
    }),
  });
  return svgOf(
    {
      title,
      // The aimless walk is not in the figure: it loses so much more that the lines would be flat.
      note: `${count(study.seeds, "grid")} of ${side} × ${side}, soft and optimal experts: mean, 95 % interval. A walk without aim loses ${nothing.mean.value.toFixed(1)}.`,
      x: "demonstrated episodes",
      spacing: "doubling",
      y: `value lost in an episode of ${horizon} moves`,
      series: [
        series("soft", "maxEnt", "learner"),
        series("soft", "featureMatching", "rival"),
        series("optimal", "maxEnt", "control"),
        series("optimal", "featureMatching", "expert"),
      ],
      level: null,
      format: (value) => String(Math.round(100 * value) / 100),
    },
    true,
  );
}
