import type { Round } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Point } from "../../../shared/worlds/picture.ts";
import type { Lit } from "../../stage/activity.ts";
import { differs, type Field, type FieldPoint, placesDriven, placesIn } from "./action-field.ts";

/** Between neighbours of a stretch, as a multiple of the agent's size: further apart, it was put back. */
const jump = 2;

/** Of the places where the learner came by in a round, those where it would now do something else. */
export interface ChangedWay {
  /** As stretches of its ways, each at least two points long. */
  readonly stretches: readonly (readonly Point[])[];
  /** How much of its ways that is, in [0, 1]. */
  readonly share: number;
}

export function changedWay(world: Level, round: Round, before: Field, now: Field): ChangedWay {
  const drives = placesDriven(world, round);
  const count = drives.flat().length;
  let first = placesIn(world, round).length - count;
  let changed = 0;
  const stretches = drives.flatMap((places) => {
    const others = places.map((_, i) => differs(world, before, now, first + i));
    first += places.length;
    changed += others.filter(Boolean).length;
    return stretchesOf(world, places, others);
  });
  return { stretches, share: count === 0 ? 0 : changed / count };
}

/** These stretches as the stage has them. */
export function litAlong(stretches: Lit["stretches"]): Lit | null {
  return stretches.length === 0 ? null : { stretches, presence: 1 };
}

/** The runs of places that are others, each with the one before it and the one after, so that all can be drawn. */
function stretchesOf(
  { picture }: Level,
  places: readonly FieldPoint[],
  others: readonly boolean[],
): Point[][] {
  const found: Point[][] = [];
  let under: Point[] | null = null;
  for (let i = 0; i < places.length; i++) {
    const { x, y } = places[i]!;
    const last = under?.at(-1);
    if (last && Math.hypot(x - last.x, y - last.y) > jump * picture.agent) under = null;
    const isPart = others[i] || others[i - 1] || others[i + 1];
    if (isPart && !under) {
      under = [];
      found.push(under);
    }
    if (isPart) under!.push({ x, y });
    else under = null;
  }
  return found.filter(({ length }) => length > 1);
}
