import type { Level } from "../../shared/worlds/level.ts";
import { background, useBackground } from "./background.ts";

/** Components below this share of the largest are not named in a direction. */
const minor = 0.3;

const list = new Intl.ListFormat("en");

/**
 * What no episode here can tell about what somebody likes, whatever they do: before they do it, and after. Only where the world
 * waits, since elsewhere it takes seconds to find out.
 */
export function Untellable({ world }: { world: Level }) {
  const directions = useBackground(
    () => (world.steering.pace === "waits" ? background().untellable(world.name) : null),
    [world],
  );
  if (!directions?.length) return null;
  return <p class="untellable">{directions.map((one) => sayUntellable(world, one)).join(" ")}</p>;
}

/** One of the directions of the weights of which no episode tells anything, [k], in words. */
export function sayUntellable(world: Level, direction: readonly number[]): string {
  const names = namedIn(world, direction);
  return names.length === 1
    ? `No walk here can tell if you like being ${names[0]}.`
    : `No walk here can tell which of these you like: being ${list.format(names)}.`;
}

/** The features that a direction of the weights is about. */
export function namedIn({ lattice }: Level, direction: readonly number[]): string[] {
  const most = Math.max(...direction.map(Math.abs));
  return lattice.featureNames.filter((_, k) => Math.abs(direction[k]!) > minor * most);
}
