import type { Trajectory } from "./episode.ts";
import type { Lattice } from "./lattice.ts";
import type { Measure } from "./measure.ts";
import type { Picture } from "./picture.ts";
import type { Steering } from "./steering.ts";
import type { World } from "./world.ts";

/**
 * A world with everything that can be asked of it, each under a name of its own. What not every world
 * has is optional: code asks whether it is there, and never which kind of world it has before it.
 */
export interface Level extends World {
  /** Key of its {@link Kind}: in the registry of kinds, and in the client's of drawings and words. */
  readonly kind: string;
  readonly title: string;
  /** What the person is to do, in one sentence. */
  readonly task: string;
  /** What one learns by it, in a sentence or two. */
  readonly teaches: string;
  readonly legend: Legend;
  readonly measure: Measure;
  readonly lattice: Lattice;
  readonly picture: Picture;
  readonly steering: Steering;
  /** Another world of this kind, with the same reward features: what is wanted here can be wanted there. */
  another(seed: number): Level;
  /** What there is to keep to, where there is such a line. */
  readonly line?: CentreLine;
  /** Whether one can fall: leave the ground, be put back and go on. */
  readonly canFall?: boolean;
  /** Whether it is too late: one falls from `state` whatever one does. Left out where it is never too late. */
  isLost?(state: Float64Array): boolean;
  /** How often a drive went round, forwards less backwards, where there is something to go round. */
  laps?(drive: Pick<Trajectory, "states" | "length">): number;
  /** What the weather does: it turns one's heading, or moves one aside. Left out where there is none. */
  readonly weather?: "turns" | "moves";
  /** Where people show what to do, where that is another world: the same one in other weather. */
  readonly demonstratedIn?: Level;
  /** The same world with gusts of another strength; 0 is no wind. */
  inGusts?(strength: number): Level;
  /** Rewards that a person can be asked to live up to, by name. */
  readonly tastes?: Readonly<Record<string, Taste>>;
  /** What places are called, in worlds that wait long enough to be told. */
  readonly names?: Names;
  /** States at which to look at what a policy would do; the middles of the lattice's tiles where left out. */
  readonly viewpoints?: readonly Float64Array[];
}

/** What a world's numbers are, each in a few words with its unit: for whoever reads data of it. */
export interface Legend {
  /** [stateSize] */
  readonly state: readonly string[];
  /** [width] */
  readonly action: readonly string[];
  readonly observation: string;
}

/** Worlds of one kind, in the order in which one would play them. The first shows what all of this is about. */
export interface Kind {
  readonly name: string;
  readonly title: string;
  /** Where its levels' names are used: "on the oval", "in the meadow". */
  readonly preposition: "in" | "on";
  readonly levels: readonly [Level, ...Level[]];
  /**
   * Whether it is begun where cloning and DAgger are compared, instead of on the front page: what goes wrong in
   * it is to be seen in a figure rather than felt at the wheel.
   */
  readonly isForComparing?: boolean;
}

export interface CentreLine {
  /**
   * How far off the line `state` is: 0 on it, 1 where one is as far off as one may be, as at the
   * road's edge.
   */
  deviation(state: Float64Array): number;
  /** Whether the world's measure is the distance from it, so that it need not be told twice. */
  readonly isMeasured: boolean;
}

/** A reward that is dealt to a person, so that what is recovered can be compared with it. */
export interface Taste {
  /** As one would be told it. */
  readonly words: string;
  /** [k], one for each of the lattice's features; nats a visit. */
  readonly weights: readonly number[];
}

export interface Names {
  /** What a cell of the lattice is called. */
  cell(cell: number): string;
  /** Where one is and what is around, in words. */
  whereabouts(state: Float64Array): string;
}

/** The world in which people show what to do in this one. */
export function demonstrationWorld(level: Level): Level {
  return level.demonstratedIn ?? level;
}

/** Whether what people show is not all theirs. */
export function isHelped(level: Level): boolean {
  const { steering } = demonstrationWorld(level);
  return steering.pace === "runs" && steering.help !== undefined;
}

/** A world of which it can be said how well an episode went. */
export type Measured = World & Pick<Level, "measure" | "line">;

/** A world that a person can act in. */
export type Playable = World & Pick<Level, "steering">;

/** A world with a tabular model. */
export type Tabular = World & Pick<Level, "lattice">;
