import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Round } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { type Path, stretchOf } from "../../drawing/trails.ts";
import { pathOfEpisode } from "../../worlds/replays.ts";
import { freshSeed } from "../activities/seed.ts";
import { background } from "../background.ts";
import type { PanelProps } from "../state.ts";

/** What there is to see of a round before its number is told. */
export type Show =
  | {
      readonly kind: "crash";
      /** One drive from each held-out start, up to its first fall. */
      readonly paths: readonly Path[];
    }
  | {
      readonly kind: "pair";
      /** From one start, in one wind. */
      readonly clone: Path;
      readonly corrected: Path;
    };

/** Steps before a crash from which on it is shown. */
const runUp = 110;
/** Starts that are tried for one on which the clone crashes, or gets nowhere, and the learner does not. */
const tries = 4;

/** Fetches the show while it is `wanted`: undefined while it is on its way, null where there is none. */
export function useShow(
  props: Pick<PanelProps, "state" | "on" | "world">,
  round: Round,
  wanted: boolean,
): ReadonlySignal<Show | null | undefined> {
  const show = useSignal<Show | null | undefined>(undefined);
  const { state, on, world } = props;
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    const number = state.lesson.peek().rounds.length;
    const fetched = number > 1 ? pairOf(on, world) : crashOf(on, world, round, number);
    fetched
      .catch(() => null)
      .then((found) => {
        if (!gone) show.value = found;
      });
    return () => {
      gone = true;
    };
  }, [state, on, world, round, wanted, show]);
  return show;
}

async function crashOf(
  on: PanelProps["on"],
  world: Level,
  { endurance }: Round,
  number: number,
): Promise<Show | null> {
  if (!endurance) return null;
  const policy = await on.policy();
  if (policy?.round !== number - 1) return null;
  return { kind: "crash", paths: await background().heldOutDrives(world.name, policy.json) };
}

/** The clone and the learner, on a start that tells them apart if one is soon found. */
async function pairOf(on: PanelProps["on"], world: Level): Promise<Show | null> {
  let found: Show | null = null;
  for (let n = 0; n < tries; n++) {
    const race = await on.race(freshSeed());
    if (!race) return found;
    const [clone, corrected] = [race.episodes[0]!, race.episodes.at(-1)!].map(({ episode }) =>
      pathOfEpisode(episode),
    );
    found = { kind: "pair", clone: clone!, corrected: corrected! };
    if (!world.canFall || (clone!.falls.size > 0 && corrected!.falls.size === 0)) return found;
  }
  return found;
}

/** The drive that got as far as the middle one of all, from shortly before its crash; null where that one held. */
export function typicalCrash(paths: readonly Path[]): Path | null {
  const byLength = paths.toSorted((a, b) => a.poses.length - b.poses.length);
  const path = byLength[Math.floor((paths.length - 1) / 2)]!;
  const [fall] = path.falls;
  if (fall === undefined) return null;
  return stretchOf(path, Math.max(0, fall - runUp), path.poses.length - 1);
}

/** How many times as fast drives go by that are to be seen to their end. */
export function paceFor({ steering }: Level, paths: readonly Path[], seconds: number): number {
  const longest = Math.max(...paths.map(({ poses }) => poses.length));
  return Math.max(2, longest / stepsIn(steering, seconds, 4 * seconds));
}
