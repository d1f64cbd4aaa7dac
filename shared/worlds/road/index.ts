import type { Kind } from "../level.ts";
import { byKeys, calm, chicane, road as clover, fair, fairChicane, oval } from "./levels.ts";

export const road: Kind = {
  name: "road",
  title: "Road",
  preposition: "on",
  levels: [fair, clover, oval, chicane, byKeys, fairChicane, calm],
};
