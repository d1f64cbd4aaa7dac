import type { Trajectory } from "../../../shared/worlds/episode.ts";
import type { Level, Tabular } from "../../../shared/worlds/level.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

/** The part of a world that inverse reinforcement learning needs. */
export type Toy = Tabular & Pick<Level, "picture">;

const stride = 0.375;

/**
 * A corridor along x. A step moves by 0.375 times the action; from x = 4 on the episode is done. Its
 * lattice has a cell for each unit from 0 to 5, two actions held for two steps, and nothing below 0.
 */
export function corridor({ samples = 200, noise = 0, size = stride } = {}): Toy {
  const world: Toy = {
    name: "corridor",
    stateSize: 1,
    observationSize: 1,
    action: { kind: "continuous", low: [-1], high: [1] },
    horizon: 100,
    picture: {
      bounds: { left: 0, right: 5, bottom: -1, top: 1 },
      agent: 0.1,
      shapes: [],
      pose: (state) => ({ x: state[0]!, y: 0, heading: null }),
    },
    lattice: {
      nStates: 5,
      nActions: 2,
      nFeatures: 2,
      featureNames: ["far", "at the wall"],
      hold: 2,
      samples,
      discount: 0.9,
      horizon: Number.POSITIVE_INFINITY,
      stateIn(cell, random, state) {
        state[0] = cell + (samples === 1 ? 0.5 : random.uniform());
      },
      cellOf: (state) => (state[0]! >= 0 && state[0]! < 5 ? Math.floor(state[0]!) : -1),
      action(a, action) {
        action[0] = a === 0 ? -1 : 1;
      },
      nearestAction: (actions) => (actions.reduce((sum, u) => sum + u, 0) < 0 ? 0 : 1),
      features(cell, features) {
        features[0] = cell / 4;
        features[1] = cell === 0 ? 1 : 0;
      },
      tiles: [0, 1, 2, 3, 4].map((cell) => ({ x: cell + 0.5, y: 0, size: 1, cell })),
    },
    start(random, state) {
      state[0] = 2 * random.uniform();
    },
    step(state, action, random, next) {
      next[0] = state[0]! + size * action[0]! + (random ? noise * random.normal() : 0);
      return next[0] >= 4 ? Outcome.done : Outcome.goesOn;
    },
    observe(state, observation) {
      observation.set(state);
    },
    expert(_, action) {
      action[0] = 1;
    },
  };
  return world;
}

/** The trajectory of these actions in a corridor without noise. */
export function steps(from: number, actions: number[]): Trajectory {
  const states = [from];
  for (const u of actions) states.push(states.at(-1)! + stride * u);
  return {
    length: actions.length,
    states: Float64Array.from(states),
    actions: Float64Array.from(actions),
    controllers: new Uint8Array(actions.length),
    outcomes: Uint8Array.from(actions, (_, t) =>
      states[t + 1]! >= 4 ? Outcome.done : Outcome.goesOn,
    ),
  };
}
