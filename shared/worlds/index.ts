import { garden, maze, rain } from "./garden/levels.ts";
import { crags, gale, path } from "./path/levels.ts";
import { chicane, oval, road } from "./road/levels.ts";
import type { World } from "./world.ts";

/** Every world there is, by name. */
export const worlds: Readonly<Record<string, World>> = Object.fromEntries(
  [road, oval, chicane, garden, maze, rain, path, crags, gale].map((world) => [world.name, world]),
);
