import type { Policy } from "../policies/policy.ts";
import { width } from "../spaces.ts";
import { Controller, Drive, type Episode } from "../worlds/episode.ts";
import type { World } from "../worlds/world.ts";

/** Writes the action to take in `state`. */
export type Driver = (state: Float64Array, action: Float64Array) => void;

/** Drives `world` for one episode, from the start that `seed` gives to the episode's end. */
export function rollout(world: World, driver: Driver, controller: number, seed: number): Episode {
  const drive = new Drive(world, seed);
  const action = new Float64Array(width(world.action));
  const actions: number[] = [];
  while (!drive.over) {
    driver(drive.state, action);
    actions.push(...action);
    drive.step(action);
  }
  const controllers = new Array<number>(drive.time).fill(controller);
  return { world: world.name, seed, actions, controllers };
}

/** A policy at the wheel: it sees the observation of the state, not the state. */
export function driverOf(world: World, policy: Policy): Driver {
  const observation = new Float64Array(world.observationSize);
  return (state, action) => {
    world.observe(state, observation);
    policy.act(observation, action);
  };
}

/** An episode by the world's scripted expert. */
export function demonstrate(world: World, seed: number): Episode {
  return rollout(world, world.expert, Controller.expert, seed);
}
