import { mean } from "../imitation/statistics.ts";
import { mostInformativeStart, mostInformativeWorld } from "../irl/belief.ts";
import { untellableIn } from "../irl/certainty.ts";
import { eigen } from "../irl/eigen.ts";
import { linearReward } from "../irl/features.ts";
import { modelOf } from "../irl/lattice.ts";
import { expectedValueDifference } from "../irl/scores.ts";
import { maxEntOver } from "../irl/severalWorlds.ts";
import { softValueIteration } from "../irl/soft.ts";
import { count } from "../plural.ts";
import { type Random, Stream, seeded } from "../random.ts";
import { worlds } from "../worlds/index.ts";
import type { Level, Tabular } from "../worlds/level.ts";
import { meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { drawOf, episodeFrom } from "./walkers.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of where walks tell the most. */
export interface GardensStudy {
  /** Key of {@link wished}. */
  readonly world: string;
  /** Walks of a lesson. */
  readonly walks: number;
  /** Gardens that there are to choose from, the world's own among them. */
  readonly gardens: number;
  /** Lessons with each taste. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Worlds in which tastes are dealt, and of which there are others. */
export const wished: Readonly<Record<string, Level>> = Object.fromEntries(
  Object.entries(worlds).filter(([, { tastes, another }]) => tastes && another),
);

/** Of the prior of each weight, as in the game. */
const deviation = 3;

interface Place {
  readonly garden: number;
  readonly cell: number;
}

/** Chooses where the next walk starts. */
type Choice = (gardens: readonly Tabular[], belief: Belief, walk: number, random: Random) => Place;

interface Belief {
  readonly weights: Float64Array;
  readonly covariance: Float64Array;
}

const byChance = (gardens: readonly Tabular[], garden: number, random: Random): Place => ({
  garden,
  cell: drawOf(modelOf(gardens[garden]!).mdp.start, random),
});

const arms = {
  one: {
    title: "one garden, anywhere",
    next: (gardens, _belief, _walk, random) => byChance(gardens, 0, random),
  },
  start: {
    title: "one garden, where it tells most",
    next: (gardens, belief) => ({
      garden: 0,
      cell: mostInformativeStart(gardens[0]!, belief).cell,
    }),
  },
  several: {
    title: "several gardens in turn, anywhere",
    next: (gardens, _belief, walk, random) => byChance(gardens, walk % gardens.length, random),
  },
  search: {
    title: "the garden and the start that tell most",
    next: (gardens, belief) => {
      const { world, cell } = mostInformativeWorld(gardens, belief);
      return { garden: world, cell };
    },
  },
} as const satisfies Record<string, { title: string; next: Choice }>;

type Arm = keyof typeof arms;
const names = Object.keys(arms) as Arm[];

/** What is known of a taste after the walks. */
interface Known {
  /** Nats by which the weights are better known than before. */
  readonly gain: number;
  /** Root of the mean square error of the weights. */
  readonly error: number;
  /** Value lost in a garden that nobody walked in. */
  readonly lost: number;
}

export type GardensRun = Readonly<Record<Arm, Known>> & {
  /** What no walk can tell about, in the one garden and in all of them: the most of each such direction of the weights. */
  readonly untellable: readonly [one: readonly string[], all: readonly string[]];
};

/** Lesson number `index` with each taste, whose player follows it softly (β = 1). Means over the tastes. */
export function walkInGardens(study: GardensStudy, index: number): GardensRun {
  const own = wished[study.world]!;
  const seed = study.seed + index;
  const random = seeded(seed, Stream.world);
  const other = () => own.another!(random.below(2 ** 31)) as Level & Tabular;
  const gardens = [own as Level & Tabular, ...Array.from({ length: study.gardens - 1 }, other)];
  const unseen = modelOf(other());
  const known = (arm: Arm): Known => {
    const lessons = Object.values(own.tastes!).map(({ weights }) =>
      lesson(gardens, unseen, Float64Array.from(weights), arms[arm].next, study.walks, seed),
    );
    return {
      gain: mean(lessons.map(({ gain }) => gain)),
      error: mean(lessons.map(({ error }) => error)),
      lost: mean(lessons.map(({ lost }) => lost)),
    };
  };
  const models = gardens.map((garden) => modelOf(garden));
  const named = (some: typeof models) =>
    untellableIn(some).map((direction) => {
      const sizes = direction.map(Math.abs);
      return own.lattice!.featureNames[sizes.indexOf(Math.max(...sizes))]!;
    });
  return {
    ...(Object.fromEntries(names.map((arm) => [arm, known(arm)])) as Record<Arm, Known>),
    untellable: [named(models.slice(0, 1)), named(models)],
  };
}

function lesson(
  gardens: readonly Tabular[],
  unseen: ReturnType<typeof modelOf>,
  taste: Float64Array,
  next: Choice,
  walks: number,
  seed: number,
): Known {
  const n = taste.length;
  const random = seeded(seed, Stream.expert);
  const shown = gardens.map((garden) => {
    const model = modelOf(garden);
    const { policy } = softValueIteration(model.mdp, linearReward(model.features, taste));
    return { model, policy, demonstrations: [] as ReturnType<typeof episodeFrom>[] };
  });
  const covariance = new Float64Array(n * n);
  for (let k = 0; k < n; k++) covariance[k * (n + 1)] = deviation ** 2;
  let belief: Belief = { weights: new Float64Array(n), covariance };
  let gain = 0;
  for (let walk = 0; walk < walks; walk++) {
    const { garden, cell } = next(gardens, belief, walk, random);
    const { model, policy, demonstrations } = shown[garden]!;
    demonstrations.push(episodeFrom(model.mdp, policy, cell, random));
    const { weights, certainty } = maxEntOver(
      shown.filter(({ demonstrations }) => demonstrations.length > 0),
      deviation,
    );
    belief = { weights, covariance: certainty.covariance };
    gain = gainIn(certainty.information);
  }
  const truth = linearReward(unseen.features, taste);
  return {
    gain,
    error: Math.sqrt(mean(taste.map((weight, k) => (weight - belief.weights[k]!) ** 2))),
    lost: expectedValueDifference(unseen.mdp, truth, linearReward(unseen.features, belief.weights)),
  };
}

/** Half the logarithm of the prior's volume over the posterior's. */
function gainIn(information: Float64Array): number {
  const { values } = eigen(information, Math.sqrt(information.length));
  return values.reduce(
    (sum, value) => sum + Math.log1p(Math.max(0, value) * deviation ** 2) / 2,
    0,
  );
}

/** The result of a study as text and as JSON. */
export function gardensOutputs(study: GardensStudy, runs: readonly GardensRun[]) {
  const over = (of: (run: GardensRun) => number) => meanEstimate(study, runs.map(of));
  const columns = [
    { heading: "nats gained", key: "gain", digits: 1 },
    { heading: "error of a weight", key: "error", digits: 2 },
    { heading: "value lost in another garden", key: "lost", digits: 2 },
  ] as const;
  const untellable = (i: 0 | 1) =>
    [...new Set(runs.flatMap((run) => run.untellable[i]))].sort().join(", ") || "nothing";
  const text = [
    `One wish, several gardens: ${wished[study.world]!.title}`,
    `${count(study.walks, "walk")} by a soft player (β = 1), ${study.gardens} gardens to choose from. Means over ${count(study.seeds, "lesson")} with each taste and their 95 % bootstrap intervals. What no walk can tell about: ${untellable(0)} in the one garden, ${untellable(1)} in all of them.`,
    "",
    ...tableLines({
      title: "What is known after the walks",
      heading: ["where they start", ...columns.map(({ heading }) => heading)],
      rows: names.map((arm) => [
        arms[arm].title,
        ...columns.map(({ key, digits }) =>
          withInterval(
            over((run) => run[arm][key]),
            (value) => value.toFixed(digits),
          ),
        ),
      ]),
    }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
