import { aggregate, type Label, pairsOf } from "../imitation/dataset.ts";
import { enduranceOf } from "../imitation/endurance.ts";
import { examine } from "../imitation/errors.ts";
import { headlineIn } from "../imitation/headline.ts";
import { realign } from "../imitation/lag.ts";
import { driverOf } from "../imitation/rollout.ts";
import { rounds } from "../imitation/round.ts";
import { inferFrom } from "../irl/reward.ts";
import { pair } from "../policies/dataset.ts";
import { imported } from "../policies/imported.ts";
import { policyKinds } from "../policies/index.ts";
import type { Policy, PolicyKind } from "../policies/policy.ts";
import { queries } from "../queries/index.ts";
import { withRepeats } from "../queries/repeats.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import { Controller, type Episode, replay, type Trajectory } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import { demonstrationWorld, type Playable } from "../worlds/level.ts";
import type { World } from "../worlds/world.ts";
import {
  type InferenceRecord,
  type Lesson,
  networkOf,
  type Round,
  type RoundStart,
  type TrainingPlan,
} from "./lesson.ts";
import { firstOpenSeed, heldOutSeeds, validationSeeds, validationSteps } from "./protocol.ts";

/**
 * A round on everything that the person has shown and answered, up to its
 * questions, and what the lesson records beside it: how good the policy is on the held-out seeds, and
 * how unfamiliar each step of its rollouts is to it.
 * @param progress told the share of the fit that is done; at 1 the fit is over
 * @param learningSeed what the fit draws from: `learningSeedOf` the lesson, or `seed` where a round has none
 */
export function startRound(
  lesson: Lesson,
  plan: TrainingPlan,
  seed: number,
  progress: (share: number) => void = () => {},
  learningSeed?: number,
): { policy: Policy; round: Omit<RoundStart, "basis" | "digest" | "arithmetic" | "ms"> } {
  const world = worlds[lesson.world]!;
  const labels = labelsOf(world, lesson);
  const query = queries[plan.query]!;
  const spare = query.isRanked ? (plan.spare ?? 0) : 0;
  const method = {
    kind: kindFor(lesson, plan.policy),
    query,
    budget: plan.budget * (1 + spare),
    drives: plan.drives,
  };
  const options = {
    firstSeed: firstOpenSeed,
    labels,
    progress,
    ...(learningSeed === undefined ? {} : { learningSeed }),
  };
  const round = rounds(world, demonstrationsOf(lesson), method, seed, options).next().value;
  const { policy, loss, data, rollouts, questions } = round;

  const observation = new Float64Array(world.observationSize);
  const uncertainty = rollouts.map(({ states, length }) =>
    Array.from({ length }, (_, t) => {
      world.observe(states.subarray(t * world.stateSize, (t + 1) * world.stateSize), observation);
      return Math.round(policy.uncertainty(observation) * 1000) / 1000;
    }),
  );
  const { measures, errors } = examine(world, policy, heldOutSeeds);
  const endurance = enduranceOf(world, () => driverOf(world, policy), heldOutSeeds);
  return {
    policy,
    round: {
      plan,
      seed,
      ...(learningSeed === undefined ? {} : { learningSeed }),
      pairs: data.n,
      labels: labels.length,
      loss,
      heldOut: measures,
      errors,
      ...(endurance && { endurance }),
      validation: headlineIn(world).from(policy, validationSeeds, validationSteps),
      episodes: rollouts.map(({ episode }) => episode),
      uncertainty,
      queries: withRepeats(
        questions.map(({ drive, t }) => [drive, t] as const),
        plan.budget,
        plan.repeats ?? 0,
        seeded(seed, Stream.query),
      ),
    },
  };
}

/**
 * What a plan's learner learns by: a network from elsewhere is corrected by the pairs that it was not trained on.
 * @param corrections in the order of the data set that is learned from; all of the lesson's without it
 */
export function kindFor(
  lesson: Lesson,
  policy: string,
  corrections: readonly Correction[] = correctionsOf(worlds[lesson.world]!, lesson),
): PolicyKind {
  if (policy !== imported.name) return policyKinds[policy]!;
  const { basis, network } = networkOf(lesson)!;
  const known = [
    ...lesson.demonstrations.flatMap(({ seq, episode }) =>
      episode.controllers.flatMap((who) => (who === Controller.expert ? [seq <= basis] : [])),
    ),
    ...corrections.flatMap(({ seq, labels }) => labels.map(() => seq <= basis)),
  ];
  return imported.correcting(network, worlds[lesson.world]!.action, (i) => known[i]!);
}

