import type { Policy } from "../policies/policy.ts";
import type { Gate } from "../queries/query.ts";
import { width } from "../spaces.ts";
import { Controller, type Episode, Simulation } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";
import type { World } from "../worlds/world.ts";
import { disagreement } from "./disagreement.ts";

/** Writes the action to take in `state`. */
export type Driver = (state: Float64Array, action: Float64Array) => void;

/** Drives `world` for one episode, from the start that `seed` gives to the episode's end. */
export function rollout(world: World, driver: Driver, controller: number, seed: number): Episode {
  return record(world, seed, (state, action) => {
    driver(state, action);
    return controller;
  });
}

/**
 * Learner and expert share the wheel for one episode: both say what they would do at each step, and
 * `gate` decides whose action it is. The learner's is `policy` of the state, whoever drove; so what
 * it would have done is known of each step, and of the expert what it did.
 */
export function rolloutTogether(
  world: World & Pick<Level, "line">,
  policy: Policy,
  expert: Driver,
  gate: Gate,
  seed: number,
): Episode {
  const learner = driverOf(world, policy);
  const proposal = new Float64Array(width(world.action));
  let t = 0;
  let expertDrives = false;
  return record(world, seed, (state, action) => {
    learner(state, proposal);
    expert(state, action);
    expertDrives = gate({
      t: t++,
      state,
      expertDrives,
      disagreement: disagreement(world.action, proposal, action),
      deviation: world.line?.deviation(state) ?? 0,
    });
    if (expertDrives) return Controller.expert;
    action.set(proposal);
    return Controller.learner;
  });
}

/**
 * The same where the wheel is handed over and the world waits for the expert to look, each time: they are late from then on,
 * and not with what they do first.
 * @param look a driver who has seen nothing so far
 * @param isTheirs whether the next step is the expert's
 */
export function rolloutInTurns(
  world: World,
  policy: Policy,
  look: () => Driver,
  isTheirs: (state: Float64Array, t: number) => boolean,
  seed: number,
): Episode {
  const learner = driverOf(world, policy);
  let expert: Driver | null = null;
  let t = 0;
  return record(world, seed, (state, action) => {
    if (!isTheirs(state, t++)) {
      expert = null;
      learner(state, action);
      return Controller.learner;
    }
    expert ??= look();
    expert(state, action);
    return Controller.expert;
  });
}

/** A policy at the wheel: it sees the observation of the state, not the state. */
export function driverOf(world: World, policy: Policy): Driver {
  const observation = new Float64Array(world.observationSize);
  return (state, action) => {
    world.observe(state, observation);
    policy.act(observation, action);
  };
}

/** An episode by the world's scripted expert, or by `expert`. */
export function demonstrate(world: World, seed: number, expert: Driver = world.expert): Episode {
  return rollout(world, expert, Controller.expert, seed);
}

/** @param act writes the action to take in a state and returns whose it is */
function record(
  world: World,
  seed: number,
  act: (state: Float64Array, action: Float64Array) => number,
): Episode {
  const drive = new Simulation(world, seed);
  const action = new Float64Array(width(world.action));
  const actions: number[] = [];
  const controllers: number[] = [];
  while (!drive.over) {
    controllers.push(act(drive.state, action));
    actions.push(...action);
    drive.step(action);
  }
  return { world: world.name, seed, actions, controllers };
}
