import { type Random, Stream, seeded } from "../../random.ts";
import {
  type Lattice,
  Outcome,
  type Shape,
  type Taste,
  type Terrain,
  type World,
} from "../world.ts";

/** Row and column change of each action; rows go down the page, as in a matrix. */
const moves = [
  { name: "up", row: -1, column: 0 },
  { name: "down", row: 1, column: 0 },
  { name: "left", row: 0, column: -1 },
  { name: "right", row: 0, column: 1 },
  { name: "stay", row: 0, column: 0 },
];
const stay = moves.length - 1;
/** Where a move in each direction slips to. */
const besides = [
  [2, 3],
  [2, 3],
  [0, 1],
  [0, 1],
] as const;

/** What may be loved or hated, in the order of the reward features; the lawn is what they are measured against. */
const terrains = ["flowers", "mud", "puddle", "gravel", "home"] as const;

/** A square of tiles, numbered row by row. */
class Plot {
  readonly side: number;
  readonly nTiles: number;

  constructor(side: number) {
    this.side = side;
    this.nTiles = side * side;
  }

  row(tile: number): number {
    return Math.floor(tile / this.side);
  }

  column(tile: number): number {
    return tile % this.side;
  }

  /** Middle of a tile on the stage, whose y goes up. */
  middle(tile: number): { x: number; y: number } {
    return { x: this.column(tile) + 0.5, y: this.side - this.row(tile) - 0.5 };
  }

  /** The tile that a move leads to, were there no walls. */
  beside(tile: number, action: number): number {
    const row = this.row(tile) + moves[action]!.row;
    const column = this.column(tile) + moves[action]!.column;
    const outside = row < 0 || row >= this.side || column < 0 || column >= this.side;
    return outside ? tile : row * this.side + column;
  }

  /** The tiles along the fence. */
  edge(): number[] {
    return Array.from({ length: this.nTiles }, (_, tile) => tile).filter((tile) =>
      [this.row(tile), this.column(tile)].some((i) => i === 0 || i === this.side - 1),
    );
  }
}

/**
 * A square garden with walls, five terrains and a home, laid out by its seed. State (row, column); a
 * move into a wall or the fence stays where it is; home ends the episode. A policy sees which tile it
 * is on and nothing else, so what it was never shown it cannot know.
 *
 * @param side tiles
 * @param hedges straight pieces of wall
 * @param slip probability that a move goes to one of its two sides instead, either as likely
 */
