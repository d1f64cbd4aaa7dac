import { garden } from "./garden/index.ts";
import { demonstrationWorld, type Kind, type Level } from "./level.ts";
import { mountain } from "./mountain/index.ts";
import { path } from "./path/index.ts";
import { road } from "./road/index.ts";

/** Every kind of world there is, in the order in which one would play them. */
export const kinds: readonly Kind[] = [
  // One line each.
  road,
  garden,
  path,
  mountain,
];

/** Every world there is, by name: the levels, and what people demonstrate in for them. */
export const worlds: Readonly<Record<string, Level>> = Object.fromEntries(
  kinds
    .flatMap(({ levels }) => [...levels, ...levels.map(demonstrationWorld)])
    .map((world) => [world.name, world]),
);

/** The kind of a level, whether or not it is in the registry itself. */
export function kindOf(level: Level): Kind {
  return kinds.find(({ name }) => name === level.kind)!;
}
