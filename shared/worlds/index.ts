import { garden } from "./garden.ts";
import { road } from "./road.ts";
import type { World } from "./world.ts";

/** Every world there is, by name. */
export const worlds: Readonly<Record<string, World>> = Object.fromEntries(
  [road, garden].map((world) => [world.name, world]),
);
