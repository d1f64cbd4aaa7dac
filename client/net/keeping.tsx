import type { Keeper } from "./session.ts";

/** Where lessons are kept. The static build has its namesake in `client/local/` instead of this module. */
export const keptIn: Keeper = "server";

/** What the front page says of how lessons are kept: nothing, where that is as everyone expects. */
export function Keeping(_: { open: (lesson: string) => void }) {
  return null;
}

/** Why no lesson would be kept: a server says so itself. */
export function Obstacle() {
  return null;
}
