import { replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import type { Toy } from "./toy.ts";

const length = 5; // tiles
const horizon = 8; // moves

/** The first tile of each lane, and the tile in its middle. */
export const lane = { mud: { start: 0, middle: 2 }, flowers: { start: 5, middle: 7 } } as const;

/**
 * Two separate lanes of five tiles. An episode starts at the near end of either
 * and is done at the far end, which is home. There is mud in the middle of one and there are flowers
 * in the middle of the other. State: the tile. Moves: back, on, stay.
 */
export function lanes(): Toy {
  return {
    name: "lanes",
    stateSize: 1,
    observationSize: 1,
    action: { kind: "discrete", names: ["back", "on", "stay"] },
    horizon,
    picture: {
      bounds: { left: 0, right: length, bottom: 0, top: 2 },
      agent: 0.1,
      shapes: [],
      pose: (state) => ({
        x: (state[0]! % length) + 0.5,
        y: Math.floor(state[0]! / length) + 0.5,
        heading: null,
      }),
    },
    lattice: {
      nStates: 2 * length,
      nActions: 3,
      nFeatures: 3,
      featureNames: ["in mud", "in flowers", "at home"],
      hold: 1,
      samples: 1,
      discount: 1,
      horizon,
      stateIn(cell, _random, state) {
        state[0] = cell;
      },
      cellOf: (state) => state[0]!,
      action(a, action) {
        action[0] = a;
      },
      nearestAction: (actions) => actions[0]!,
      features(cell, features) {
        features[0] = cell === lane.mud.middle ? 1 : 0;
        features[1] = cell === lane.flowers.middle ? 1 : 0;
        features[2] = cell % length === length - 1 ? 1 : 0;
      },
      tiles: Array.from({ length: 2 * length }, (_, cell) => ({
        x: (cell % length) + 0.5,
        y: Math.floor(cell / length) + 0.5,
        size: 1,
        cell,
      })),
    },
    start(random, state) {
      state[0] = length * random.below(2);
    },
    step(state, action, _random, next) {
      const along = state[0]! % length;
      const change = [-1, 1, 0][action[0]!]!;
      const to = Math.min(length - 1, Math.max(0, along + change));
      next[0] = state[0]! - along + to;
      return to === length - 1 ? Outcome.done : Outcome.goesOn;
    },
    observe(state, observation) {
      observation.set(state);
    },
    expert(_, action) {
      action[0] = 1;
    },
  };
}

/** The trajectory of these moves in one of the lanes: "<" is back, ">" is on, "." stays. */
export function walk(terrain: keyof typeof lane, moves: string): Trajectory {
  const world = lanes();
  const actions = Array.from(moves, (move) => "<>.".indexOf(move));
  const start = {
    ...world,
    start: (_: unknown, state: Float64Array) => state.fill(lane[terrain].start),
  };
  return replay(start, { world: world.name, seed: 0, actions, controllers: actions.map(() => 0) });
}
