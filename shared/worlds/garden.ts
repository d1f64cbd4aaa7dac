import { type Lattice, Outcome, type Shape, type World } from "./world.ts";

const side = 5; // tiles
const home = { row: side - 1, column: side - 1 };
const farthest = Math.SQRT2 * (side - 1);

/** Row and column change of each action; rows go down the page, as in a matrix. */
const moves = [
  { name: "up", row: -1, column: 0 },
  { name: "down", row: 1, column: 0 },
  { name: "left", row: 0, column: -1 },
  { name: "right", row: 0, column: 1 },
  { name: "stay", row: 0, column: 0 },
];
const stay = moves.length - 1;

const tile = (row: number, column: number) => row * side + column;
const clamp = (i: number) => Math.min(side - 1, Math.max(0, i));
/** Middle of a tile on the stage, whose y goes up. */
const middle = (row: number, column: number) => ({ x: column + 0.5, y: side - row - 0.5 });

/**
 * A 5×5 garden with home in the last corner. State (row, column); a move into the fence stays where
 * it is; home ends the episode. A policy sees which tile it is on and nothing else, so what it was
 * never shown it cannot know.
 */
export const garden: World = {
  name: "garden",
  title: "Garden",
  task: "Walk home, the way you like best.",
  stateSize: 2,
  observationSize: side * side,
  action: { kind: "discrete", names: moves.map(({ name }) => name) },
  horizon: 20,
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
    bounds: { left: -0.4, right: side + 0.4, bottom: -0.4, top: side + 0.4 },
    agent: 0.5,
    body: "walker",
    shapes: Array.from({ length: side * side }, (_, i): Shape => {
      const row = Math.floor(i / side);
      const column = i % side;
      const terrain = row === home.row && column === home.column ? "home" : "lawn";
      return { kind: "tile", ...middle(row, column), size: 1, terrain };
    }),
  },
  lattice: lattice(),

  /** Anywhere but home. */
  start(random, state) {
    const i = random.below(side * side - 1);
    state[0] = Math.floor(i / side);
    state[1] = i % side;
  },

  step(state, action, _random, next) {
    const move = moves[action[0]!]!;
    next[0] = clamp(state[0]! + move.row);
    next[1] = clamp(state[1]! + move.column);
    return next[0] === home.row && next[1] === home.column ? Outcome.done : Outcome.goesOn;
  },

  observe(state, observation) {
    observation.fill(0);
    observation[tile(state[0]!, state[1]!)] = 1;
  },

  /** Along the diagonal: whichever way is longer. */
  expert(state, action) {
    action[0] = home.row - state[0]! >= home.column - state[1]! ? 1 : 3;
  },

  toward(state, x, y, action) {
    const from = middle(state[0]!, state[1]!);
    const dx = x - from.x;
    const dy = y - from.y;
    if (Math.max(Math.abs(dx), Math.abs(dy)) < 0.5) action[0] = stay;
    else if (Math.abs(dx) > Math.abs(dy)) action[0] = dx > 0 ? 3 : 2;
    else action[0] = dy > 0 ? 0 : 1;
  },

  pose: (state) => ({ ...middle(state[0]!, state[1]!), heading: null }),
};

/** The garden is its own lattice, with the reward features of the article: row, column, proximity to home. */
function lattice(): Lattice {
  return {
    nStates: side * side,
    nActions: moves.length,
    nFeatures: 3,
    featureNames: ["further down", "further right", "closer to home"],
    hold: 1,
    samples: 1,
    discount: 1,
    horizon: 20,
    stateIn(cell, _random, state) {
      state[0] = Math.floor(cell / side);
      state[1] = cell % side;
    },
    cellOf: (state) => tile(state[0]!, state[1]!),
    action(a, action) {
      action[0] = a;
    },
    nearestAction: (actions) => actions[0]!,
    features(cell, features) {
      const row = Math.floor(cell / side);
      const column = cell % side;
      features[0] = row / (side - 1);
      features[1] = column / (side - 1);
      features[2] = 1 - Math.hypot(row - home.row, column - home.column) / farthest;
    },
    tiles: Array.from({ length: side * side }, (_, cell) => ({
      ...middle(Math.floor(cell / side), cell % side),
      size: 1,
      cell,
    })),
  };
}
