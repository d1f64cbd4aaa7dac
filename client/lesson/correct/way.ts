import type { Level } from "../../../shared/worlds/level.ts";
import type { Panel } from "../state.ts";

/** A way to correct a learner. */
export interface Way {
  /** Unique among the ways. */
  readonly name: string;
  /** As the person chooses it. */
  readonly title: string;
  /** What one does, in a sentence or two, as it is told where one chooses. */
  readonly about: string;
  /** Whether it makes sense in a world; in all of them where it is left out. */
  readonly suits?: (world: Level) => boolean;
  readonly Panel: Panel;
}
