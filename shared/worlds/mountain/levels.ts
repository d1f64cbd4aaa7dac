import type { Level } from "../level.ts";
import { mountainWith } from "./mountain.ts";

/** Gymnasium's mountain car. */
export const mountain: Level = mountainWith({
  name: "mountain",
  title: "Valley",
  teaches: "To get up to the flag, first drive the other way.",
  gravity: 0.0025,
  another: () => ravine,
});

/** Steeper: a swing that is turned round too early is lost. */
export const ravine: Level = mountainWith({
  name: "ravine",
  title: "Ravine",
  teaches: "After one wrong push you must swing once more.",
  gravity: 0.0028,
  another: () => mountain,
});
