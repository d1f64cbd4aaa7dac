import { Stream, seeded } from "../../random.ts";
import type { Level } from "../level.ts";
import type { Shape } from "../picture.ts";
import { type Walking, walkingOn } from "./dynamics.ts";
import { latticeOf } from "./lattice.ts";
import { layOut } from "./layout.ts";
import { measure } from "./measure.ts";
import { moves, Plot, stay, type Terrain } from "./plot.ts";
import { tastes } from "./tastes.ts";

/** What a garden is made from. */
export interface GardenPlan {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly task?: string;
  readonly teaches?: string;
  /** Tiles. */
  readonly side?: number;
  /** Straight pieces of wall. */
  readonly hedges?: number;
  /** What there is none of: where it would be there is lawn, but in another garden. */
  readonly without?: readonly Terrain[];
  /** Probability that a move goes to one of its two sides instead, either as likely. */
  readonly slip?: number;
}

/** A square garden with walls, five terrains and a home, laid out by its seed. */
export function gardenOf(plan: GardenPlan): Level {
  const {
    name,
    title,
    seed,
    task = "Walk home, the way you like best.",
    teaches = "",
    side = 8,
    hedges = 4,
    slip = 0,
    without = [],
  } = plan;
  const plot = new Plot(side);
  const { tiles: all, distance } = layOut(plot, hedges, seeded(seed, Stream.layout));
  const tiles = all.map((terrain) => (without.includes(terrain) ? "lawn" : terrain));
  const walking = walkingOn(plot, tiles, distance, slip);
  const { world, outcomes } = walking;
  return {
    kind: "garden",
    name,
    title,
    task,
    teaches,
    ...world,
    legend: {
      state: ["row, 0 at the top", "column, 0 at the left"],
      action: ["number of the move"],
      observation: "1 for the tile one is on, row by row, else 0",
    },
    measure,
    lattice: latticeOf(plot, tiles, world.horizon, outcomes),
    picture: {
      bounds: { left: -0.2, right: side + 0.2, bottom: -0.2, top: side + 0.2 },
      agent: 0.5,
      shapes: tiles.map(
        (terrain, tile): Shape => ({ kind: "tile", ...plot.middle(tile), size: 1, terrain }),
      ),
      pose: (state) => ({ ...plot.middle(walking.tileOf(state)), heading: null }),
    },
    steering: {
      pace: "waits",
      keys: { up: [0], down: [1], left: [2], right: [3], space: [stay] },

      toward(state, x, y, action) {
        const from = plot.middle(walking.tileOf(state));
        const dx = x - from.x;
        const dy = y - from.y;
        if (Math.max(Math.abs(dx), Math.abs(dy)) < 0.5) action[0] = stay;
        else if (Math.abs(dx) > Math.abs(dy)) action[0] = dx > 0 ? 3 : 2;
        else action[0] = dy > 0 ? 0 : 1;
      },
    },
    weather: "moves",
    tastes,
    names: namesIn(plot, tiles, walking),
    another: (seed) =>
      gardenOf({ ...plan, without: [], name: `${name}-${seed}`, title: "Another garden", seed }),
  };
}

function namesIn(
  plot: Plot,
  tiles: readonly Terrain[],
  { tileOf, after }: Walking,
): NonNullable<Level["names"]> {
  const placeOf = (tile: number) =>
    `row ${plot.row(tile) + 1}, column ${plot.column(tile) + 1}, ${tiles[tile]!}`;
  return {
    cell: placeOf,

    whereabouts(state) {
      const tile = tileOf(state);
      const around = moves
        .slice(0, stay)
        .map(({ name }, a) => `${tiles[after(tile, a)]!} (${name})`)
        .filter((_, a) => after(tile, a) !== tile);
      const place = placeOf(tile);
      return `${place[0]!.toUpperCase()}${place.slice(1)}. Next to you: ${around.join(", ")}.`;
    },
  };
}
