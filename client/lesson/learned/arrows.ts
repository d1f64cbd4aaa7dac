import type { Round } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { placeOnMap } from "../../../shared/worlds/picture.ts";
import type { Key } from "../../../shared/worlds/steering.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import type { Tile } from "../../drawing/tiles.ts";
import type { Arrow } from "../../stage/activity.ts";
import { lookAhead } from "../activities/look-ahead.ts";
import {
  choice,
  differs,
  type Field,
  type FieldPoint,
  placesIn,
  placesOf,
  statesAsked,
} from "./action-field.ts";

/** Seconds under the learner's choice that an arrow shows, where it is steered. */
const arrowSeconds = 0.35;
/** Half an arrow, as a multiple of twice the agent's size, where a choice is one of a few. */
const reach = 0.26;
/** How near to a question nothing is shown of what the learner would do there, as a multiple of the agent's size. */
const discretion = 2;

type Point = { readonly x: number; readonly y: number };

/**
 * The field as it is drawn.
 * @param round whose answers have changed it
 * @param open how many of its questions from here on are not to be given away: nothing is shown around them
 */
export function arrowsOf(
  world: Level,
  round: Round,
  before: Field,
  now: Field,
  open: number,
): Arrow[] {
  const asked = round.answers.length;
  const hidden = statesAsked(world, round)
    .slice(asked, asked + open)
    .map((state) => placeOnMap(world.picture.pose(state)));
  return placesIn(world, round)
    .slice(0, placesOf(world).length + asked)
    .flatMap((place, i) =>
      hidden.some((pose) => isNear(world, place, pose))
        ? []
        : [
            {
              points: pointsOf(world, place, choice(world, now, i)),
              tile: tileOf(world, place),
              familiarity: now.familiarity[i]!,
              was: differs(world, before, now, i)
                ? pointsOf(world, place, choice(world, before, i))
                : null,
            },
          ],
    );
}

function tileOf({ action, lattice }: Level, { x, y }: FieldPoint): Tile | null {
  return action.kind === "discrete" ? { x, y, size: lattice.tiles[0]!.size } : null;
}

function isNear({ action, picture }: Level, place: Point, asked: Point): boolean {
  // In a grid each tile is learned by itself, and its neighbours say nothing of it.
  const radius = (action.kind === "discrete" ? 0.5 : discretion) * picture.agent;
  return Math.hypot(place.x - asked.x, place.y - asked.y) < radius;
}

/** Where a key leads, in tiles. */
const directions: Readonly<Partial<Record<Key, readonly [number, number]>>> = {
  up: [0, 1],
  down: [0, -1],
  left: [-1, 0],
  right: [1, 0],
};

function pointsOf(
  world: Level,
  { x, y, state }: FieldPoint,
  action: readonly number[],
): readonly Point[] {
  if (world.action.kind === "continuous")
    return lookAhead(world, state, action, Math.round(stepsIn(world.steering, arrowSeconds, 1)))
      .poses;
  // What a wall would make of the move is not the learner's choice.
  const key = Object.entries(world.steering.keys).find(
    ([, row]) => row[0] === action[0],
  )?.[0] as Key;
  const [dx, dy] = directions[key] ?? [0, 0];
  if (dx === 0 && dy === 0) return [{ x, y }];
  const half = reach * world.picture.agent * 2;
  return [
    { x: x - half * dx, y: y - half * dy },
    { x: x + half * dx, y: y + half * dy },
  ];
}
