import type { PolicyKind } from "../policies/policy.ts";
import { Stream, seeded } from "../random.ts";
import { replay } from "../worlds/episode.ts";
import { demonstrationWorld, type Level } from "../worlds/level.ts";
import { pairsOf } from "./dataset.ts";
import { type Endurance, enduranceOf, toldLaps } from "./endurance.ts";
import { human } from "./experts.ts";
import type { Hands } from "./hands.ts";
import { demonstrate, driverOf } from "./rollout.ts";
import { fit } from "./round.ts";
import { signTest } from "./statistics.ts";

/** How many demonstrations are copied, each with those before it. */
const counts = [1, 4, 8] as const;
/** A learner is ahead where chance alone would have it so far ahead no more often than this. */
const significant = 0.05;

/**
 * What somebody with these hands would come to without a single question, as computed: the world's scripted
 * expert with their lag and noise drives on the starts that learners are measured on, and is copied.
 */
export interface Control {
  readonly hands: Hands;
  /** How far they get themselves. */
  readonly person: Endurance;
  /** How far learners get that copied so many demonstrations. */
  readonly copies: readonly Copy[];
}

interface Copy {
  readonly demonstrations: number;
  readonly endurance: Endurance;
}

export interface ControlOptions {
  /** What learns. */
  readonly kind: PolicyKind;
  /** Starts to be measured on. */
  readonly heldOut: readonly number[];
  /** Seeds below it are held out: no demonstration has one. */
  readonly firstSeed: number;
  readonly seed: number;
}

/** The control of somebody's lesson in `world`; null where one cannot fall. */
export function controlWith(
  world: Level,
  hands: Hands,
  { kind, heldOut, firstSeed, seed }: ControlOptions,
): Control | null {
  const expert = human(world, { ...hands, inconsistency: 0, temperature: 0 });
  const driverFor = (start: number) => expert.drives(seeded(start, Stream.expert));
  const person = enduranceOf(world, driverFor, heldOut);
  if (!person) return null;
  const random = seeded(seed, Stream.expert);
  const place = demonstrationWorld(world);
  const shown = Array.from({ length: counts.at(-1)! }, () => {
    const start = firstSeed + random.below(2 ** 32 - firstSeed);
    return replay(place, demonstrate(place, start, driverFor(start)));
  });
  const copies = counts.map((demonstrations) => {
    const data = pairsOf(world, shown.slice(0, demonstrations));
    const { policy } = fit(data, kind, seed);
    const endurance = enduranceOf(world, () => driverOf(world, policy), heldOut)!;
    return { demonstrations, endurance };
  });
  return { hands, person, copies };
}

/**
 * Whether copying the most demonstrations would have got farther than the learner did, beyond chance: from so many
 * more of the same starts that chance would hardly have it so (sign test).
 */
export function copiesDoBetter({ copies }: Control, { laps }: Endurance): boolean {
  const theirs = copies.at(-1)!.endurance.laps;
  return signTest(theirs.map(toldLaps), laps.map(toldLaps)) <= significant;
}

/**
 * Whether copying the most demonstrations would have done as well as the learner did: it does unless the
 * learner gets farther from so many more of the same starts that chance would hardly have it so (sign test).
 */
export function copiesDoAsWell({ copies }: Control, { laps }: Endurance): boolean {
  const theirs = copies.at(-1)!.endurance.laps;
  return signTest(laps.map(toldLaps), theirs.map(toldLaps)) > significant;
}
