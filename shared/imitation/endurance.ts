import { width } from "../spaces.ts";
import { Controller, Simulation, type Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";
import { Outcome, type World } from "../worlds/world.ts";
import type { Driver } from "./rollout.ts";
import { type Interval, median, medianInterval } from "./statistics.ts";

/** Most steps in which a drive may fall, whatever the world's horizon. */
export const mostSteps = 2000;

/** How far drives get before their first fall; item i is of start i. */
export interface Endurance {
  /** Steps before the one that led to the fall; {@link mostSteps} where the drive held. */
  readonly steps: readonly number[];
  /** The way along the line in these steps, forwards less backwards, in laps; three decimals. */
  readonly laps: readonly number[];
}

/** Endurance from all starts together. */
export interface EnduranceSummary {
  /** Median. */
  readonly laps: number;
  /** 95 % interval of the median: what other starts and another wind might have given. */
  readonly interval: Interval;
  /** Starts from which the drive held. */
  readonly held: number;
  readonly starts: number;
}

/** A world in which one can be asked how far somebody gets. */
export type Enduring = World & Pick<Level, "canFall" | "laps">;

/**
 * How far somebody gets from the starts that `seeds` give before the first fall, which ends the drive:
 * where one is put back and goes on, errors do not lead to errors.
 * @param driverFor who drives from the start that this seed gives
 * @param enough steps in all, after which no other start is begun
 * @param most steps of one drive
 * @returns null where one cannot fall, or where there is nothing to go round
 */
export function enduranceOf(
  world: Enduring,
  driverFor: (seed: number) => Driver,
  seeds: readonly number[],
  enough = Number.POSITIVE_INFINITY,
  most = mostSteps,
): Endurance | null {
  const { canFall, laps } = world;
  if (!canFall || !laps) return null;
  const drives: { steps: number; laps: number }[] = [];
  let driven = 0;
  for (const seed of seeds) {
    if (driven >= enough) break;
    const drive = driveToFall(world, driverFor(seed), Controller.learner, seed, most);
    const fell = drive.outcomes.at(-1) === Outcome.fell;
    const length = fell ? drive.length - 1 : drive.length;
    const states = drive.states.subarray(0, (length + 1) * world.stateSize);
    drives.push({ steps: length, laps: laps({ states, length }) });
    driven += length;
  }
  return {
    steps: drives.map(({ steps }) => steps),
    laps: drives.map(({ laps }) => Math.round(1000 * laps) / 1000),
  };
}

/** One drive until the first fall, that step included, or for `most` steps: past the world's horizon. */
export function driveToFall(
  world: World,
  driver: Driver,
  controller: number,
  seed: number,
  most = mostSteps,
): Trajectory {
  const size = world.stateSize;
  const wide = width(world.action);
  const states = new Float64Array((most + 1) * size);
  const actions = new Float64Array(most * wide);
  const outcomes = new Uint8Array(most);
  const action = new Float64Array(wide);
  const drive = new Simulation({ ...world, horizon: most }, seed);
  states.set(drive.state);
  while (!drive.over) {
    const t = drive.time;
    driver(drive.state, action);
    actions.set(action, t * wide);
    outcomes[t] = drive.step(action);
    states.set(drive.state, (t + 1) * size);
    if (outcomes[t] === Outcome.fell) break;
  }
  const length = drive.time;
  return {
    length,
    states: states.slice(0, (length + 1) * size),
    actions: actions.slice(0, length * wide),
    controllers: new Uint8Array(length).fill(controller),
    outcomes: outcomes.slice(0, length),
  };
}

export function summaryOf({ steps, laps }: Endurance): EnduranceSummary {
  return {
    laps: median(laps),
    interval: medianInterval(laps),
    held: steps.filter((n) => n === mostSteps).length,
    starts: laps.length,
  };
}

/** Laps as they are told: differences below a tenth of a lap are not. */
export function toldLaps(laps: number): number {
  return Math.round(10 * laps) / 10;
}
