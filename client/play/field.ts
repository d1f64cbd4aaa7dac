import { disagreement } from "../../shared/imitation/disagreement.ts";
import { driverOf } from "../../shared/imitation/rollout.ts";
import type { Round } from "../../shared/lesson/lesson.ts";
import { plural } from "../../shared/plural.ts";
import type { Policy } from "../../shared/policies/policy.ts";
import type { Random } from "../../shared/random.ts";
import { width } from "../../shared/spaces.ts";
import { replay } from "../../shared/worlds/episode.ts";
import type { Lattice, World } from "../../shared/worlds/world.ts";

/** Between places, as a multiple of the agent's size: across a plane, and along a road. */
const apart = 2;
const alongApart = 2.75;
/** How far a place is off the middle of the road, as a share of half its width. */
const lanes = [-0.5, 0, 0.5];
/** Two actions further apart than this share of the range are to be told apart by eye. */
const visible = 0.025;

/** So many tiles may be told by name. */
const few = 2;

/** What a learner would do, place by place; the places are those of {@link placesIn}. Plain data. */
export interface Field {
  /** Flat, [places][width]. */
  readonly actions: readonly number[];
  /** [places], in [0, 1]: 0 where it was never shown anything. */
  readonly familiarity: readonly number[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly state: Float64Array;
}

const places = new WeakMap<World, readonly Place[]>();

/** Where a world's field is looked at: each tile of a grid, and else places that are evenly spread. */
export function placesOf(world: World): readonly Place[] {
  let found = places.get(world);
  if (!found) {
    const start = new Float64Array(world.stateSize);
    world.start(middle, start);
    found = world.pose(start).heading === null ? acrossTiles(world) : alongRoad(world);
    places.set(world, found);
  }
  return found;
}

/**
 * The same, and where one looks somewhere the states that are asked about in a round: one was on the
 * way off the road there, as one never is at the places along it.
 */
export function placesIn(world: World, round: Round): readonly Place[] {
  if (placesOf(world).every(({ state }) => world.pose(state).heading === null))
    return placesOf(world);
  const asked = statesAsked(world, round).map((state) => {
    const { x, y } = world.pose(state);
    return { x, y, state };
  });
  return [...placesOf(world), ...asked];
}

/** The state that each of a round's questions is about. */
export function statesAsked(world: World, { episodes, queries }: Round): Float64Array[] {
  const driven = episodes.map((episode) => replay(world, episode).states);
  return queries.map(([drive, t]) =>
    driven[drive]!.subarray(t * world.stateSize, (t + 1) * world.stateSize),
  );
}

/** What is drawn by chance is what would be drawn on average. */
const middle: Random = { uniform: () => 0.5, normal: () => 0, below: (n) => Math.floor(n / 2) };

function acrossTiles({ lattice, stage, stateSize }: World): Place[] {
  const { size } = lattice.tiles[0]!;
  const stride = Math.max(1, Math.round((apart * stage.agent) / size));
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

/** Where one drives, a state is where one is and which way one looks: here, along the road. */
function alongRoad({ stage }: World): Place[] {
  const found: Place[] = [];
  for (const shape of stage.shapes) {
    if (shape.kind !== "ribbon") continue;
    const { points, closed, halfWidth } = shape;
    let travelled = alongApart * stage.agent;
    for (let i = closed ? 0 : 1; i < points.length; i++) {
      const [[fromX, fromY], [x, y]] = [points.at(i - 1)!, points[i]!];
      const length = Math.hypot(x - fromX, y - fromY);
      travelled += length;
      if (travelled < alongApart * stage.agent) continue;
      travelled = 0;
      const [cos, sin] = [(x - fromX) / length, (y - fromY) / length];
      for (const lane of lanes) {
        const state = [
          x - lane * halfWidth * sin,
          y + lane * halfWidth * cos,
          Math.atan2(sin, cos),
        ];
        found.push({ x: state[0]!, y: state[1]!, state: Float64Array.from(state, Math.fround) });
      }
    }
  }
  return found;
}

/** What `policy` would do at each of these places. */
export function fieldOf(world: World, policy: Policy, places: readonly Place[]): Field {
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
export function choice({ action }: World, { actions }: Field, i: number): readonly number[] {
  const wide = width(action);
  return actions.slice(i * wide, (i + 1) * wide);
}

/** Whether the choice at place `i` is another than before, so much that it can be seen. */
export function differs(world: World, before: Field, now: Field, i: number): boolean {
  return disagreement(world.action, choice(world, before, i), choice(world, now, i)) > visible;
}

/** How much of the field has changed, in words; a few tiles are named. */
export function sayChange(world: World, before: Field, now: Field): string {
  const places = placesOf(world);
  const others = places.filter((_, i) => differs(world, before, now, i));
  const count = others.length;
  if (count === 0) return "it would do the same everywhere";
  if (world.action.kind === "continuous") {
    const share = Math.max(1, Math.round((100 * count) / places.length));
    const where = world.stage.body === "car" ? "road" : "picture";
    return `it steers another way on ${share} % of the ${where}`;
  }
  const names = others.flatMap(({ state }) => world.nameOf?.(world.lattice.cellOf(state)) ?? []);
  const which = names.length > few ? "" : ` (${names.join("; ")})`;
  return `${count} of ${places.length} tiles ${plural(count, "has", "have")} changed${which}`;
}
