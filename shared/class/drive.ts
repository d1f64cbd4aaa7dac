import { driveToFall } from "../imitation/endurance.ts";
import { type Driver, driverOf } from "../imitation/rollout.ts";
import { rewardDriver } from "../irl/driver.ts";
import { heldOutSeeds } from "../lesson/protocol.ts";
import { policyKinds } from "../policies/index.ts";
import type { Policy, PolicyJson } from "../policies/policy.ts";
import { Controller, type Episode, replay } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";
import { longestTrace, type Trace, traceOf } from "./trace.ts";

/** The held-out start, and the wind, from which every learner of a class is seen to drive. */
const seed = heldOutSeeds[0]!;

export interface DriveTask {
  readonly world: string;
  /** Who drives: a policy's JSON, as text, or the weights of a reward that somebody is after. */
  readonly by: string | readonly number[];
  /** Number of the trace. */
  readonly seq: number;
}

export function driveTrace({ world: name, by, seq }: DriveTask): Trace {
  const world = worlds[name]!;
  if (typeof by !== "string")
    return traceBy(world, rewardDriver(world, Float64Array.from(by)), seq);
  const json: PolicyJson = JSON.parse(by);
  return traceIn(world, policyKinds[json.kind]!.fromJSON(json), seq);
}

/** What a policy does from the class's start, until it falls, or for as long as one looks. */
export function traceIn(world: Level, policy: Policy, seq: number): Trace {
  return traceBy(world, driverOf(world, policy), seq);
}

/** What a person did, as far as one looks. */
export function traceOfEpisode(world: Level, episode: Episode, seq: number): Trace {
  const { states, length } = replay(world, episode);
  const steps = Math.min(longestTrace, length);
  return { ...traceOf(world, { states, steps, fell: false }, seq), isOwn: true };
}

function traceBy(world: Level, driver: Driver, seq: number): Trace {
  const most = world.canFall ? longestTrace : Math.min(longestTrace, world.horizon);
  const driven = driveToFall(world, driver, Controller.learner, seed, most);
  const fell = driven.outcomes.at(-1) === Outcome.fell;
  // After a fall one is back on the way: what is shown ends where it went off.
  const steps = fell ? driven.length - 1 : driven.length;
  return traceOf(world, { states: driven.states, steps, fell }, seq);
}
