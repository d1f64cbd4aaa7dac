import { width } from "../../../shared/spaces.ts";
import { replay, Simulation, type Trajectory } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";

/** An episode of the scripted expert, or of another driver. */
export function driven(world: Level, seed: number, policy = world.expert): Trajectory {
  const drive = new Simulation(world, seed);
  const action = new Float64Array(width(world.action));
  const actions: number[] = [];
  while (!drive.over) {
    policy(drive.state, action);
    actions.push(...action);
    drive.step(action);
  }
  const controllers = new Array(actions.length / action.length).fill(0);
  return replay(world, { world: world.name, seed, actions, controllers });
}
