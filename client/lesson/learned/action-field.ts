import { disagreement } from "../../../shared/imitation/disagreement.ts";
import { driverOf } from "../../../shared/imitation/rollout.ts";
import type { Round } from "../../../shared/lesson/lesson.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import type { Random } from "../../../shared/random.ts";
import { width } from "../../../shared/spaces.ts";
import type { Trajectory } from "../../../shared/worlds/episode.ts";
import type { Lattice } from "../../../shared/worlds/lattice.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { placeOnMap } from "../../../shared/worlds/picture.ts";

import { trajectoryOf } from "../../worlds/replays.ts";

/** Between places across a map, as a multiple of the agent's size. */
const apart = 2;
/** Steps between places along a drive. */
const stride = 2;
/** Two actions further apart than this share of the range are to be told apart by eye. */
export const visible = 0.025;

/** What a learner would do, place by place; the places are those of {@link placesIn}. Plain data. */
export interface Field {
  /** Flat, [places][width]. */
  readonly actions: readonly number[];
  /** [places], in [0, 1]: 0 where it was never shown anything. */
  readonly familiarity: readonly number[];
}

export interface FieldPoint {
  readonly x: number;
  readonly y: number;
  readonly state: Float64Array;
}

const places = new WeakMap<Level, readonly FieldPoint[]>();

/** Where a world's field is looked at: its viewpoints, or tiles of its map that are evenly spread. */
export function placesOf(world: Level): readonly FieldPoint[] {
  let found = places.get(world);
  if (!found) {
    found = world.viewpoints?.map((state) => placeOf(world, state)) ?? acrossTiles(world);
    places.set(world, found);
  }
  return found;
}

/**
 * The same, and beside viewpoints the states that are asked about in a round: one was on the way off
 * the road there, as one never is at the viewpoints. Last those of {@link placesDriven}.
 */
export function placesIn(world: Level, round: Round): readonly FieldPoint[] {
  const asked = world.viewpoints ? statesAsked(world, round) : [];
  return [
    ...placesOf(world),
    ...asked.map((state) => placeOf(world, state)),
    ...placesDriven(world, round).flat(),
  ];
}

/** By a round's drives, which never change while its answers do. */
const driven = new WeakMap<Round["episodes"], FieldPoint[][]>();

/**
 * Where the learner came by in each of a round's drives, where it is steered: what it does in the middle
 * of the road says little of what it does on its way off. None in a grid, where tiles are all there is.
 */
export function placesDriven(world: Level, { episodes }: Round): readonly FieldPoint[][] {
  if (world.action.kind === "discrete") return [];
  let found = driven.get(episodes);
  if (!found) {
    found = episodes.map((episode) => alongDrive(world, trajectoryOf(episode)));
    driven.set(episodes, found);
  }
  return found;
}

function alongDrive(world: Level, { states, length }: Trajectory): FieldPoint[] {
  return Array.from({ length: Math.ceil(length / stride) }, (_, i) => {
    const start = stride * i * world.stateSize;
    return placeOf(world, states.subarray(start, start + world.stateSize));
  });
}

function placeOf({ picture }: Level, state: Float64Array): FieldPoint {
  const { x, y } = placeOnMap(picture.pose(state));
  return { x, y, state };
}

/** The state that each of a round's questions is about. */
export function statesAsked(world: Level, { episodes, queries }: Round): Float64Array[] {
  const states = episodes.map((episode) => trajectoryOf(episode).states);
  return queries.map(([drive, t]) =>
    states[drive]!.subarray(t * world.stateSize, (t + 1) * world.stateSize),
  );
}

/** What is drawn by chance is what would be drawn on average. */
const middle: Random = { uniform: () => 0.5, normal: () => 0, below: (n) => Math.floor(n / 2) };

function acrossTiles({ lattice, picture, stateSize }: Level): FieldPoint[] {
  const { size } = lattice.tiles[0]!;
  const stride = Math.max(1, Math.round((apart * picture.agent) / size));
  const left = Math.min(...lattice.tiles.map(({ x }) => x));
  const bottom = Math.min(...lattice.tiles.map(({ y }) => y));
  const among = (value: number, first: number) => Math.round((value - first) / size) % stride;
  const half = Math.floor(stride / 2);
  const over = endsOf(lattice);
  return lattice.tiles
    .filter(({ cell }) => !over.has(cell))
    .filter(({ x, y }) => among(x, left) === half && among(y, bottom) === half)
    .map(({ x, y, cell }) => {
      const state = new Float64Array(stateSize);
      lattice.stateIn(cell, middle, state);
      return { x, y, state };
    });
}

/** Cells in which an episode is over: nobody chooses anything there. */
function endsOf({ tiles, nActions, outcomes }: Lattice): Set<number> {
  const ends = new Set<number>();
  for (const { cell } of tiles) {
    for (let a = 0; a < nActions; a++) {
      for (const { next, ends: over } of outcomes?.(cell, a) ?? []) if (over) ends.add(next);
    }
  }
  return ends;
}

/** What `policy` would do at each of these places. */
export function fieldOf(world: Level, policy: Policy, places: readonly FieldPoint[]): Field {
  const driver = driverOf(world, policy);
  const action = new Float64Array(width(world.action));
  const observation = new Float64Array(world.observationSize);
  const actions: number[] = [];
  const familiarity: number[] = [];
  for (const { state } of places) {
    driver(state, action);
    actions.push(...action);
    world.observe(state, observation);
    familiarity.push(1 - policy.uncertainty(observation));
  }
  return { actions, familiarity };
}

/** What the learner would do at place `i`. */
export function choice({ action }: Level, { actions }: Field, i: number): readonly number[] {
  const wide = width(action);
  return actions.slice(i * wide, (i + 1) * wide);
}

/** Whether the choice at place `i` is another than before, so much that it can be seen. */
export function differs(world: Level, before: Field, now: Field, i: number): boolean {
  return disagreement(world.action, choice(world, before, i), choice(world, now, i)) > visible;
}
