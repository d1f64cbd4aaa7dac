import { Outcome, type World } from "../world.ts";
import { moves, type Plot, stay, type Terrain } from "./plot.ts";

/** Where a move in each direction slips to. */
const besides = [
  [2, 3],
  [2, 3],
  [0, 1],
  [0, 1],
] as const;

/** Something that a move may come to. */
interface Landing {
  readonly next: number;
  readonly probability: number;
  readonly ends: boolean;
}

/** A garden's dynamics, tile by tile. */
export interface Walking {
  /** The tile on which one is. */
  tileOf(state: Float64Array): number;
  /** Writes the state of being on a tile. */
  put(tile: number, state: Float64Array): void;
  /** The tile that a move leads to where it does not slip. */
  after(tile: number, move: number): number;
  /** All that a move may come to; the probabilities sum to one. */
  outcomes(tile: number, move: number): readonly Landing[];
  readonly world: Omit<World, "name">;
}

/**
 * State (row, column); a move into a wall or the fence stays where it is; home ends the episode. A
 * policy sees which tile it is on and nothing else, so what it was never shown it cannot know.
 *
 * @param distance of each tile from home, moves
 * @param slip probability that a move goes to one of its two sides instead, either as likely
 */
export function walkingOn(
  plot: Plot,
  tiles: readonly Terrain[],
  distance: readonly number[],
  slip: number,
): Walking {
  const { side } = plot;
  const tileOf = (state: Float64Array) => state[0]! * side + state[1]!;
  const put = (tile: number, state: Float64Array) => {
    state[0] = plot.row(tile);
    state[1] = plot.column(tile);
  };
  const after = (tile: number, move: number) => {
    const next = plot.beside(tile, move);
    return tiles[next] === "wall" ? tile : next;
  };
  // From the far half, so that a walk is long enough to say something.
  const farthest = Math.max(...distance.filter(Number.isFinite));
  const starts = Array.from(tiles.keys()).filter(
    (tile) => Number.isFinite(distance[tile]!) && distance[tile]! >= farthest / 2,
  );

  return {
    tileOf,
    put,
    after,

    outcomes(tile, move) {
      const to = (move: number, probability: number) => {
        const next = after(tile, move);
        return { next, probability, ends: tiles[next] === "home" };
      };
      return slip === 0 || move === stay
        ? [to(move, 1)]
        : [to(move, 1 - slip), ...besides[move]!.map((aside) => to(aside, slip / 2))];
    },

    world: {
      stateSize: 2,
      observationSize: plot.nTiles,
      action: { kind: "discrete", names: moves.map(({ name }) => name) },
      horizon: 5 * side,

      start(random, state) {
        put(starts[random.below(starts.length)]!, state);
      },

      step(state, action, random, next) {
        let move = action[0]!;
        if (random && slip > 0 && move !== stay && random.uniform() < slip)
          move = besides[move]![random.below(2)]!;
        const tile = after(tileOf(state), move);
        put(tile, next);
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
    },
  };
}