export function gardenOf({
  name,
  title,
  seed,
  task = "Walk home, the way you like best.",
  side = 8,
  hedges = 4,
  slip = 0,
}: {
  name: string;
  title: string;
  seed: number;
  task?: string;
  side?: number;
  hedges?: number;
  slip?: number;
}): World {
  const plot = new Plot(side);
  const { tiles, distance } = layOut(plot, hedges, seeded(seed, Stream.layout));
  const horizon = 5 * side; // moves
  const tileOf = (state: Float64Array) => state[0]! * side + state[1]!;
  const after = (tile: number, action: number) => {
    const next = plot.beside(tile, action);
    return tiles[next] === "wall" ? tile : next;
  };
  // From the far half, so that a walk is long enough to say something.
  const farthest = Math.max(...distance.filter(Number.isFinite));
  const starts = Array.from(tiles.keys()).filter(
    (tile) => Number.isFinite(distance[tile]!) && distance[tile]! >= farthest / 2,
  );

  return {
    name,
    title,
    task,
    stateSize: 2,
    observationSize: plot.nTiles,
    action: { kind: "discrete", names: moves.map(({ name }) => name) },
    horizon,
    stepsPerSecond: 0,
    keys: { up: [0], down: [1], left: [2], right: [3], space: [stay] },
    rest: null,
    measure: {
      name: "home",
      unit: "walks that get home",
      better: "more",
      format: "share",
      of: ({ outcomes }) => (outcomes.at(-1) === Outcome.done ? 1 : 0),
    },
    stage: {
      bounds: { left: -0.2, right: side + 0.2, bottom: -0.2, top: side + 0.2 },
      agent: 0.5,
      body: "walker",
      shapes: tiles.map(
        (terrain, tile): Shape => ({ kind: "tile", ...plot.middle(tile), size: 1, terrain }),
      ),
    },
    lattice: latticeOf(plot, tiles, horizon, (tile, action) => {
      const to = (action: number, probability: number) => {
        const next = after(tile, action);
        return { next, probability, ends: tiles[next] === "home" };
      };
      return slip === 0 || action === stay
        ? [to(action, 1)]
        : [to(action, 1 - slip), ...besides[action]!.map((aside) => to(aside, slip / 2))];
    }),
    tastes,
    another: (seed) =>
      gardenOf({
        name: `${name}-${seed}`,
        title: "Another garden",
        seed,
        task,
        side,
        hedges,
        slip,
      }),

    start(random, state) {
      const tile = starts[random.below(starts.length)]!;
      state[0] = plot.row(tile);
      state[1] = plot.column(tile);
    },

    step(state, action, random, next) {
      let move = action[0]!;
      if (random && slip > 0 && move !== stay && random.uniform() < slip)
        move = besides[move]![random.below(2)]!;
      const tile = after(tileOf(state), move);
      next[0] = plot.row(tile);
      next[1] = plot.column(tile);
      return tiles[tile] === "home" ? Outcome.done : Outcome.goesOn;
    },

    observe(state, observation) {
      observation.fill(0);
      observation[tileOf(state)] = 1;
    },

    /** A shortest way home, whatever grows there. */
    expert(state, action) {
      const tile = tileOf(state);
      const closer = moves.findIndex((_, a) => distance[after(tile, a)]! < distance[tile]!);
      action[0] = closer < 0 ? stay : closer;
    },

    toward(state, x, y, action) {
      const from = plot.middle(tileOf(state));
      const dx = x - from.x;
      const dy = y - from.y;
      if (Math.max(Math.abs(dx), Math.abs(dy)) < 0.5) action[0] = stay;
      else if (Math.abs(dx) > Math.abs(dy)) action[0] = dx > 0 ? 3 : 2;
      else action[0] = dy > 0 ? 0 : 1;
    },

    pose: (state) => ({ ...plot.middle(tileOf(state)), heading: null }),

    nameOf: (tile) =>
      `row ${plot.row(tile) + 1}, column ${plot.column(tile) + 1}, ${words[tiles[tile]!]}`,

    whereabouts(state) {
      const tile = tileOf(state);
      const around = moves
        .slice(0, stay)
        .map(({ name }, a) => `${name} ${words[tiles[after(tile, a)]!]}`)
        .filter((_, a) => after(tile, a) !== tile);
      return `Row ${plot.row(tile) + 1}, column ${plot.column(tile) + 1}, ${words[tiles[tile]!]}. ${around.join(", ")}.`;
    },
  };
}

const words: Readonly<Record<Terrain, string>> = {
  lawn: "lawn",
  flowers: "flowers",
  mud: "mud",
  puddle: "puddle",
  gravel: "gravel",
  wall: "wall",
  home: "home",
};

/**
 * Home is worth 1 a move, for as long as one is there, so that a move spent on the lawn costs 1 and
 * one spent on anything else costs 1 minus its weight. In the order of {@link terrains}.
 */
const tastes: Readonly<Record<string, Taste>> = {
  gardener: {
    words: "You love to walk among flowers, and you can't stand mud.",
    weights: [0.5, -4, -1, -0.5, 1],
  },
  duck: {
    words: "You splash through every puddle, and gravel hurts your feet.",
    weights: [-0.5, -1, 0.5, -4, 1],
  },
  dandy: {
    words: "Gravel keeps your shoes clean; a puddle would ruin them.",
    weights: [-0.5, -1, -4, 0.5, 1],
  },
  bee: {
    words: "You go from flower to flower, and hot gravel is no place to land.",
    weights: [0.5, -0.5, -1, -4, 1],
  },
};

