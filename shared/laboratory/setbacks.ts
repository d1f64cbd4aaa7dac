import { measure } from "../imitation/evaluation.ts";
import { bestSoFar, headlineIn } from "../imitation/headline.ts";
import { mean } from "../imitation/statistics.ts";
import { heldOutSeeds, validationSeeds, validationSteps } from "../lesson/protocol.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import type { PolicyKind } from "../policies/policy.ts";
import { type Random, Stream, seeded } from "../random.ts";
import { type Estimate, meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { asked, policiesTaught, running, stepsOf } from "./teaching.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of setbacks. */
export interface SetbackStudy {
  /** Key in the registry of a world whose time runs. */
  readonly world: string;
  /** Rounds of answers, after the clone that a lesson begins with. */
  readonly rounds: number;
  /** Simulated people, each with a lesson of their own. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

const noise = 0.1;
/** Times between seeing and steering, seconds, in turn. At a standstill they answer without. */
const lags = [0, 0.05, 0.1, 0.15, 0.2] as const;

/** Who learns: from the registry, and a learner that draws anew in each round. */
const learners: Readonly<Record<string, (random: Random) => PolicyKind>> = {
  "Gaussian process": () => policyKinds.gaussianProcess!,
  "Fourier features": () => policyKinds.fourier!,
  "Fourier features, drawn anew": (random) => ({
    ...policyKinds.fourier!,
    fit: (data) => policyKinds.fourier!.fit(data, random),
  }),
};

/** A lesson with each of the learners. */
export type SetbackRun = Readonly<Record<string, Course>>;

/** What is told after each training. */
interface Course {
  readonly headline: Numbers;
  /** Mean of the world's measure. */
  readonly measure: Numbers;
}

/** A number after each training, on the held-out starts; [rounds + 1] */
interface Numbers {
  /** Of the policy that was trained last. */
  readonly last: readonly number[];
  /** Of the best so far by the headline on the validation starts, which is the one that a lesson shows. */
  readonly best: readonly number[];
}

/** Person number `index` of a study and their lessons, which differ in the learner alone. */
export function teach({ world: name, seed, rounds }: SetbackStudy, index: number): SetbackRun {
  const world = running[name]!;
  const hands = { noise, lag: stepsOf(world, lags[index % lags.length]!) };
  const headline = headlineIn(world);
  const course = (kindFor: (random: Random) => PolicyKind): Course => {
    const kind = (learning: number) => kindFor(seeded(learning, Stream.learning));
    const policies = policiesTaught(world, hands, kind, rounds, seed + index);
    const best = bestSoFar(
      headline,
      policies.map((policy) => headline.from(policy, validationSeeds, validationSteps)),
    );
    const numbers = (last: readonly number[]) => ({
      last,
      best: best.map((round) => last[round]!),
    });
    return {
      headline: numbers(policies.map((policy) => headline.of(headline.from(policy, heldOutSeeds)))),
      measure: numbers(policies.map((policy) => mean(measure(world, policy, heldOutSeeds)))),
    };
  };
  return Object.fromEntries(
    Object.entries(learners).map(([learner, kindFor]) => [learner, course(kindFor)]),
  );
}

/** Of a course, the share of the rounds after which the number is worse than before; as good is not worse. */
export function shareWorse(course: readonly number[], better: "fewer" | "more"): number {
  const sign = better === "fewer" ? 1 : -1;
  const worse = course.slice(1).filter((value, i) => sign * value > sign * course[i]!);
  return worse.length / (course.length - 1);
}

interface Setbacks {
  readonly learner: string;
  /** Shares of the rounds after which it is worse: the policy trained last, and the best so far. */
  readonly last: Estimate;
  readonly best: Estimate;
  /** The number after the last round: of the policy trained then, and of the best. */
  readonly lastAtEnd: Estimate;
  readonly bestAtEnd: Estimate;
}

/** The result of a study as text and as JSON. */
export function setbackOutputs(study: SetbackStudy, runs: readonly SetbackRun[]) {
  const world = running[study.world]!;
  const over = (of: (run: SetbackRun) => number) => meanEstimate(study, runs.map(of));
  const setbacksBy = (by: keyof Course, better: "fewer" | "more") =>
    Object.keys(learners).map(
      (learner): Setbacks => ({
        learner,
        last: over((run) => shareWorse(run[learner]![by].last, better)),
        best: over((run) => shareWorse(run[learner]![by].best, better)),
        lastAtEnd: over((run) => run[learner]![by].last.at(-1)!),
        bestAtEnd: over((run) => run[learner]![by].best.at(-1)!),
      }),
    );
  const setbacks = {
    headline: setbacksBy("headline", headlineIn(world).better),
    measure: setbacksBy("measure", world.measure.better),
  };
  return {
    text: textOf(study, setbacks),
    json: `${JSON.stringify({ study, setbacks, runs })}\n`,
  };
}

function textOf(
  { world: name, rounds, seeds }: SetbackStudy,
  setbacks: Readonly<Record<keyof Course, readonly Setbacks[]>>,
) {
  const world = running[name]!;
  const { title, measure } = world;
  const { unit } = headlineIn(world);
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const number = (value: number) => value.toFixed(2);
  const tableBy = (by: keyof Course, unit: string) => [
    "",
    ...tableLines({
      title: `By ${unit}: share of the rounds after which it is worse`,
      heading: ["learner", "trained last", "best so far", "at the end: last", "best"],
      rows: setbacks[by].map(({ learner, last, best, lastAtEnd, bestAtEnd }) => [
        learner,
        withInterval(last, percent),
        withInterval(best, percent),
        withInterval(lastAtEnd, number),
        withInterval(bestAtEnd, number),
      ]),
    }),
  ];
  return [
    `Setbacks: ${title}`,
    `How often a learner is worse after ${count(asked.budget, "answer")} more, on ${heldOutSeeds.length} held-out starts. ${count(seeds, "person", "people")} (noise ${noise}, late by 0 to ${1000 * lags.at(-1)!} ms), one demonstration and ${count(rounds, "round")} each. Means, with 95 % bootstrap intervals over people. The best so far is chosen by ${unit} on up to ${validationSeeds.length} other starts.`,
    ...tableBy("headline", unit),
    ...(unit === measure.unit ? [] : tableBy("measure", measure.unit)),
    "",
  ].join("\n");
}
