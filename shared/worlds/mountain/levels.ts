import type { Level } from "../level.ts";
import { mountainWith } from "./mountain.ts";

/** Gymnasium's mountain car. */
export const mountain: Level = mountainWith({
  name: "mountain",
  title: "Valley",
  teaches: "To get there, go the other way first.",
  gravity: 0.0025,
  another: () => ravine,
});

/** Steeper: a swing that is turned round too early is lost. */
export const ravine: Level = mountainWith({
  name: "ravine",
  title: "Ravine",
  teaches: "A push the wrong way costs a swing.",
  gravity: 0.0028,
  another: () => mountain,
});