/** All pairs that there are to learn from, for a program outside: what it sees, and what the expert did there. */
export interface Pairs {
  readonly world: string;
  readonly action: World["action"];
  /** The lesson's last event that is in them. */
  readonly basis: number;
  /** [n][observationSize] */
  readonly observations: readonly (readonly number[])[];
  /** [n][width] */
  readonly actions: readonly (readonly number[])[];
  /** Of these, how many at the beginning are of demonstrations; the others are corrections, in their order. */
  readonly demonstrated: number;
}

export function pairsFor(lesson: Lesson): Pairs {
  const world = worlds[lesson.world]!;
  const shown = pairsOf(world, demonstrationsOf(lesson));
  const data = aggregate(world, shown, labelsOf(world, lesson));
  const rows = Array.from({ length: data.n }, (_, i) => pair(data, i));
  return {
    world: lesson.world,
    action: world.action,
    basis: lesson.seq,
    observations: rows.map(([observation]) => [...observation]),
    actions: rows.map(([, action]) => [...action]),
    demonstrated: shown.n,
  };
}

/** What the person showed, in the world in which they did. */
export function demonstrationsOf({ demonstrations }: Lesson): Trajectory[] {
  return demonstrations.map(({ episode }) => replay(worlds[episode.world]!, episode));
}

/** Maximum entropy inverse reinforcement learning on the lesson's demonstrations. */
export function inferReward(
  lesson: Lesson,
  progress: (share: number) => void = () => {},
): Omit<InferenceRecord, "basis" | "ms"> {
  const world = demonstrationWorld(worlds[lesson.world]!);
  return inferFrom(world, demonstrationsOf(lesson), progress);
}

/** What one event of the log brought, and what there is to learn from it. */
export interface Correction {
  /** The event. */
  readonly seq: number;
  readonly labels: readonly Label[];
}

/**
 * What the person corrected in all rounds, each action with the state that it is about: answers to
 * questions, steps under their hands in drives of the learner's, and what they steered beside its
 * drives. By round, and within a round by the event that brought them.
 */
export function labelsOf(world: Playable, lesson: Lesson): Label[] {
  return correctionsOf(world, lesson).flatMap(({ labels }) => labels);
}

/** The corrections of all rounds, likewise. */
function correctionsOf(world: Playable, lesson: Lesson): Correction[] {
  return lesson.rounds.flatMap((round) => correctionsIn(world, round));
}

/** The corrections of one round, by the event that brought them. */
export function correctionsIn(world: Playable, round: Round): Correction[] {
  const { episodes, queries, answers, answered, interventions, shadows } = round;
  const visited = episodes.map((episode) => statesOf(world, episode));
  const corrections = [
    ...answers.map((action, i) => {
      const [drive, t] = queries[i]!;
      return { seq: answered[i]!, labels: [{ state: visited[drive]!(t), action }] };
    }),
    ...interventions.map(({ seq, episode }) => ({ seq, labels: expertSteps(world, episode) })),
    ...shadows.map(({ seq, drive, lag, actions }) => ({
      seq,
      labels: realign(world, actions, lag).map(({ t, action }) => ({
        state: visited[drive]!(t),
        action,
      })),
    })),
  ];
  return corrections.sort((a, b) => a.seq - b.seq);
}

/** The steps of an episode that the expert chose. */
function expertSteps(world: World, episode: Episode): Label[] {
  const wide = width(world.action);
  const state = statesOf(world, episode);
  return episode.controllers.flatMap((controller, t) =>
    controller === Controller.expert
      ? [{ state: state(t), action: episode.actions.slice(t * wide, (t + 1) * wide) }]
      : [],
  );
}

/** The state at each step of an episode. */
function statesOf(world: World, episode: Episode): (t: number) => Float64Array {
  const { states } = replay(world, episode);
  return (t) => states.subarray(t * world.stateSize, (t + 1) * world.stateSize);
}
