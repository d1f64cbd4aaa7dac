import type { Pose } from "../../shared/worlds/world.ts";

export type Role = "expert" | "learner";

/** What is on the stage in one frame, besides the world itself. Points in the world's units. */
export interface View {
  /** What does not change from frame to frame; drawn again only when it is another array. */
  readonly background: readonly Trail[];
  readonly agents: readonly { readonly pose: Pose; readonly role: Role }[];
  readonly trails: readonly Trail[];
  /** Where it fell. */
  readonly falls: readonly { readonly x: number; readonly y: number }[];
  readonly map: RewardMap | null;
}

export interface Trail {
  readonly role: Role;
  readonly points: readonly Pose[];
  /** "past" was driven, "faint" was driven in another episode, "plan" is what would come. */
  readonly style: "past" | "faint" | "plan";
  /** In [0, 1] for each point; where given, unfamiliar stretches are drawn stronger. */
  readonly uncertainty?: readonly number[];
}

export interface RewardMap {
  readonly tiles: readonly { readonly x: number; readonly y: number; readonly size: number }[];
  readonly reward: readonly number[];
  readonly visits: readonly number[];
}

/** Something going on on the stage. The stage asks it once a frame; it knows nothing of drawing. */
export interface Activity {
  /** Moves on by `seconds` and says what there is to see. */
  frame(seconds: number): View;
  /** It is on the stage from now on, and has the person's hands. */
  enter?(): void;
  /** The person has turned to something else. */
  leave?(): void;
}

export const nothing: View = { background: [], agents: [], trails: [], falls: [], map: null };
