export type Key = "up" | "down" | "left" | "right" | "space";

/** How a person acts in a world. */
export type Steering = {
  /** What each key stands for, as an action row. Continuous keys held together add up. */
  readonly keys: Readonly<Partial<Record<Key, readonly number[]>>>;
  /** Writes the action that heads for the point (x, y) of the picture, for mouse and touch. */
  toward(state: Float64Array, x: number, y: number, action: Float64Array): void;
} & (Running | Waiting);

/** The world has a pace of its own. */
interface Running {
  readonly pace: "runs";
  readonly stepsPerSecond: number;
  /** The action while no key is held. */
  readonly rest: readonly number[];
  /** What keys ask for while the world runs, as a share of what they stand for; all of it where it is left out. */
  readonly keyShare?: number;
  /**
   * Whether keys alone steer while the world runs: who points names a place, and the car finds its way there, however
   * late the hand is.
   */
  readonly byKeys?: boolean;
  /** Moves what keys ask for nearer to what is wanted here; left out where hands are on their own. */
  help?(state: Float64Array, action: Float64Array): void;
}

/** The world waits for each action. */
interface Waiting {
  readonly pace: "waits";
}

/**
 * The action while no key is held.
 * @throws RangeError where the world waits: nobody has to do anything there
 */
export function restOf(steering: Steering): readonly number[] {
  if (steering.pace === "waits") throw new RangeError("a world that waits has no action at rest");
  return steering.rest;
}

/** Whether a pointer does not steer while the world runs. */
export function isByKeys({ steering }: { readonly steering: Steering }): boolean {
  return steering.pace === "runs" && steering.byKeys === true;
}

/** Steps in so many seconds of play; `moves` where the world waits. */
export function stepsIn(steering: Steering, seconds: number, moves: number): number {
  return steering.pace === "runs" ? steering.stepsPerSecond * seconds : moves;
}
