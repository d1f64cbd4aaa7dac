import { dagger, type RoundResult } from "../imitation/dagger.ts";
import { firstPairs, pairsOf } from "../imitation/dataset.ts";
import { type Evaluation, evaluate, judge, switches } from "../imitation/evaluation.ts";
import { type Driver, demonstrate, driverOf } from "../imitation/rollout.ts";
import { fit, type Method } from "../imitation/round.ts";
import { bestPolicy, select } from "../imitation/selection.ts";
import { mean } from "../imitation/statistics.ts";
import { firstOpenSeed } from "../lesson/protocol.ts";
import type { Policy } from "../policies/policy.ts";
import { Stream, seeded } from "../random.ts";
import { Controller, replay, type Trajectory } from "../worlds/episode.ts";
import { demonstrationWorld, type Measured } from "../worlds/level.ts";
import {
  type ControlName,
  controlNames,
  controlRounds,
  eachControl,
  hasControls,
} from "./controls.ts";
import { type Price, priceOfRounds, priceOfShowing } from "./price.ts";
import { expertOf, kindOf, queryOf, type Study, worldOf } from "./study.ts";
import { openStart } from "./teaching.ts";

/** Most held-out episodes of a policy, and most validation episodes. */
export const mostHeldOut = firstOpenSeed / 2;

/** The evaluation of one policy of a run on the held-out episodes, and its cost in labels. */
export interface Score extends Evaluation {
  /** Pairs of state and action that it was trained on, the demonstrations' included. */
  readonly labels: number;
  /** Changes between learner and expert in the rollouts just before it. */
  readonly switches: number;
  /** Share of the steps of these rollouts that the expert controlled. */
  readonly expertShare: number;
}

/** The cumulative cost of an episode by each step, [horizon], a mean over the held-out episodes. */
export interface Growth {
  /**
   * Distance off the line, at most 1, or, where there is none, disagreement with the expert. After a crash one is put
   * back on the line.
   */
  readonly cost: readonly number[];
  /** The same where a crash ends the drive: each step from it on costs 1. */
  readonly costWithoutReset: readonly number[];
  readonly falls: readonly number[];
}

/** One independent run of a study. */
export interface Run {
  /** The expert's own measure on the held-out episodes. */
  readonly expert: number;
  /** One score a round; empty in a study of cloning alone. */
  readonly dagger: readonly Score[];
  /** Cloning with as many labels as DAgger had in that round. */
  readonly cloning: readonly Score[];
  /** Only where DAgger chooses what it asks about: what it is without one half of that. */
  readonly controls: Readonly<Record<ControlName, readonly Score[]>> | null;
  /** The round whose policy DAgger returns, chosen on the validation episodes. */
  readonly best: number | null;
  /** Only in a study of shift: of the expert, the last clone and the policy that DAgger returns. */
  readonly growth: Readonly<Record<"expert" | "cloning" | "dagger", Growth>> | null;
  /** Only in a study of shift: what each score of DAgger, and of cloning, took. */
  readonly price: Readonly<Record<"cloning" | "dagger", readonly Price[]>> | null;
  /** Only in a study of shift: a clone of demonstrations that take the expert as long as all of DAgger did. */
  readonly asLong: { readonly score: Score; readonly price: Price } | null;
}

/**
 * Run number `index` of a study; the result depends on these two alone.
 * @param progress told the share of the work that is done, in [0, 1]
 */
