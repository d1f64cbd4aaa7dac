import type { Random } from "../random.ts";
import { type Place, Track, wrap } from "./track.ts";
import { type Lattice, Outcome, type World } from "./world.ts";

const speed = 0.15; // units a step
const steering = 0.25; // most, radians a step
const halfWidth = 0.6; // units
const gustChance = 0.02; // a step
const usualGust = 0.5; // radians
const lookahead = 0.9; // units, how far ahead the scripted expert aims

const track = new Track((u) => {
  const angle = 2 * Math.PI * u;
  const radius = 4 * (1 + 0.28 * Math.cos(3 * angle));
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}, 256);

const place: Place = { along: 0, offset: 0, heading: 0, curvature: 0 };
const point = { x: 0, y: 0 };

/**
 * A car on a winding closed road, at constant speed, with gusts of wind. State (x, y, θ); the action
 * is how far to turn the wheel, radians a step. Leaving the road is a fall: the car is put back on
 * the middle of the road and drives on.
 */
export const road: World = {
  name: "road",
  title: "Road",
  task: "Keep the car on the road. Gusts will push you.",
  stateSize: 3,
  observationSize: 4,
  action: { kind: "continuous", low: [-steering], high: [steering] },
  horizon: 200,
  stepsPerSecond: 20,
  keys: { left: [steering], right: [-steering] },
  rest: [0],
  measure: {
    name: "falls",
    unit: "falls a drive",
    better: "fewer",
    format: "count",
    of: ({ outcomes }) =>
      outcomes.reduce((n, outcome) => n + (outcome === Outcome.fell ? 1 : 0), 0),
  },
  stage: {
    bounds: { left: -4.1, right: 6.1, bottom: -5.6, top: 5.6 },
    agent: 0.42,
    body: "car",
    shapes: [{ kind: "ribbon", points: track.points, closed: true, halfWidth }],
  },
  lattice: lattice(),

  start(random, state) {
    track.at(random.uniform() * track.length, point);
    track.locate(point.x, point.y, place);
    put(state, point.x, point.y, place.heading + 0.05 * random.normal());
  },

  step: stepIn(usualGust),

  observe(state, observation) {
    observation[0] = state[0]! / 4;
    observation[1] = state[1]! / 4;
    observation[2] = Math.cos(state[2]!);
    observation[3] = Math.sin(state[2]!);
  },

  expert(state, action) {
    track.locate(state[0]!, state[1]!, place);
    track.at(place.along + lookahead, point);
    road.toward(state, point.x, point.y, action);
  },

  /** Pure pursuit: the arc that goes through the point (Coulter 1992). */
  toward(state, x, y, action) {
    const dx = x - state[0]!;
    const dy = y - state[1]!;
    const bearing = wrap(Math.atan2(dy, dx) - state[2]!);
    // The arc's formula holds for points ahead; behind, one turns as far as one can.
    const ahead = Math.abs(bearing) < Math.PI / 2;
    const turn = ahead
      ? (speed * 2 * Math.sin(bearing)) / Math.max(speed, Math.hypot(dx, dy))
      : Math.sign(bearing) * steering;
    action[0] = Math.min(steering, Math.max(-steering, turn));
  },

  pose: (state) => ({ x: state[0]!, y: state[1]!, heading: state[2]! }),

  deviation(state) {
    track.locate(state[0]!, state[1]!, place);
    return Math.abs(place.offset) / halfWidth;
  },
};

/**
 * The road in other weather.
 * @param gust how far a gust turns the car, radians; 0 is no wind
 */
export function roadWith({ gust }: { gust: number }): World {
  return { ...road, step: stepIn(gust) };
}

/** The dynamics with gusts of `gust` radians. */
function stepIn(gust: number): World["step"] {
  return (state, action, random, next) => {
    const heading = state[2]! + action[0]! + blow(random, gust);
    const x = state[0]! + speed * Math.cos(heading);
    const y = state[1]! + speed * Math.sin(heading);
    track.locate(x, y, place);
    if (Math.abs(place.offset) <= halfWidth) {
      put(next, x, y, heading);
      return Outcome.goesOn;
    }
    track.at(place.along, point);
    put(next, point.x, point.y, place.heading);
    return Outcome.fell;
  };
}

function put(state: Float64Array, x: number, y: number, heading: number): void {
  state[0] = Math.fround(x);
  state[1] = Math.fround(y);
  state[2] = Math.fround(wrap(heading));
}

/** What the wind adds to the heading in one step. */
function blow(random: Random | null, gust: number): number {
  if (!random || random.uniform() >= gustChance) return 0;
  return random.uniform() < 0.5 ? -gust : gust;
}

/** Squares of the plane that lie on the road, times those headings that go along it rather than back. */
function lattice(): Lattice {
  const side = 0.2;
  const nHeadings = 16;
  const turns = [-0.15, -0.075, 0, 0.075, 0.15];
  const sector = (2 * Math.PI) / nHeadings;
  const cells: { x: number; y: number; heading: number; features: number[] }[] = [];
  const tiles: Lattice["tiles"][number][] = [];
  const index = new Map<string, number>();
  const keyOf = (column: number, row: number, h: number) => `${column},${row},${h}`;

  for (let row = -28; row < 28; row++) {
    for (let column = -28; column < 32; column++) {
      const x = (column + 0.5) * side;
      const y = (row + 0.5) * side;
      track.locate(x, y, place);
      // Squares that the road only touches count too: half a square's diagonal.
      if (Math.abs(place.offset) > halfWidth + side * Math.SQRT1_2) continue;
      const u = Math.min(1, Math.max(-1, place.offset / halfWidth));
      const bend = Math.min(1, Math.max(-1, place.curvature));
      let straightest = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let h = 0; h < nHeadings; h++) {
        const heading = (h + 0.5) * sector - Math.PI;
        const across = Math.abs(wrap(heading - place.heading));
        if (across > 0.4 * Math.PI) continue;
        if (across < least) [straightest, least] = [cells.length, across];
        index.set(keyOf(column, row, h), cells.length);
        cells.push({ x, y, heading, features: [u * u, u * bend, u, Math.cos(across)] });
      }
      tiles.push({ x, y, size: side, cell: straightest });
    }
  }

  return {
    nStates: cells.length,
    nActions: turns.length,
    nFeatures: 4,
    featureNames: ["near the edge", "inside of bends", "left of the middle", "along the road"],
    hold: 4,
    samples: 24,
    discount: 0.95,
    horizon: Number.POSITIVE_INFINITY,
    stateIn(cell, random, state) {
      const { x, y, heading } = cells[cell]!;
      put(
        state,
        x + side * (random.uniform() - 0.5),
        y + side * (random.uniform() - 0.5),
        heading + sector * (random.uniform() - 0.5),
      );
    },
    cellOf(state) {
      const column = Math.floor(state[0]! / side);
      const row = Math.floor(state[1]! / side);
      const h = Math.floor((wrap(state[2]!) + Math.PI) / sector);
      return index.get(keyOf(column, row, h)) ?? -1;
    },
    action(a, action) {
      action[0] = turns[a]!;
    },
    nearestAction(actions) {
      const mean = actions.reduce((sum, turn) => sum + turn, 0) / actions.length;
      let best = 0;
      for (let a = 1; a < turns.length; a++) {
        if (Math.abs(turns[a]! - mean) < Math.abs(turns[best]! - mean)) best = a;
      }
      return best;
    },
    features: (cell, features) => features.set(cells[cell]!.features),
    tiles,
  };
}
