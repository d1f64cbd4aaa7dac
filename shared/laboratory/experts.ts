import { mean } from "../imitation/statistics.ts";
import { expectedPolicy, likelihoodBy, normalPairs } from "../irl/expectedPolicy.ts";
import { linearReward } from "../irl/features.ts";
import { type Model, modelOf } from "../irl/lattice.ts";
import { populationOf, priorFrom } from "../irl/persons.ts";
import { type Told, toldIn, type WeightsPrior } from "../irl/severalWorlds.ts";
import { softValueIteration } from "../irl/soft.ts";
import { count } from "../plural.ts";
import { type Random, Stream, seeded } from "../random.ts";
import type { Level, Tabular } from "../worlds/level.ts";
import { wished } from "./gardens.ts";
import { meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { drawOf, episodeFrom } from "./walkers.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of what the others of a class tell about a person. */
export interface ExpertsStudy {
  /** Key of {@link wished}. */
  readonly world: string;
  /** In a class, each left out in turn. */
  readonly people: number;
  /** Walks that each of the others showed. */
  readonly walks: number;
  /** Classes of each kind. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Walks of the person who is left out that are known. */
const known = [0, 1, 2, 4] as const;
/** Walks of theirs that are foretold, others than these. */
const nForetold = 5;
/** Of the prior of each weight, as in the game. */
const deviation = 3;
/** Weights drawn from each posterior. */
const nDraws = 64;

/** How alike the persons of a class are: their weights, from the tastes that the world deals. */
const classes = {
  like: {
    title: "alike",
    words: "all have one taste, each weight of it off by a standard deviation of 0.3",
    weights: (tastes, index, _person, random) =>
      around(tastes[index % tastes.length]!, 0.3, random),
  },
  unlike: {
    title: "unlike",
    words: "each has another of the dealt tastes, and each weight of it is off by 1",
    weights: (tastes, _index, person, random) => around(tastes[person % tastes.length]!, 1, random),
  },
} as const satisfies Record<string, Kind>;
type ClassName = keyof typeof classes;
const classNames = Object.keys(classes) as ClassName[];

interface Kind {
  readonly title: string;
  readonly words: string;
  weights(
    tastes: readonly (readonly number[])[],
    index: number,
    person: number,
    random: Random,
  ): Float64Array;
}

const around = (taste: readonly number[], spread: number, random: Random) =>
  Float64Array.from(taste, (weight) => weight + spread * random.normal());

/** What is supposed about a person beside their own walks. */
const arms = {
  chance: "nothing at all: chance",
  alone: "themselves alone",
  one: "that all are one person",
  population: "that all are of one population",
  truth: "the weights behind their walks",
} as const;
type Arm = keyof typeof arms;
const armNames = Object.keys(arms) as Arm[];

/** Of a class: mean log-probabilities of the foretold actions, by how many walks are known. [known] */
type Foretold = Readonly<Record<Arm, readonly number[]>>;

const eachArm = (of: (arm: Arm) => readonly number[]): Foretold => ({
  chance: of("chance"),
  alone: of("alone"),
  one: of("one"),
  population: of("population"),
  truth: of("truth"),
});

export type ExpertsRun = Readonly<
  Record<
    ClassName,
    Foretold & {
      /** Standard deviation of a weight among the persons: root mean square over the features, as found and as it is. */
      readonly spread: { readonly found: number; readonly true: number };
    }
  >
>;

/** Class number `index` of each kind, each in a garden of its own. */
export function foretellPersons(study: ExpertsStudy, index: number): ExpertsRun {
  const own = wished[study.world]!;
  const random = seeded(study.seed + index, Stream.world);
  const model = modelOf(own.another!(random.below(2 ** 31)) as Level & Tabular);
  const tastes = Object.values(own.tastes!).map(({ weights }) => weights);
  const of = (name: ClassName) => {
    const people = Array.from({ length: study.people }, (_, i) =>
      personOf(model, classes[name].weights(tastes, index, i, random), study.walks, random),
    );
    const { variance } = populationOf(
      people.map(({ told }) => told),
      deviation,
    );
    // Of their own: how many there are has no part in who the people are.
    const draws = seeded(study.seed + index, Stream.learning);
    const scores = people.map((_, i) => foretoldOf(model, people, i, draws));
    const over = (arm: Arm) =>
      known.map((_, j) => mean(scores.map(({ [arm]: values }) => values[j]!)));
    return {
      ...eachArm(over),
      spread: { found: Math.sqrt(mean(variance)), true: spreadOf(people) },
    };
  };
  return Object.fromEntries(classNames.map((name) => [name, of(name)])) as ExpertsRun;
}

type Walk = ReturnType<typeof episodeFrom>;

interface Person {
  readonly weights: Float64Array;
  /** What they show as one of the others. */
  readonly walks: readonly Walk[];
  readonly told: Told;
  /** What is foretold of them. */
  readonly foretold: readonly Walk[];
}

function personOf(model: Model, weights: Float64Array, n: number, random: Random): Person {
  const { mdp, features } = model;
  const { policy } = softValueIteration(mdp, linearReward(features, weights));
  const walk = () => episodeFrom(mdp, policy, drawOf(mdp.start, random), random);
  const walks = Array.from({ length: Math.max(n, known.at(-1)!) }, walk);
  const told = toldOf(model, walks.slice(0, n));
  const foretold = Array.from({ length: nForetold }, () => untilHome(model, walk()));
  return { weights, walks, told, foretold };
}

/** A walk as far as there is anything to choose: nothing leads away from home. */
function untilHome({ mdp }: Model, { states, actions }: Walk): Walk {
  const { nActions, offsets, next } = mdp;
  const isHome = (s: number) =>
    next.subarray(offsets[s * nActions]!, offsets[(s + 1) * nActions]!).every((to) => to === s);
  const home = states.findIndex(isHome);
  return home < 0
    ? { states, actions }
    : { states: states.slice(0, home + 1), actions: actions.slice(0, home) };
}

const toldOf = (model: Model, demonstrations: readonly Walk[]) =>
  toldIn([{ model, demonstrations }]);

/** What is foretold of one person, who is left out of all else. */
function foretoldOf(
  model: Model,
  people: readonly Person[],
  left: number,
  random: Random,
): Foretold {
  const { mdp, features } = model;
  const person = people[left]!;
  const others = people.toSpliced(left, 1).map(({ told }) => told);
  const shownByOthers = people
    .toSpliced(left, 1)
    .flatMap(({ walks, told }) => walks.slice(0, told.count));
  const n = person.weights.length;
  const nobody: WeightsPrior = {
    mean: new Float64Array(n),
    variance: new Float64Array(n).fill(deviation ** 2),
  };
  const population = priorFrom(populationOf(others, deviation));
  const scoreOf = (policy: Float64Array) => likelihoodBy(model, policy, person.foretold).perStep;
  const policyFor = (weights: Float64Array) =>
    softValueIteration(mdp, linearReward(features, weights)).policy;
  // The same for whatever is supposed: a difference of scores is not one of draws.
  const draws = normalPairs(nDraws, n, random);
  /** By the policy that is expected, as uncertain as the weights are. */
  const scoreBy = (walks: readonly Walk[], prior: WeightsPrior) =>
    scoreOf(expectedPolicy(model, walks, prior, draws));
  const chance = scoreOf(policyFor(new Float64Array(n)));
  const truth = scoreOf(policyFor(person.weights));
  const after = (walks: number): Readonly<Record<Arm, number>> => {
    const own = person.walks.slice(0, walks);
    return {
      chance,
      alone: scoreBy(own, nobody),
      one: scoreBy([...shownByOthers, ...own], nobody),
      population: scoreBy(own, population),
      truth,
    };
  };
  const scores = known.map(after);
  return eachArm((arm) => scores.map((score) => score[arm]));
}

function spreadOf(people: readonly Person[]): number {
  const n = people[0]!.weights.length;
  const variances = Array.from({ length: n }, (_, k) => {
    const own = people.map(({ weights }) => weights[k]!);
    const middle = mean(own);
    return mean(own.map((weight) => (weight - middle) ** 2)) * (own.length / (own.length - 1));
  });
  return Math.sqrt(mean(variances));
}

/** The result of a study as text and as JSON. */
export function expertsOutputs(study: ExpertsStudy, runs: readonly ExpertsRun[]) {
  const over = (of: (run: ExpertsRun) => number) => meanEstimate(study, runs.map(of));
  /** Of the mean of logarithms, as a factor. */
  const factor = (of: (run: ExpertsRun) => number, digits: number) => {
    const { value, low, high } = over(of);
    const estimate = { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
    return withInterval(estimate, (number) => number.toFixed(digits));
  };
  const heading = known.map((n) => (n === 0 ? "no walk of theirs" : count(n, "walk")));
  const tables = classNames.flatMap((name) => [
    ...tableLines({
      title: `Probability of an action of somebody left out, in classes that are ${classes[name].title}`,
      heading: ["what is supposed", ...heading],
      rows: armNames.map((arm) => [
        arms[arm],
        ...known.map((_, j) => factor((run) => run[name][arm][j]!, 3)),
      ]),
    }),
    "",
    ...tableLines({
      title: `How many times as probable as by the population, in classes that are ${classes[name].title}`,
      heading: ["what is supposed", ...heading],
      rows: (["alone", "one"] as const).map((arm) => [
        arms[arm],
        ...known.map((_, j) => factor((run) => run[name][arm][j]! - run[name].population[j]!, 3)),
      ]),
    }),
    "",
  ]);
  const spread = (name: ClassName, which: "found" | "true") =>
    withInterval(
      over((run) => run[name].spread[which]),
      (value) => value.toFixed(2),
    );
  const text = [
    `What the others tell about a person: ${wished[study.world]!.title}`,
    `${count(study.seeds, "class", "classes")} of each kind, of ${count(study.people, "person", "people")} who follow their wishes softly (β = 1), in a garden of their own. In those that are alike ${classes.like.words}; in those that are unlike ${classes.unlike.words}. Each is left out in turn; the others showed ${count(study.walks, "walk")} each, and ${nForetold} other walks of the person are foretold. What is not known of the weights is averaged over. Geometric means, and their 95 % bootstrap intervals over classes.`,
    "",
    ...tables,
    ...tableLines({
      title: "Standard deviation of a weight in a class",
      heading: ["classes that are", "found", "there"],
      rows: classNames.map((name) => [
        classes[name].title,
        spread(name, "found"),
        spread(name, "true"),
      ]),
    }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
