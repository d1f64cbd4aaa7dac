import { type Lattice, Outcome, type World } from "./world.ts";

const speed = 0.2; // units a step
const climb = 0.3; // most, units a step
const usualNoise = 0.02; // standard deviation on each axis, units
const start = 0.1; // standard deviation of the height at the start, units
const steps = 30;
const edge = 2.2; // units above and below, beyond which nothing is drawn

const line = (x: number) => Math.sin(2 * x);
const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value));

/**
 * The article's path: a point that moves on to the right and is steered up and down, after the curve
 * y = sin 2x. State (x, y); the action is the step (Δx, Δy). There is nothing to fall off, and even
 * the expert cannot keep to the curve where it is steep, so errors here are mild.
 */
export const path: World = {
  name: "path",
  title: "Path",
  task: "Follow the curve, up and down.",
  stateSize: 2,
  observationSize: 2,
  action: { kind: "continuous", low: [0.9 * speed, -climb], high: [1.1 * speed, climb] },
  horizon: steps,
  stepsPerSecond: 6,
  keys: { up: [speed, climb], down: [speed, -climb] },
  rest: [speed, 0],
  measure: {
    name: "distance",
    unit: "off the curve, on average",
    better: "fewer",
    format: "distance",
    of({ states, length }) {
      let sum = 0;
      for (let t = 1; t <= length; t++) sum += Math.abs(states[2 * t + 1]! - line(states[2 * t]!));
      return sum / length;
    },
  },
  stage: {
    bounds: { left: -0.6, right: 7.2, bottom: -2.6, top: 2.6 },
    agent: 0.3,
    body: "walker",
    shapes: [
      {
        kind: "ribbon",
        points: Array.from({ length: 161 }, (_, i) => [i / 25, line(i / 25)] as const),
        closed: false,
        halfWidth: 0.07,
      },
    ],
  },
  lattice: lattice(),

  start(random, state) {
    state[0] = 0;
    state[1] = Math.fround(start * random.normal());
  },

  step: stepIn(usualNoise),

  observe(state, observation) {
    observation.set(state);
  },

  expert(state, action) {
    action[0] = speed;
    action[1] = clamp(line(state[0]!) - state[1]!, climb);
  },

  toward(state, _x, y, action) {
    action[0] = speed;
    action[1] = clamp(y - state[1]!, climb);
  },

  pose: (state) => ({ x: state[0]!, y: state[1]!, heading: null }),

  /** The curve has no edge; it is one unit high. */
  deviation: (state) => Math.abs(state[1]! - line(state[0]!)),
};

/**
 * The path in other weather.
 * @param noise standard deviation of a step on each axis, units; 0 is no wind
 */
export function pathWith({ noise }: { noise: number }): World {
  return { ...path, step: stepIn(noise) };
}

function stepIn(noise: number): World["step"] {
  return (state, action, random, next) => {
    const x = state[0]! + action[0]! + noise * (random?.normal() ?? 0);
    const y = state[1]! + action[1]! + noise * (random?.normal() ?? 0);
    next[0] = Math.fround(x);
    next[1] = Math.fround(clamp(y, edge));
    return Outcome.goesOn;
  };
}

/** Squares of the plane. What one is after is told by where one is from the curve. */
function lattice(): Lattice {
  const side = 0.2;
  const columns = 35;
  const rows = 2 * Math.round(edge / side);
  const climbs = [-climb, -climb / 2, 0, climb / 2, climb];
  const middle = (cell: number) => ({
    x: ((cell % columns) + 0.5) * side - side,
    y: (Math.floor(cell / columns) + 0.5) * side - edge,
  });
  return {
    nStates: rows * columns,
    nActions: climbs.length,
    nFeatures: 2,
    featureNames: ["away from the curve", "above the curve"],
    hold: 1,
    samples: 24,
    discount: 1,
    horizon: steps,
    stateIn(cell, random, state) {
      const { x, y } = middle(cell);
      state[0] = Math.fround(x + side * (random.uniform() - 0.5));
      state[1] = Math.fround(y + side * (random.uniform() - 0.5));
    },
    cellOf(state) {
      const column = Math.floor((state[0]! + side) / side);
      const row = Math.min(rows - 1, Math.floor((state[1]! + edge) / side));
      return column >= 0 && column < columns && row >= 0 ? row * columns + column : -1;
    },
    action(a, action) {
      action[0] = speed;
      action[1] = climbs[a]!;
    },
    nearestAction(actions) {
      let sum = 0;
      for (let i = 1; i < actions.length; i += 2) sum += actions[i]!;
      const mean = sum / (actions.length / 2);
      let best = 0;
      for (let a = 1; a < climbs.length; a++) {
        if (Math.abs(climbs[a]! - mean) < Math.abs(climbs[best]! - mean)) best = a;
      }
      return best;
    },
    features(cell, features) {
      const { x, y } = middle(cell);
      const offset = y - line(x);
      features[0] = Math.min(1, Math.abs(offset));
      features[1] = clamp(offset, 1);
    },
    tiles: Array.from({ length: rows * columns }, (_, cell) => ({
      ...middle(cell),
      size: side,
      cell,
    })),
  };
}
