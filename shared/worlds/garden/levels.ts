import type { Level } from "../level.ts";
import { gardenOf } from "./garden.ts";

export const garden: Level = gardenOf({
  name: "garden",
  title: "Meadow",
  teaches: "Where you walk shows what you like.",
  seed: 109,
});

/** Larger and full of hedges: one way through it says little about the next. */
export const maze: Level = gardenOf({
  name: "maze",
  title: "Maze",
  teaches: "A clone cannot know what you never showed it.",
  seed: 5,
  side: 10,
  hedges: 14,
});

/** The paths are slippery: what is wise keeps clear of the mud that it might slip into. */
export const rain: Level = gardenOf({
  name: "rain",
  title: "Rain",
  task: "Walk home, the way you like best. One step in five slips to one side.",
  teaches: "What you stay away from shows what you like, too.",
  seed: 7,
  slip: 0.2,
});

/** One thing that tastes are about is nowhere in it: whoever has walked in no other garden has said nothing of it. */
export const drought: Level = gardenOf({
  name: "drought",
  title: "Drought",
  teaches: "There is no puddle here. In other gardens there are some.",
  seed: 109,
  without: ["puddle"],
});
