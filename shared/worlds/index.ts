import { garden } from "./garden.ts";
import { path } from "./path.ts";
import { road } from "./road.ts";
import type { World } from "./world.ts";

/** Every world there is, by name. */
export const worlds: Readonly<Record<string, World>> = Object.fromEntries(
  [road, garden, path].map((world) => [world.name, world]),
);
