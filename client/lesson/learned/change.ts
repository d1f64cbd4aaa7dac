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
 * @param isOld whether the learner would have done what the one new answer says before it learned it; null where it is not about one
 */
export function sayChange(
  world: Level,
  round: Round,
  before: Field,
  now: Field,
  fewer = false,
  isOld: boolean | null = null,
): Change {
  const lead = fewer ? "Taken back" : "It learned this";
  const steered = world.action.kind === "continuous";
  const nothing = sayNothing(round, fewer ? null : isOld);
  if (steered) {
    const { share } = changedWay(world, round, before, now);
    if (share === 0) return nothing;
    const percent = Math.max(1, Math.round(100 * share));
    return {
      words: `${lead}: on ${percent} % of its way it ${fewer ? "steers as before again" : "now steers differently"}.`,
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

/** That nothing has changed, and why: what the learner did on its drive it did before this round's answers. */
function sayNothing({ answers }: Round, isOld: boolean | null): Change {
  if (isOld === null)
    return {
      words: "Nothing changed: on its way it does the same as before.",
      short: "Nothing changed",
    };
  if (!isOld)
    return {
      words: "This answer alone changed almost nothing. More answers near here will help.",
      short: "Almost nothing changed",
    };
  return {
    words:
      answers.length > 1
        ? "Nothing changed: since your earlier answers it already does what you said."
        : "Nothing changed: it already does what you said.",
    short: "It already does what you said",
  };
}
