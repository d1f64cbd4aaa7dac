/**
 * What a drawing is made of: described once, in a world's units with y upward; the stage paints it, and
 * `Drawing` in `svg.tsx` makes SVG of it.
 */

/** A colour by its name in the style sheets. "own" is the colour of whoever is drawn. */
export type Tone = string;

export type Points = readonly (readonly [x: number, y: number])[];

/** All of the ground, as far as one sees; a small drawing leaves out what grows on it. */
export interface Meadow {
  readonly kind: "meadow";
  readonly fill: Tone;
  readonly patches: Tone;
  readonly blades: Tone;
}

export interface Area {
  readonly kind: "area";
  readonly points: Points;
  readonly fill: Tone;
  /** In (0, 1]; 1 where it is left out. */
  readonly opacity?: number;
}

/** A line with round corners. */
export interface Line {
  readonly kind: "line";
  readonly points: Points;
  readonly closed?: boolean;
  readonly stroke: Tone;
  readonly width: number;
  /** Length of a dash and of what is left out after it; whole where it is left out. */
  readonly dash?: number;
  /** Round where it is left out. */
  readonly ends?: "flat";
  /** In (0, 1]; 1 where it is left out. */
  readonly opacity?: number;
}

export interface Disc {
  readonly kind: "disc";
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly fill: Tone;
  /** In (0, 1]; 1 where it is left out. */
  readonly opacity?: number;
}

/** A square with rounded corners and a mark on it, seen a little from the south. */
export interface MarkedTile {
  readonly kind: "tile";
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill: Tone;
  /** The data of an SVG path on a tile whose middle is (0, 0) and whose side is 1, y downward. */
  readonly mark: string;
  readonly markFill: Tone;
  /** How far it stands out of the ground, as a share of its side; below 0 it lies in it. */
  readonly height: number;
}

/** Words to the right of a point. A small drawing has no room for them and leaves them out. */
export interface Label {
  readonly kind: "label";
  readonly x: number;
  readonly y: number;
  readonly words: string;
  readonly size: number;
  /** Which side of the words is at the point. */
  readonly baseline: "top" | "bottom";
  readonly fill: Tone;
}

/** Of what an agent's body is made. */
export type Part = Area | Line | Disc;
export type Primitive = Part | Meadow | MarkedTile | Label;
