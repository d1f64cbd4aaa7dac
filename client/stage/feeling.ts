import { signal } from "@preact/signals";
import type { Pose } from "../../shared/worlds/picture.ts";

/** What whoever is at the wheel feels. The stage shakes, blows and looks ahead for it. */
export interface Feeling {
  /** Where they are. */
  readonly pose: Pose;
  /** Their last fall; null before the first. */
  readonly fall: Moment | null;
  /** The last gust or slip, and which way it pushed, radians; null before the first. */
  readonly gust: (Moment & { readonly toward: number }) | null;
  /** The gust that comes next, which way it will push, and in how many seconds; left out while none is near. */
  readonly coming?: { readonly toward: number; readonly within: number } | null;
  /** Left out where somebody drives: whether a watcher is to be close up. Only for watchers the camera leans in at a fall. */
  readonly watched?: { readonly closeUp: CloseUp };
}

/** Whether one is close up: "small" is only where cars are too small to be read from afar, as on a phone. */
export type CloseUp = boolean | "small";

/** Something that happened at a place, `age` seconds ago. */
export interface Moment {
  readonly x: number;
  readonly y: number;
  readonly age: number;
}

/** Whether the stage is to come close and look ahead while the person drives a car. */
export const closeUp = signal(false);
