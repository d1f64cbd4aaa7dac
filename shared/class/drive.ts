import { driveToFall } from "../imitation/endurance.ts";
import { driverOf } from "../imitation/rollout.ts";
import { heldOutSeeds } from "../lesson/protocol.ts";
import { policyKinds } from "../policies/index.ts";
import type { Policy, PolicyJson } from "../policies/policy.ts";
import { Controller } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";
import { longestTrace, type Trace, traceOf } from "./trace.ts";

/** The held-out start, and the wind, from which every learner of a class is seen to drive. */
const seed = heldOutSeeds[0]!;

export interface DriveTask {
  readonly world: string;
  /** A policy's JSON, as text. */
  readonly policy: string;
  /** Of the event that brought the policy. */
  readonly seq: number;
}

export function driveTrace({ world, policy, seq }: DriveTask): Trace {
  const json: PolicyJson = JSON.parse(policy);
  return traceIn(worlds[world]!, policyKinds[json.kind]!.fromJSON(json), seq);
}

/** What a policy does from the class's start, until it falls, or for as long as one looks. */
export function traceIn(world: Level, policy: Policy, seq: number): Trace {
  const most = world.canFall ? longestTrace : Math.min(longestTrace, world.horizon);
  const driven = driveToFall(world, driverOf(world, policy), Controller.learner, seed, most);
  const fell = driven.outcomes.at(-1) === Outcome.fell;
  // After a fall one is back on the way: what is shown ends where it went off.
  const steps = fell ? driven.length - 1 : driven.length;
  return traceOf(world, { states: driven.states, steps, fell }, seq);
}
