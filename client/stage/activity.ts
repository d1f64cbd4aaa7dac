import type { RoundStep } from "../../shared/imitation/round.ts";
import type { Level } from "../../shared/worlds/level.ts";
import type { Pose } from "../../shared/worlds/picture.ts";
import type { Tile } from "../drawing/tiles.ts";
import type { Role, Trail } from "../drawing/trails.ts";

import type { Feeling } from "./feeling.ts";

/** One place's choice as it is drawn: from the first point to the last. A single point is to stay. */
export interface Arrow {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** The tile whose choice it is; null where there are no tiles. */
  readonly tile: Tile | null;
  /** In [0, 1]. */
  readonly familiarity: number;
  /** What the choice was before it changed; null where it is as it was. */
  readonly was: readonly { readonly x: number; readonly y: number }[] | null;
}

/** What is on the stage in one frame, besides the world itself. Points in the world's units. */
export interface View {
  /** What does not change from frame to frame; drawn again only when it is another array. */
  readonly background: readonly Trail[];
  readonly agents: readonly {
    readonly pose: Pose;
    readonly role: Role;
    /** Where its wheel is turned to, in [-1, 1], anticlockwise positive; shown where it is given. */
    readonly wheel?: number;
    /** One of two is hollow, so that they are told apart; one of many is small. Left out where it is itself. */
    readonly look?: "hollow" | "small";
  }[];
  readonly trails: readonly Trail[];
  /** Where it fell. */
  readonly falls: readonly { readonly x: number; readonly y: number }[];
  readonly map: RewardMap | null;
  /** The tile that is looked at. */
  readonly cursor: Tile | null;
  /** Where they have been, softly, beneath everything else. */
  readonly heat?: readonly Heat[] | null | undefined;
  /** What the learner would do place by place, and how much of it is to be seen, in [0, 1]. */
  readonly field?: { readonly arrows: readonly Arrow[]; readonly presence: number } | null;
  /** Stretches of the way that are lit up, and how much of the light is to be seen, in [0, 1]. */
  readonly lit?: Lit | null;
  /** What the person at the wheel feels; left out where nobody drives. */
  readonly feeling?: Feeling;
  /** A place to look at. */
  readonly ring?: { readonly x: number; readonly y: number } | null;
}

/** Stretches of the way along which something has changed. */
export interface Lit {
  readonly stretches: readonly (readonly { readonly x: number; readonly y: number }[])[];
  readonly presence: number;
}

/** Where someone has been. */
export interface Heat {
  readonly role: Role;
  /** Places that somebody was at, and how often, in (0, 1]. */
  readonly places: readonly { readonly x: number; readonly y: number; readonly often: number }[];
  /** How far each of them spreads, in the world's units. */
  readonly radius: number;
}

export interface RewardMap {
  readonly tiles: readonly Tile[];
  /** "rgb(r, g, b)"; null where nothing is known. */
  readonly colours: readonly (string | null)[];
  /** Whether a tile's colour is a first guess only; then there is less of it, and lines over it. */
  readonly unsure?: readonly boolean[];
  /** What to write on each tile, where there is room. */
  readonly numbers: readonly string[];
  /** Leaves the world to be seen: colours the tiles' rims only, and nothing where nothing is known. */
  readonly rims?: boolean;
}

/** Something going on on the stage. The stage asks it once a frame; it knows nothing of drawing. */
export interface Activity {
  /** Where it goes on; the lesson's world where it is left out. */
  readonly world?: Level;
  /** The step of the DAgger round that it is, where it knows that better than the lesson's step does. */
  readonly roundStep?: RoundStep;
  /** Moves on by `seconds` and says what there is to see. */
  frame(seconds: number): View;
  /** It is on the stage from now on, and has the person's hands. */
  enter?(): void;
  /** The person has turned to something else. */
  leave?(): void;
}

export const nothing: View = {
  background: [],
  agents: [],
  trails: [],
  falls: [],
  map: null,
  cursor: null,
};
