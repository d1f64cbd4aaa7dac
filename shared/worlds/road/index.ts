import type { Kind } from "../level.ts";
import { chicane, road as clover, oval } from "./levels.ts";

export const road: Kind = {
  name: "road",
  title: "Road",
  preposition: "on",
  levels: [clover, oval, chicane],
};
