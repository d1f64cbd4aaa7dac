import type Phaser from "phaser";
import type { FunctionComponent } from "preact";
import type { Level } from "../../shared/worlds/level.ts";
import type { Picture, Point, Pose } from "../../shared/worlds/picture.ts";
import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";

type Graphics = Phaser.GameObjects.Graphics;

/** How the worlds of a kind are drawn, and what is said of them. */
export interface Presentation {
  readonly words: Words;
  /** Paints what lies still. */
  paintGround(c: CanvasRenderingContext2D, picture: Picture, frame: Frame, colours: Colours): void;
  /** Draws whoever is under way, `own` in colour and with so much `presence`, in (0, 1]. */
  drawBody(g: Graphics, body: Body, frame: Frame, colours: Colours): void;
  /** Draws what a way leaves behind on the ground, where it leaves anything. */
  drawTracks?(
    g: Graphics,
    points: readonly Pose[],
    picture: Picture,
    frame: Frame,
    colours: Colours,
  ): void;
  /** What lies still, in a drawing as SVG. */
  readonly Ground: FunctionComponent<{ readonly picture: Picture }>;
  /** Whoever is under way there, looking along the x axis, in the colour that is inherited. */
  readonly Body: FunctionComponent<{ readonly size: number }>;
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
  /** Whether one may come close, and look ahead along one's heading. */
  readonly hasCloseUp: boolean;
  /** Side of the squares in which visits are counted, as a multiple of the agent's size. */
  readonly visitSize: number;
}

/** Whoever is under way, as it is drawn. */
export interface Body {
  readonly pose: Pose;
  /** In the world's units. */
  readonly size: number;
  readonly colour: number;
  /** In (0, 1]. */
  readonly presence: number;
}

export interface Words {
  /** From where it is seen, as in "seen from above". */
  readonly seen: string;
  /** What a key is there for, as in "Hold ← to turn". */
  readonly steer: string;
  /** Of what a difference between two actions is a share, as in "by 20 % of the wheel". */
  readonly range: string;
  /** What its places are called together, as in "5 of 57 tiles", "5 % of the road". */
  readonly places: string;
  /** What rewards are measured against. */
  readonly plain: string;
  /** What the error so far is a sum of. */
  readonly error: string;
}
