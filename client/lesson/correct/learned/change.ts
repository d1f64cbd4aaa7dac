import { plural } from "../../../../shared/plural.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { presentationOf } from "../../../worlds/index.ts";
import { differs, type Field, placesOf } from "./action-field.ts";

/** So many tiles may be told by name. */
const few = 2;

/** How much of the field has changed, in words; a few tiles are named. */
export function sayChange(world: Level, before: Field, now: Field): string {
  const places = placesOf(world);
  const others = places.filter((_, i) => differs(world, before, now, i));
  const count = others.length;
  const where = presentationOf(world).words.places;
  if (count === 0) return "it would do the same everywhere";
  if (world.action.kind === "continuous") {
    const share = Math.max(1, Math.round((100 * count) / places.length));
    return `it steers another way on ${share} % of the ${where}`;
  }
  const names = others.flatMap(({ state }) => world.names?.cell(world.lattice.cellOf(state)) ?? []);
  const which = names.length === 0 || names.length > few ? "" : ` (${names.join("; ")})`;
  return `${count} of ${places.length} ${where} ${plural(count, "has", "have")} changed${which}`;
}
