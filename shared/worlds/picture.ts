/** What there is to see, in the world's own units, y upward. */
export interface Picture {
  readonly bounds: {
    readonly left: number;
    readonly right: number;
    readonly bottom: number;
    readonly top: number;
  };
  /** Size of the agent's body. */
  readonly agent: number;
  readonly shapes: readonly Shape[];
  /** Where to draw the agent in `state`. */
  pose(state: Float64Array): Pose;
}

export interface Pose {
  readonly x: number;
  readonly y: number;
  /** Radians, anticlockwise from the x axis; null where it has no heading. */
  readonly heading: number | null;
  /** Where the state lies among the lattice's tiles; left out where that is (x, y). */
  readonly onMap?: Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the state that has this pose lies among the lattice's tiles. */
export function placeOnMap(pose: Pose): Point {
  return pose.onMap ?? pose;
}

export type Shape =
  | {
      readonly kind: "ribbon";
      readonly points: readonly (readonly [number, number])[];
      readonly closed: boolean;
      readonly halfWidth: number;
    }
  | {
      readonly kind: "tile";
      readonly x: number;
      readonly y: number;
      readonly size: number;
      /** What it is made of, in a word of the world's own. */
      readonly terrain: string;
    };
