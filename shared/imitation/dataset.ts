import type { Dataset } from "../policies/policy.ts";
import { width } from "../spaces.ts";
import { Controller, type Trajectory } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";

/** What the expert would do in a state: an answer to a query. */
export interface Label {
  /** [stateSize] */
  readonly state: Float64Array;
  /** [width] */
  readonly action: ArrayLike<number>;
}

/** A label as the pair of observation and action that a policy learns from. */
export function pairOf(world: World, { state, action }: Label): [Float64Array, Float64Array] {
  const observation = new Float64Array(world.observationSize);
  world.observe(state, observation);
  return [observation, Float64Array.from(action)];
}

/** An empty data set for `world`. */
export function noData(world: World): Dataset {
  return dataset(world, new Float64Array(0), new Float64Array(0));
}

/** What the expert did in `demonstrations`: one pair for each step the expert chose, none for the learner's. */
export function pairsOf(world: World, demonstrations: readonly Trajectory[]): Dataset {
  return aggregate(
    world,
    noData(world),
    demonstrations.flatMap((trajectory) => labelsIn(world, trajectory)),
  );
}

/** D ∪ labels (Ross et al. 2011, Algorithm 3.1): the data so far, and the new answers after them. */
export function aggregate(world: World, data: Dataset, labels: readonly Label[]): Dataset {
  const wide = width(world.action);
  const observations = new Float64Array((data.n + labels.length) * data.observationSize);
  const actions = new Float64Array((data.n + labels.length) * wide);
  observations.set(data.observations);
  actions.set(data.actions);
  labels.forEach(({ state, action }, i) => {
    const row = (data.n + i) * data.observationSize;
    world.observe(state, observations.subarray(row, row + data.observationSize));
    actions.set(action, (data.n + i) * wide);
  });
  return dataset(world, observations, actions);
}

/** The first `n` pairs of `data`, or all where it has fewer. */
export function firstPairs(data: Dataset, n: number): Dataset {
  const rows = Math.min(n, data.n);
  return {
    ...data,
    n: rows,
    observations: data.observations.subarray(0, rows * data.observationSize),
    actions: data.actions.subarray(0, rows * width(data.action)),
  };
}

function labelsIn(world: World, { states, actions, controllers }: Trajectory): Label[] {
  const size = world.stateSize;
  const wide = width(world.action);
  return Array.from(controllers, (controller, t) =>
    controller === Controller.expert
      ? [
          {
            state: states.subarray(t * size, (t + 1) * size),
            action: actions.subarray(t * wide, (t + 1) * wide),
          },
        ]
      : [],
  ).flat();
}

function dataset(world: World, observations: Float64Array, actions: Float64Array): Dataset {
  const { observationSize, action } = world;
  return { n: actions.length / width(action), observationSize, action, observations, actions };
}
