import type { Kind } from "../level.ts";
import { ravine, mountain as valley } from "./levels.ts";

export const mountain: Kind = {
  name: "mountain",
  title: "Mountain",
  preposition: "in",
  levels: [valley, ravine],
};
