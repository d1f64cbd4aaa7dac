import type { Pose } from "../../../shared/worlds/picture.ts";
import { type Path, poseIn, type Role, type Trail, trailsOf } from "../../drawing/trails.ts";

/** A recorded path, and how far it has been played. Whoever has it sets the time. */
export class Playback {
  /** Steps from the start of the path, with the share of the one under way. */
  time: number;
  readonly path: Path;
  /** The step from which on it is played. */
  readonly first: number;
  readonly #last: number;

  /** @param last the last step that is played */
  constructor(path: Path, first: number, last: number) {
    this.time = first;
    this.path = path;
    this.first = first;
    this.#last = last;
  }

  /** The step under way. */
  get step(): number {
    return Math.min(Math.floor(this.time), this.#last);
  }

  get pose(): Pose {
    return poseIn(this.path, this.step, this.time - this.step);
  }

  /** The way so far. */
  trails(role: Role, uncertainty?: readonly number[]): Trail[] {
    return trailsOf(this.path, role, "past", this.first, this.step, uncertainty);
  }
}
