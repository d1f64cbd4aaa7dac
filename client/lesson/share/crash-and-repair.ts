import { toldLaps } from "../../../shared/imitation/endurance.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import type { Race } from "../../../shared/lesson/protocol.ts";
import { count } from "../../../shared/plural.ts";
import type { Episode } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { type Path, stretchOf } from "../../drawing/trails.ts";
import { pathOfEpisode, trajectoryOf } from "../../worlds/replays.ts";

/** Seconds of both that are seen before the moment of the crash, and of the repair after it. */
const before = 1.7;
const after = 1.9;

/** A clone's first crash, and what the corrected learner does at the same moment in the same wind. */
export interface CrashAndRepair {
  readonly crash: Path;
  readonly repair: Path;
  /** The step of both paths in which the clone crashes. */
  readonly step: number;
  /** What came of each, in words. */
  readonly told: { readonly crash: string; readonly repair: string };
  /** How much the learner was corrected, as in "12 answers". */
  readonly answers: string;
  /** Whether the learner does not crash at all. */
  readonly holds: boolean;
}

/** Null where the clone does not crash. */
export function crashAndRepairOf(
  lesson: Lesson,
  world: Level,
  { episodes }: Race,
): CrashAndRepair | null {
  const [clone, learner] = [episodes[0]!, episodes.at(-1)!];
  const [crash, repair] = [clone, learner].map(({ episode }) => pathOfEpisode(episode)) as [
    Path,
    Path,
  ];
  const [fall] = crash.falls;
  if (fall === undefined) return null;
  const from = Math.max(0, fall - stepsIn(world.steering, before, before));
  const to = fall + stepsIn(world.steering, after, after);
  const answers = count(lesson.rounds[learner.round]!.labels, "answer");
  const holds = repair.falls.size === 0;
  return {
    crash: stretchOf(crash, from, fall),
    repair: stretchOf(repair, from, to),
    step: fall - from,
    told: {
      crash: `The clone: crashed${sayWay(world, clone.episode)}`,
      repair: `After ${answers}: ${
        holds ? "still driving" : `crashed${sayWay(world, learner.episode)}`
      }`,
    },
    answers,
    holds,
  };
}

/** How far it got before its first crash; nothing where there is nothing to go round. */
function sayWay(world: Level, episode: Episode): string {
  const { states } = trajectoryOf(episode);
  const [length] = pathOfEpisode(episode).falls;
  const laps = world.laps?.({
    states: states.subarray(0, (length! + 1) * world.stateSize),
    length: length!,
  });
  if (laps === undefined) return "";
  const told = toldLaps(laps).toFixed(1);
  return ` after ${told} ${told === "1.0" ? "lap" : "laps"}`;
}
