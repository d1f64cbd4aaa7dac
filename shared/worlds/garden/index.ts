import type { Kind } from "../level.ts";
import { drought, maze, garden as meadow, rain } from "./levels.ts";

export const garden: Kind = {
  name: "garden",
  title: "Garden",
  preposition: "in",
  levels: [meadow, maze, rain, drought],
};