/**
 * Lays out a garden that can be walked, with all terrains: every tile that is no wall has a way home.
 * @returns the terrain of each tile and its distance from home, moves
 */
function layOut(
  plot: Plot,
  hedges: number,
  random: Random,
): { tiles: Terrain[]; distance: number[] } {
  const { nTiles } = plot;
  const edge = plot.edge();
  for (;;) {
    const tiles: Terrain[] = Array.from({ length: nTiles }, () => "lawn");
    const home = edge[random.below(edge.length)]!;
    tiles[home] = "home";
    for (let i = 0; i < hedges; i++) {
      // Straight pieces of hedge, two or three tiles long.
      const direction = random.below(stay);
      let tile = random.below(nTiles);
      for (let length = 2 + random.below(2); length > 0; length--) {
        if (tiles[tile] === "lawn") tiles[tile] = "wall";
        tile = plot.beside(tile, direction);
      }
    }
    for (const terrain of ["flowers", "mud", "puddle", "gravel"] as const) {
      for (let patch = 0; patch < 2; patch++) {
        let tile = random.below(nTiles);
        for (let planted = 0, tries = 0; planted < 5 && tries < 40; tries++) {
          if (tiles[tile] === "lawn") {
            tiles[tile] = terrain;
            planted++;
          }
          tile = plot.beside(tile, random.below(stay));
        }
      }
    }
    const distance = distances(plot, tiles, home);
    const whole = tiles.every((terrain, i) => terrain === "wall" || Number.isFinite(distance[i]!));
    if (whole && terrains.every((terrain) => tiles.includes(terrain))) return { tiles, distance };
  }
}

/** Moves from each tile to home, breadth first; Infinity where there is no way. */
function distances(plot: Plot, tiles: readonly Terrain[], home: number): number[] {
  const distance: number[] = tiles.map(() => Number.POSITIVE_INFINITY);
  distance[home] = 0;
  for (const queue = [home]; queue.length > 0; ) {
    const tile = queue.shift()!;
    for (let a = 0; a < stay; a++) {
      const next = plot.beside(tile, a);
      if (tiles[next] === "wall" || Number.isFinite(distance[next]!)) continue;
      distance[next] = distance[tile]! + 1;
      queue.push(next);
    }
  }
  return distance;
}

/** The garden is its own lattice. What one is after is told by what grows where one walks. */
function latticeOf(
  plot: Plot,
  tiles: readonly Terrain[],
  horizon: number,
  outcomes: NonNullable<Lattice["outcomes"]>,
): Lattice {
  return {
    nStates: plot.nTiles,
    nActions: moves.length,
    nFeatures: terrains.length,
    featureNames: ["in flowers", "in mud", "in puddles", "on gravel", "at home"],
    hold: 1,
    samples: 1,
    discount: 1,
    horizon,
    outcomes,
    stateIn(cell, _random, state) {
      state[0] = plot.row(cell);
      state[1] = plot.column(cell);
    },
    cellOf: (state) => state[0]! * plot.side + state[1]!,
    action(a, action) {
      action[0] = a;
    },
    nearestAction: (actions) => actions[0]!,
    features(cell, features) {
      terrains.forEach((terrain, k) => {
        features[k] = tiles[cell] === terrain ? 1 : 0;
      });
    },
    tiles: Array.from(tiles.keys())
      .filter((cell) => tiles[cell] !== "wall")
      .map((cell) => ({ ...plot.middle(cell), size: 1, cell })),
  };
}

export const garden: World = gardenOf({ name: "garden", title: "Meadow", seed: 109 });

/** Larger and full of hedges: one way through it says little about the next. */
export const maze: World = gardenOf({
  name: "maze",
  title: "Maze",
  seed: 5,
  side: 10,
  hedges: 14,
});

/** The paths are slippery: what is wise keeps clear of the mud that it might slip into. */
export const rain: World = gardenOf({
  name: "rain",
  title: "Rain",
  task: "Walk home, the way you like best. One step in five slips to a side.",
  seed: 7,
  slip: 0.2,
});
