import type { Policy } from "../policies/policy.ts";
import { Controller, replay, type Trajectory } from "../worlds/episode.ts";
import type { Measured, Tabular } from "../worlds/level.ts";
import { Outcome, type World } from "../worlds/world.ts";
import { driverOf, rollout } from "./rollout.ts";

/** At how many time steps, evenly spaced, the error so far is kept. */
const nMarks = 20;

/** The time steps at which the error so far is kept, the last of them the horizon. [20], ascending */
export function marksOf({ horizon }: World): number[] {
  return Array.from({ length: nMarks }, (_, k) => Math.round((horizon * (k + 1)) / nMarks));
}

/** How a policy did on the held-out seeds. */
export interface HeldOutResult {
  /** The world's measure on each seed. */
  readonly measures: readonly number[];
  /** {@link errorsOf} the same drives. */
  readonly errors: readonly number[];
}

/** Drives `policy` once on each of `seeds`: how well it went, and when it went wrong. */
export function examine(world: Measured, policy: Policy, seeds: readonly number[]): HeldOutResult {
  const driver = driverOf(world, policy);
  const drives = seeds.map((seed) =>
    replay(world, rollout(world, driver, Controller.learner, seed)),
  );
  return {
    measures: drives.map((drive) => world.measure.of(drive)),
    errors: errorsOf(world, drives),
  };
}

/**
 * The error so far at each of the {@link marksOf} the world: the mean cost of a step over the drives
 * that came that far, summed over the steps. A line means that as much goes wrong late in a drive as
 * early; a curve that bends upward means that errors lead to errors, as they may where a learner is
 * carried to places that it was never shown (Ross and Bagnell 2010: T²ε at worst).
 *
 * What a step costs is how far off the line it led, 1 at a fall; where there is no line, 1 as long as
 * one has not arrived. Whoever has arrived costs nothing from then on.
 *
 * @returns at most one number for each mark, three decimals; it ends where all drives were broken off
 */
export function errorsOf(world: Measured, drives: readonly Trajectory[]): number[] {
  const marks = marksOf(world);
  const errors: number[] = [];
  let sum = 0;
  for (let t = 0; t < world.horizon; t++) {
    const there = drives.filter((drive) => t < drive.length || arrived(drive));
    if (there.length === 0) break;
    sum += there.reduce((cost, drive) => cost + costOf(world, drive, t), 0) / there.length;
    if (t + 1 === marks[errors.length]) errors.push(Math.round(1000 * sum) / 1000);
  }
  return errors;
}

function costOf(world: Measured, drive: Trajectory, t: number): number {
  if (t >= drive.length) return 0;
  // After a fall the state is back on the line, which is not where the fall was.
  if (drive.outcomes[t] === Outcome.fell) return 1;
  if (!world.line) return drive.outcomes[t] === Outcome.done ? 0 : 1;
  return world.line.deviation(
    drive.states.subarray((t + 1) * world.stateSize, (t + 2) * world.stateSize),
  );
}

function arrived({ outcomes }: Trajectory): boolean {
  return outcomes.at(-1) === Outcome.done;
}

/**
 * How many times the error of a drive's first half its second half has: 1 where the error so far is a
 * line in T, 3 where it grows as T². Null where there is no error in the first half, or no second half.
 * @param errors {@link errorsOf} all marks
 */
export function bendOf(errors: readonly number[]): number | null {
  const half = errors[nMarks / 2 - 1];
  const whole = errors[nMarks - 1];
  return half && whole !== undefined ? (whole - half) / half : null;
}

/** The cells of the world's lattice that these episodes come through; what is off it counts as one cell, −1. */
export function cellsOf(
  { lattice, stateSize }: Tabular,
  drives: readonly Trajectory[],
): Set<number> {
  const cells = new Set<number>();
  for (const { states } of drives) {
    for (let i = 0; i < states.length; i += stateSize) {
      cells.add(lattice.cellOf(states.subarray(i, i + stateSize)));
    }
  }
  return cells;
}

/**
 * How far the learner's distribution of states has shifted from the expert's, crudely: the share of
 * the states in `drives`, starts and ends included, whose cell is none of those `shown`.
 * @param shown {@link cellsOf} the demonstrations
 * @returns in [0, 1]; 0 of no drives
 */
export function shareNeverShown(
  { lattice, stateSize }: Tabular,
  drives: readonly Trajectory[],
  shown: ReadonlySet<number>,
): number {
  let all = 0;
  let strange = 0;
  for (const { states } of drives) {
    for (let i = 0; i < states.length; i += stateSize, all++) {
      if (!shown.has(lattice.cellOf(states.subarray(i, i + stateSize)))) strange++;
    }
  }
  return all === 0 ? 0 : strange / all;
}
