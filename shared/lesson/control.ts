import { type Control, controlWith } from "../imitation/control.ts";
import { handsOf } from "../imitation/hands.ts";
import { imported } from "../policies/imported.ts";
import { policyKinds } from "../policies/index.ts";
import { worlds } from "../worlds/index.ts";
import { type Lesson, networkOf } from "./lesson.ts";
import { firstOpenSeed, heldOutSeeds } from "./protocol.ts";
import { demonstrationsOf } from "./training.ts";

/**
 * What this person would have come to by demonstrations alone, computed from their lag and their noise at the wheel,
 * with the learner of the last round. How they answer in stopped time is not how they drive. It takes a second or two.
 * @returns null where nobody can fall, and before there is a learner or anything to tell hands from
 */
export function controlOf(lesson: Lesson): Control | null {
  const { rounds, demonstrations } = lesson;
  const last = rounds.at(-1);
  if (!last || demonstrations.length === 0) return null;
  const world = worlds[lesson.world]!;
  if (!world.canFall || !world.laps) return null;
  const hands = handsOf(world, demonstrationsOf(lesson));
  return controlWith(world, hands, {
    // A network that knew more to begin with is another matter: it is told what demonstrations alone come to.
    kind:
      policyKinds[last.plan.policy] ??
      imported.correcting(networkOf(lesson, last.basis)!.network, world.action),
    heldOut: heldOutSeeds,
    firstSeed: firstOpenSeed,
    // The same demonstrations as the lesson goes on: what changes is what is known of the person.
    seed: demonstrations[0]!.episode.seed,
  });
}
