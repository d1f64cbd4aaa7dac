import { driverOf } from "../imitation/rollout.ts";
import { width } from "../spaces.ts";
import { Controller, replay, type Trajectory } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";
import type { EpisodeRecord, LessonRecord, Way } from "./lessonRecord.ts";

/** An episode with everything that is known of each of its T steps. */
export interface EpisodeSteps extends Trajectory {
  readonly record: EpisodeRecord;
  /** [T + 1][observationSize]: what a policy sees in each state. */
  readonly observations: Float64Array;
  /** What the learner did or would have done, [T][width]; null where there is no learner, or it is not known. */
  readonly learner: Float64Array | null;
  /** What the expert did or said that they would do, the last that counts, [T][width]; NaN where not asked. */
  readonly expert: Float64Array;
  /** How the expert told it, [T]. */
  readonly sources: readonly (Way | "demonstration" | null)[];
  /** [T] The place of the question about this state in the order of asking; −1 where none was asked. */
  readonly ranks: Int32Array;
  /** [T][k] Reward features of the place that the step led to; NaN outside of the lattice. */
  readonly features: Float64Array;
  /** [T] What these are worth under the taste that the expert was dealt; NaN where they had none. */
  readonly rewards: Float64Array;
}

/** Replays an episode, and looks at each of its steps. */
export function stepsOf(lesson: LessonRecord, record: EpisodeRecord): EpisodeSteps {
  const level = worlds[record.episode.world]!;
  const trajectory = replay(level, record.episode);
  const observations = observationsOf(level, trajectory);
  const features = featuresOf(level, trajectory);
  return {
    ...trajectory,
    record,
    observations,
    learner: learnerIn(lesson, record, trajectory),
    ...expertIn(level, record, trajectory),
    ranks: ranksIn(lesson, record, trajectory.length),
    features,
    rewards: rewardsOf(level, record, features, trajectory.length),
  };
}

function observationsOf(world: Level, { states, length }: Trajectory): Float64Array {
  const { stateSize, observationSize: size } = world;
  const observations = new Float64Array((length + 1) * size);
  for (let t = 0; t <= length; t++) {
    const state = states.subarray(t * stateSize, (t + 1) * stateSize);
    world.observe(state, observations.subarray(t * size, (t + 1) * size));
  }
  return observations;
}

/** What the learner of the episode's round did, or would have done where others drove. */
export function learnerIn(
  { learners }: LessonRecord,
  { kind, round, episode }: EpisodeRecord,
  { states, actions, length }: Trajectory,
): Float64Array | null {
  if (kind === "rollout") return actions;
  const policy = round === null ? undefined : learners.get(round);
  if (!policy) return null;
  const world = worlds[episode.world]!;
  const { stateSize } = world;
  const wide = width(world.action);
  const drive = driverOf(world, policy);
  const proposals = new Float64Array(length * wide);
  for (let t = 0; t < length; t++)
    drive(
      states.subarray(t * stateSize, (t + 1) * stateSize),
      proposals.subarray(t * wide, (t + 1) * wide),
    );
  return proposals;
}

function expertIn(
  { action }: Level,
  { kind, labels }: EpisodeRecord,
  { actions, controllers, length }: Trajectory,
): Pick<EpisodeSteps, "expert" | "sources"> {
  const wide = width(action);
  const expert = new Float64Array(length * wide).fill(Number.NaN);
  const sources = new Array<EpisodeSteps["sources"][number]>(length).fill(null);
  for (let t = 0; t < length; t++) {
    if (controllers[t] !== Controller.expert) continue;
    expert.set(actions.subarray(t * wide, (t + 1) * wide), t * wide);
    sources[t] = kind === "demonstration" ? "demonstration" : "takeover";
  }
  for (const { t, action, way, takenBack } of labels) {
    if (takenBack !== null) continue;
    expert.set(action, t * wide);
    sources[t] = way;
  }
  return { expert, sources };
}

function ranksIn(
  { rounds }: LessonRecord,
  { round, drive }: EpisodeRecord,
  length: number,
): Int32Array {
  const ranks = new Int32Array(length).fill(-1);
  if (drive === null) return ranks;
  rounds[round!]!.start.queries.forEach(([of, t], rank) => {
    if (of === drive && ranks[t] === -1) ranks[t] = rank;
  });
  return ranks;
}

function featuresOf(world: Level, { states, outcomes, length }: Trajectory): Float64Array {
  const { lattice, stateSize } = world;
  const size = lattice.nFeatures;
  const features = new Float64Array(length * size);
  for (let t = 0; t < length; t++) {
    const state = states.subarray((t + 1) * stateSize, (t + 2) * stateSize);
    const fell = outcomes[t] === Outcome.fell && lattice.fallen !== undefined;
    const cell = fell ? lattice.fallen!(state) : lattice.cellOf(state);
    const row = features.subarray(t * size, (t + 1) * size);
    if (cell < 0) row.fill(Number.NaN);
    else lattice.features(cell, row);
  }
  return features;
}

function rewardsOf(
  { tastes, lattice }: Level,
  { taste }: EpisodeRecord,
  features: Float64Array,
  length: number,
): Float64Array {
  const size = lattice.nFeatures;
  const weights = taste === null ? undefined : tastes?.[taste]?.weights;
  if (!weights) return new Float64Array(length).fill(Number.NaN);
  return Float64Array.from({ length }, (_, t) =>
    weights.reduce((sum, weight, k) => sum + weight * features[t * size + k]!, 0),
  );
}