export function run(study: Study, index: number, progress: (share: number) => void): Run {
  const world = worldOf(study);
  const expert = expertOf(study);
  const kind = kindOf(study);
  const random = seeded(study.seed + index, Stream.expert);
  const learning = random.below(2 ** 31);
  const nRounds = study.rounds;
  const isControlled = study.command === "dagger" && hasControls(queryOf(study));
  const nFits =
    (study.command === "clone" ? 1 : isControlled ? 2 + controlNames.length : 2) * nRounds;
  let nDone = 0;
  const fitted = () => progress(++nDone / nFits);

  const reported = Array.from({ length: study.heldOut }, (_, i) => i);
  const byScript = reported.map((seed) => replay(world, demonstrate(world, seed)));
  const place = demonstrationWorld(world);
  const driverFor = (seed: number) => expert.drives(seeded(seed, Stream.expert));
  const byExpert = reported.map((seed) => replay(world, demonstrate(world, seed, driverFor(seed))));

  /** Demonstrations so far. DAgger uses the first ones, cloning more of them. */
  const shown: Trajectory[] = [];
  const show = (episodes: number): readonly Trajectory[] => {
    while (shown.length < episodes) {
      const seed = openStart(random);
      shown.push(replay(place, demonstrate(place, seed, driverFor(seed))));
    }
    return shown.slice(0, episodes);
  };
  /** As few demonstrations as have so many labels. */
  const showFor = (labels: number) => {
    let n = 1;
    while (pairsOf(world, show(n)).n < labels) n++;
    return show(n);
  };
  const cloned = (labels: number) => {
    const data = firstPairs(pairsOf(world, showFor(labels)), labels);
    return { policy: fit(data, kind, learning).policy, data };
  };
  const scoreOf = (policy: Policy, labels: number, drives: readonly Trajectory[]): Score => ({
    labels,
    switches: drives.reduce((sum, drive) => sum + switches(drive), 0),
    expertShare: drives.length === 0 ? 0 : mean(drives.map(shareOfExpert)),
    ...evaluate(world, policy, reported, byScript),
  });

  const rounds: RoundResult[] = [];
  const { labels, budget, drives } = study;
  const query = queryOf(study);
  const method: Method = { kind, query, budget, drives, ...(labels === null ? {} : { labels }) };
  if (study.command !== "clone") {
    const loop = dagger(world, show(study.demos), method, expert, learning, firstOpenSeed);
    for (const round of loop) {
      rounds.push(round);
      fitted();
      if (rounds.length >= nRounds || round.data.n >= (labels ?? Number.POSITIVE_INFINITY)) break;
    }
  }
  const counts =
    study.command === "clone"
      ? demonstrationCounts(study, (episodes) => pairsOf(world, show(episodes)).n)
      : rounds.map(({ data }) => data.n);
  const clones = counts.map((labels) => {
    const made = cloned(labels);
    fitted();
    return made;
  });

  const chosen =
    rounds.length === 0
      ? null
      : select(
          world,
          rounds,
          Array.from({ length: study.validation }, (_, i) => mostHeldOut + i),
        );
  const controlled = (name: ControlName) =>
    controlRounds(name, rounds, world, show(study.demos), method, expert, learning).map(
      ({ policy, data }) => {
        fitted();
        return scoreOf(policy, data.n, []);
      },
    );
  const priced =
    study.command === "shift"
      ? {
          cloning: clones.map(({ data }) => priceOfShowing(world, showFor(data.n))),
          dagger: priceOfRounds(world, query, show(study.demos), rounds),
        }
      : null;
  const showAsLong = (seconds: number) => {
    let n = 1;
    while (priceOfShowing(world, show(n)).seconds < seconds) n++;
    const { policy, data } = cloned(pairsOf(world, show(n)).n);
    return { score: scoreOf(policy, data.n, []), price: priceOfShowing(world, show(n)) };
  };
  const growth = (driverOn: (seed: number) => Driver) => growthOf(world, driverOn, reported);
  return {
    expert: mean(byExpert.map((episode) => world.measure.of(episode))),
    dagger: rounds.map(({ policy, data, drives }) => scoreOf(policy, data.n, drives)),
    cloning: clones.map(({ policy, data }) => scoreOf(policy, data.n, [])),
    controls: isControlled ? eachControl(controlled) : null,
    best: chosen?.best ?? null,
    growth:
      study.command === "shift"
        ? {
            expert: growth(driverFor),
            cloning: growth(() => driverOf(world, clones.at(-1)!.policy)),
            dagger: growth(() => driverOf(world, bestPolicy(chosen!))),
          }
        : null,
    price: priced,
    asLong: priced && showAsLong(priced.dagger.at(-1)!.seconds),
  };
}

/** Labels of cloning alone after each round, which adds `drives` demonstrations. */
function demonstrationCounts(
  { rounds, demos, drives, labels }: Study,
  pairs: (episodes: number) => number,
): number[] {
  const most = labels ?? Number.POSITIVE_INFINITY;
  const counts: number[] = [];
  for (let round = 0; round < rounds && (counts.at(-1) ?? 0) < most; round++) {
    counts.push(Math.min(most, pairs(demos + round * drives)));
  }
  return counts;
}

function growthOf(
  world: Measured,
  driverOn: (seed: number) => Driver,
  seeds: readonly number[],
): Growth {
  const [cost, costWithoutReset, falls] = [0, 0, 0].map(() => new Float64Array(world.horizon));
  for (const seed of seeds) {
    const judged = judge(world, driverOn(seed), seed);
    let hasFallen = false;
    judged.cost.forEach((c, t) => {
      hasFallen ||= judged.falls[t] === 1;
      cost![t]! += c / seeds.length;
      costWithoutReset![t]! += (hasFallen ? 1 : c) / seeds.length;
      falls![t]! += judged.falls[t]! / seeds.length;
    });
  }
  return {
    cost: cumulative(cost!),
    costWithoutReset: cumulative(costWithoutReset!),
    falls: cumulative(falls!),
  };
}

function cumulative(values: Float64Array): number[] {
  let sum = 0;
  return Array.from(values, (value) => {
    sum += value;
    return sum;
  });
}

function shareOfExpert({ controllers }: Trajectory): number {
  return mean(Array.from(controllers, (who) => (who === Controller.expert ? 1 : 0)));
}
