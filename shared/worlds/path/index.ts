import type { Kind } from "../level.ts";
import { crags, gale, path as wave } from "./levels.ts";

export const path: Kind = {
  name: "path",
  title: "Path",
  preposition: "on",
  levels: [wave, crags, gale],
  isForComparing: true,
};
