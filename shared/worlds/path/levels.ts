import type { Random } from "../../random.ts";
import { type Lattice, Outcome, type World } from "../world.ts";

const speed = 0.2; // units a step
const climb = 0.3; // most, units a step
const usualNoise = 0.02; // standard deviation on each axis, units
const start = 0.1; // standard deviation of the height at the start, units
const steps = 30;
const edge = 2.2; // units above and below, beyond which nothing is drawn

/** Height at each x. */
type Curve = (x: number) => number;

const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value));

/** Pushes up or down that come all at once. */
interface Gusts {
  /** Probability of one in a step. */
  readonly chance: number;
  /** How far it pushes, units. */
  readonly push: number;
}

/**
 * A point that moves on to the right and is steered up and down, after a curve. State (x, y); the
 * action is the step (Δx, Δy). There is nothing to fall off, and where the curve is steep even the
 * expert cannot keep to it.
 */
function pathAlong({
  name,
  title,
  task = "Follow the curve, up and down.",
  line,
  gusts,
  other,
}: {
  name: string;
  title: string;
  task?: string;
  line: Curve;
  gusts?: Gusts;
  /** Another path, which is not this one. */
  other: () => World;
}): World {
  return {
    name,
    title,
    task,
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
        for (let t = 1; t <= length; t++)
          sum += Math.abs(states[2 * t + 1]! - line(states[2 * t]!));
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
    lattice: latticeOf(line),
    another: other,

    start(random, state) {
      state[0] = 0;
      state[1] = Math.fround(line(0) + start * random.normal());
    },

    step: stepIn(usualNoise, gusts),

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
}

/** The article's path: errors here are mild. */
export const path: World = pathAlong({
  name: "path",
  title: "Wave",
  line: (x) => Math.sin(2 * x),
  other: () => crags,
});

/** So steep that nobody keeps to it: what one does there is not what one is after. */
export const crags: World = pathAlong({
  name: "crags",
  title: "Crags",
  task: "Follow the curve, as well as anyone can.",
  line: (x) => 0.9 * Math.sin(3 * x) + 0.6 * Math.sin(1.1 * x),
  other: () => path,
});

/** A long swell that anyone could follow, were it not for the gusts. */
export const gale: World = pathAlong({
  name: "gale",
  title: "Gale",
  task: "Follow the curve, up and down. Gusts will push you off it.",
  line: (x) => 1.2 * Math.sin(x),
  gusts: { chance: 0.12, push: 0.8 },
  other: () => crags,
});

/**
 * The path in other weather.
 * @param noise standard deviation of a step on each axis, units; 0 is no wind
 */
export function pathWith({ noise }: { noise: number }): World {
  return { ...path, step: stepIn(noise) };
}

function stepIn(noise: number, gusts?: Gusts): World["step"] {
  return (state, action, random, next) => {
    const x = state[0]! + action[0]! + noise * (random?.normal() ?? 0);
    const y = state[1]! + action[1]! + noise * (random?.normal() ?? 0) + pushBy(gusts, random);
    next[0] = Math.fround(x);
    next[1] = Math.fround(clamp(y, edge));
    return Outcome.goesOn;
  };
}

/** How far a gust pushes in one step, units. */
function pushBy(gusts: Gusts | undefined, random: Random | null): number {
  if (!gusts || !random || random.uniform() >= gusts.chance) return 0;
  return random.uniform() < 0.5 ? -gusts.push : gusts.push;
}

/** Squares of the plane. What one is after is told by where one is from the curve. */
function latticeOf(line: Curve): Lattice {
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
