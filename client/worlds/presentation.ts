import type { FunctionComponent } from "preact";
import type { Level } from "../../shared/worlds/level.ts";
import type { Picture, Point, Pose } from "../../shared/worlds/picture.ts";
import type { Line, Part, Primitive, Tone } from "../drawing/primitives.ts";

/** How the worlds of a kind are drawn, on the stage and as SVG, and what is said of them. */
export interface Presentation {
  readonly words: Words;
  /** What lies still, from the bottom up. */
  ground(picture: Picture): readonly Primitive[];
  /** Whoever is under way. */
  readonly body: Body;
  /** What they leave behind on the ground, on the stage; left out where they leave nothing. */
  tracks?(poses: readonly Pose[], picture: Picture): readonly Line[];
  /**
   * What tells a tile of the map apart besides its colour, as the data of an SVG path on a tile whose
   * middle is (0, 0) and whose side is 1, y downward; null where there is nothing to tell.
   */
  markAt?(picture: Picture, tile: Point): string | null;
  /** What a step costs under a taste, on all that one can step on. */
  readonly Prices?: FunctionComponent<{
    readonly world: Level;
    readonly weights: readonly number[];
  }>;
  /** What stands on the ground and moves in the wind; left out where nothing does. */
  plants?(picture: Picture): readonly Plant[];
  /** How fast an engine of theirs usually drives them, units a second; left out where they have none. */
  readonly engine?: number;
  /** What a turn of so many radians a second leaves in the air, and the colour of it; left out where it leaves nothing. */
  readonly smoke?: { readonly from: number; readonly tone: Tone };
  /** The colour of the dust that a fall raises. */
  readonly dust?: Tone;
  /** The colour of the light that they throw ahead; one that a theme leaves out is not lit. */
  readonly beam?: Tone;
  /** Whether one may come close, and look ahead along one's heading. */
  readonly hasCloseUp: boolean;
  /** Side of the squares in which visits are counted, as a multiple of the agent's size. */
  readonly visitSize: number;
}

/** Something that stands at (x, y) and moves in the wind. */
export interface Plant {
  readonly x: number;
  readonly y: number;
  /** In the world's units; lengths of its parts are shares of it. */
  readonly size: number;
  readonly body: readonly Part[];
  /** Whether it leans over with the wind, or shows where the wind goes: it then hangs to the right from (x, y). */
  readonly inWind: "leans" | "points";
}

/** An agent's drawing. */
export interface Body {
  /**
   * From the bottom up, around (0, 0) and looking along the x axis. Lengths are shares of the agent's
   * size.
   */
  readonly parts: readonly Part[];
  /** Whether it turns with its heading. */
  readonly turns: boolean;
}

export interface Words {
  /** From where it is seen, as in "seen from above". */
  readonly seen: string;
  /** What a key is there for, as in "Hold ← to turn". */
  readonly steer: string;
  /** What its places are called together, as in "5 of 57 tiles", "5 % of the road". */
  readonly places: string;
  /** What rewards are measured against. */
  readonly plain: string;
  /** What the error so far is a sum of. */
  readonly error: string;
  /** Name of the feature that everybody wants, so that it is not worth a guess. */
  readonly wanted?: string;
  /** What one can guess about one's reward, where it is whether one likes a feature; which of them matters most where left out. */
  readonly wish?: {
    readonly question: string;
    /** Name of the feature in the world's lattice. */
    readonly feature: string;
    readonly liked: string;
    readonly otherwise: string;
  };
}
