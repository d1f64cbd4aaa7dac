import type { Who } from "./words.ts";

/** How everyone's line in a chart is drawn. */
export const looks: Readonly<Record<Who, string>> = {
  expert: "expert",
  cloning: "learner dotted",
  expertDrives: "learner thin",
  atRandom: "learner dashed",
  dagger: "learner bold",
};
