import { beginFromFile } from "./new-lesson.ts";
import { OpenFile } from "./open-file.tsx";
import type { Keeper } from "./session.ts";

/** Where lessons are kept. The static build has its namesake in `client/local/` instead of this module. */
export const keptIn: Keeper = "server";

/** A way in for lessons that come as files. How lessons are kept needs no words: as everyone expects. */
export function Keeping({ open }: { open: (lesson: string) => void }) {
  return <OpenFile open={open} takeIn={beginFromFile} />;
}

/** Why no lesson would be kept: a server says so itself. */
export function Obstacle() {
  return null;
}
