import type { Policy } from "../policies/policy.ts";
import { width } from "../spaces.ts";
import { Controller, replay, Simulation, type Trajectory } from "../worlds/episode.ts";
import type { Measured } from "../worlds/level.ts";
import { Outcome, type World } from "../worlds/world.ts";
import { disagreement } from "./disagreement.ts";
import { type Driver, driverOf, rollout } from "./rollout.ts";
import { mean } from "./statistics.ts";

/** How one held-out episode went. */
export interface EpisodeScore {
  /** The world's measure of it. */
  readonly measure: number;
  /** Steps until it ended: where a step costs one, the return is minus this. */
  readonly length: number;
  /** Mean distance off the line, where 1 is the edge and a fall counts as 1; null without a line. */
  readonly deviation: number | null;
  /** Mean disagreement with the scripted expert about the states that were visited. */
  readonly disagreement: number;
  /** Distance off the line, or without a line the disagreement, at each step. [T] */
  readonly cost: Float64Array;
  /** Falls at each step, 0 or 1. [T] */
  readonly falls: Uint8Array;
}

/** Drives one episode with `driver` and compares it with the world's scripted expert. */
export function judge(world: Measured, driver: Driver, seed: number): EpisodeScore {
  const { horizon, action: space } = world;
  const drive = new Simulation(world, seed);
  const action = new Float64Array(width(space));
  const right = new Float64Array(width(space));
  const states = new Float64Array((horizon + 1) * world.stateSize);
  const outcomes = new Uint8Array(horizon);
  const disagreements = new Float64Array(horizon);
  const deviations = world.line ? new Float64Array(horizon) : null;
  states.set(drive.state);
  while (!drive.over) {
    const t = drive.time;
    driver(drive.state, action);
    world.expert(drive.state, right);
    disagreements[t] = disagreement(space, action, right);
    outcomes[t] = drive.step(action);
    states.set(drive.state, (t + 1) * world.stateSize);
    // After a fall the state is back on the line, which is not where the fall was.
    if (deviations) {
      deviations[t] = outcomes[t] === Outcome.fell ? 1 : world.line!.deviation(drive.state);
    }
  }
  const length = drive.time;
  return {
    measure: world.measure.of({ states, outcomes: outcomes.subarray(0, length), length }),
    length,
    deviation: deviations && mean(deviations.subarray(0, length)),
    disagreement: mean(disagreements.subarray(0, length)),
    cost: (deviations ?? disagreements).slice(0, length),
    falls: Uint8Array.from(outcomes.subarray(0, length), (o) => (o === Outcome.fell ? 1 : 0)),
  };
}

/** The world's measure of `policy` on each of `seeds`. */
export function measure(world: Measured, policy: Policy, seeds: readonly number[]): number[] {
  return seeds.map((seed) => {
    const episode = rollout(world, driverOf(world, policy), Controller.learner, seed);
    return world.measure.of(replay(world, episode));
  });
}

/** How good a policy is on held-out seeds. Each is a mean over their episodes. */
export interface Evaluation {
  readonly measure: number;
  readonly length: number;
  readonly deviation: number | null;
  /** Disagreement about the states that the learner itself gets into: what DAgger brings down. */
  readonly onOwnStates: number;
  /** Disagreement about the states that the expert gets into: what cloning brings down. */
  readonly onExpertStates: number;
}

/**
 * Drives `policy` on held-out seeds.
 * @param demonstrations episodes of the expert, on whose states the two are compared as well
 */
export function evaluate(
  world: Measured,
  policy: Policy,
  seeds: readonly number[],
  demonstrations: readonly Trajectory[],
): Evaluation {
  const driver = driverOf(world, policy);
  const judged = seeds.map((seed) => judge(world, driver, seed));
  return {
    measure: mean(judged.map((j) => j.measure)),
    length: mean(judged.map((j) => j.length)),
    deviation: world.line ? mean(judged.map((j) => j.deviation!)) : null,
    onOwnStates: mean(judged.map((j) => j.disagreement)),
    onExpertStates: mean(demonstrations.map((episode) => disagreementOn(world, driver, episode))),
  };
}

/** How often the wheel changed hands in an episode. */
export function switches({ controllers }: Pick<Trajectory, "controllers">): number {
  return controllers.reduce((n, who, t) => n + (t > 0 && who !== controllers[t - 1] ? 1 : 0), 0);
}

/** Mean disagreement of `driver` with the scripted expert about the states of an episode. */
function disagreementOn(world: World, driver: Driver, { states, length }: Trajectory): number {
  const mine = new Float64Array(width(world.action));
  const right = new Float64Array(width(world.action));
  let sum = 0;
  for (let t = 0; t < length; t++) {
    const state = states.subarray(t * world.stateSize, (t + 1) * world.stateSize);
    driver(state, mine);
    world.expert(state, right);
    sum += disagreement(world.action, mine, right);
  }
  return sum / length;
}
