import type { Round } from "../../../shared/lesson/lesson.ts";
import { plural } from "../../../shared/plural.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { presentationOf } from "../../worlds/index.ts";
import { differs, type Field, placesOf } from "./action-field.ts";
import { changedWay } from "./lit.ts";

/** So many tiles may be told by name. */
const few = 2;

/** What an answer has changed, in words. */
export interface Change {
  readonly words: string;
  /** In a few words, for the stage. */
  readonly short: string;
}

/**
 * How much of the field has changed; a few tiles are named.
 * @param fewer whether an answer was taken back
 */
export function sayChange(
  world: Level,
  round: Round,
  before: Field,
  now: Field,
  fewer = false,
): Change {
  const lead = fewer ? "It forgot this" : "It learned this";
  const steered = world.action.kind === "continuous";
  const nothing = {
    words: "Nothing changed: it does this already.",
    short: "It does this already",
  };
  if (steered) {
    const { share } = changedWay(world, round, before, now);
    if (share === 0) return nothing;
    const percent = Math.max(1, Math.round(100 * share));
    return {
      words: `${lead}: it steers differently at ${percent} % of the places on its drives.`,
      short: "The glow: here it steers differently now",
    };
  }
  const places = placesOf(world);
  const others = places.filter((_, i) => differs(world, before, now, i));
  const count = others.length;
  if (count === 0) return nothing;
  const where = presentationOf(world).words.places;
  const names = others.flatMap(({ state }) => world.names?.cell(world.lattice.cellOf(state)) ?? []);
  const which = names.length === 0 || names.length > few ? "" : ` (${names.join("; ")})`;
  return {
    words: `${lead}: ${count} of ${places.length} ${where} ${plural(count, "has", "have")} changed${which}.`,
    short: `The glow: ${count} of ${places.length} ${where} ${plural(count, "has", "have")} changed`,
  };
}
