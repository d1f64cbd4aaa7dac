import { human } from "../../shared/imitation/experts.ts";
import { type Driver, rollout } from "../../shared/imitation/rollout.ts";
import type { Random } from "../../shared/random.ts";
import { Controller, type Episode } from "../../shared/worlds/episode.ts";
import type { Road } from "../../shared/worlds/road/road.ts";
import { isByKeys } from "../../shared/worlds/steering.ts";
import type { World } from "../../shared/worlds/world.ts";
import { answersOf, type Hands, recordedBy } from "../client/someone.ts";

/** How a simulated pupil steers, and what they answer. */
export interface PupilHands {
  shows(world: World, seed: number): Episode;
  answers(world: World, index: number): Driver;
}

const isRoad = (world: World): world is Road => (world as Road).kind === "road";

/**
 * Hands that differ: some are late, some tremble, some look too near. On a road they steer as the page lets them,
 * which helps in still air.
 */
export function handsOf(random: Random): PupilHands {
  const someone: Hands = {
    ahead: 0.8 + 0.6 * random.uniform(),
    late: random.below(4),
    noise: 0.12 * random.uniform(),
  };
  const pressing: Hands = { ...someone, noise: 0.03, slack: 0.15 + 0.15 * random.uniform() };
  const off = { noise: 0.03 + 0.3 * random.uniform(), lag: random.below(5) };
  const anybody = { ...off, inconsistency: 0.1 * random.uniform(), temperature: 0 };
  return {
    shows: (world, seed) =>
      isRoad(world)
        ? recordedBy(world, isByKeys(world) ? pressing : someone, seed)
        : rollout(world, human(world, anybody).drives(random), Controller.expert, seed),
    answers: (world, index) =>
      isRoad(world) ? answersOf(world, someone, index) : human(world, anybody).answers(random),
  };
}
