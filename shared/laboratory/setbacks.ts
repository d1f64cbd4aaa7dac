import { dagger } from "../imitation/dagger.ts";
import { measure } from "../imitation/evaluation.ts";
import { human } from "../imitation/experts.ts";
import { demonstrate } from "../imitation/rollout.ts";
import { bestOf } from "../imitation/selection.ts";
import { bootstrapInterval, mean } from "../imitation/statistics.ts";
import { firstOpenSeed, nHeldOut } from "../lesson/protocol.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import type { Policy, PolicyKind } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import { type Random, Stream, seeded } from "../random.ts";
import { replay } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { mostHeldOut } from "./run.ts";
import type { Estimate } from "./summary.ts";
import { tableLines } from "./table.ts";
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

/** Worlds in which people are late by their nerves' time. */
export const running: Readonly<Record<string, Level>> = Object.fromEntries(
  Object.entries(worlds).filter(([, { steering }]) => steering.pace === "runs"),
);

/** What people answer in a round of a lesson, of how many drives. */
const asked = { budget: 12, drives: 2 };
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

/** A lesson with each of the learners: the world's measure after each training, [rounds + 1]. */
export type SetbackRun = Readonly<Record<string, Course>>;

interface Course {
  /** Of the policy that was trained last. */
  readonly last: readonly number[];
  /** Of the best so far, chosen on other episodes than those that it is measured on. */
  readonly best: readonly number[];
}

/** Person number `index` of a study and their lessons, which differ in the learner alone. */
export function teach({ world: name, seed, rounds }: SetbackStudy, index: number): SetbackRun {
  const world = running[name]!;
  const { steering } = world;
  const pace = steering.pace === "runs" ? steering.stepsPerSecond : 0;
  const lag = Math.round(lags[index % lags.length]! * pace);
  const expert = human(world, { noise, lag, inconsistency: 0, temperature: 0 });
  const random = seeded(seed + index, Stream.expert);
  const learning = random.below(2 ** 31);
  const first = firstOpenSeed + random.below(2 ** 32 - firstOpenSeed);
  const drive = demonstrate(world, first, expert.drives(seeded(first, Stream.expert)));
  const shown = [replay(world, drive)];

  const course = (kind: PolicyKind): Course => {
    const method = { kind, query: queries.novel!, ...asked };
    const policies: Policy[] = [];
    for (const { policy } of dagger(world, shown, method, expert, learning, firstOpenSeed)) {
      policies.push(policy);
      if (policies.length > rounds) break;
    }
    const on = (from: number) =>
      policies.map((policy) =>
        mean(
          measure(
            world,
            policy,
            Array.from({ length: nHeldOut }, (_, i) => from + i),
          ),
        ),
      );
    const [last, validation] = [on(0), on(mostHeldOut)];
    const { better } = world.measure;
    const best = last.map((_, round) => last[bestOf(validation.slice(0, round + 1), better)]!);
    return { last, best };
  };
  return Object.fromEntries(
    Object.entries(learners).map(([learner, kindFor]) => [
      learner,
      course(kindFor(seeded(learning, Stream.learning))),
    ]),
  );
}

/** Of a course, the share of the rounds after which the measure is worse than before. */
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
  /** The measure after the last round, of the policy trained then. */
  readonly measure: Estimate;
}

/** The result of a study as text and as JSON. */
export function setbackOutputs(study: SetbackStudy, runs: readonly SetbackRun[]) {
  const { measure: how } = running[study.world]!;
  const over = (of: (run: SetbackRun) => number): Estimate => {
    const values = runs.map(of);
    const random = seeded(study.seed, Stream.query);
    const [low, high] = bootstrapInterval([values], mean, random);
    return { value: mean(values), low, high };
  };
  const setbacks = Object.keys(learners).map(
    (learner): Setbacks => ({
      learner,
      last: over((run) => shareWorse(run[learner]!.last, how.better)),
      best: over((run) => shareWorse(run[learner]!.best, how.better)),
      measure: over((run) => run[learner]!.last.at(-1)!),
    }),
  );
  return {
    text: textOf(study, setbacks),
    json: `${JSON.stringify({ study, setbacks, runs })}\n`,
  };
}

function textOf({ world: name, rounds, seeds }: SetbackStudy, setbacks: readonly Setbacks[]) {
  const { title, measure } = running[name]!;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    `Setbacks: ${title}`,
    `How often a learner is worse after ${count(asked.budget, "answer")} more, by ${measure.name} in ${nHeldOut} held-out episodes. ${count(seeds, "person", "people")} (noise ${noise}, late by 0 to ${1000 * lags.at(-1)!} ms), one demonstration and ${count(rounds, "round")} each. Means, with 95 % bootstrap intervals over people. The best so far is chosen on ${nHeldOut} other episodes.`,
    "",
    ...tableLines({
      title: "Share of the rounds after which it is worse",
      heading: ["learner", "trained last", "best so far", `${measure.unit} at the end`],
      rows: setbacks.map(({ learner, last, best, measure: end }) => [
        learner,
        withInterval(last, percent),
        withInterval(best, percent),
        withInterval(end, (value) => value.toFixed(2)),
      ]),
    }),
    "",
  ].join("\n");
}
