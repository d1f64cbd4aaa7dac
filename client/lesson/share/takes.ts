import type { Level } from "../../../shared/worlds/level.ts";
import type { Path, Trail } from "../../drawing/trails.ts";
import type { Activity } from "../../stage/activity.ts";
import { paceIn } from "../activities/play-clock.ts";
import { Replay } from "../activities/replay.ts";
import type { CrashAndRepair } from "./crash-and-repair.ts";

/** Seconds after the crash for which one looks at it. */
const look = 1.4;

/** One of the film's takes. */
export interface Take {
  readonly activity: Activity;
  readonly seconds: number;
  /** The words beneath, so many seconds in. */
  words(seconds: number): string;
}

/** The clone up to its crash; then the learner past the cross that is left of it. */
export function takesOf(
  world: Level,
  { crash, repair, step, told, answers }: CrashAndRepair,
  background: readonly Trail[],
): readonly Take[] {
  const moment = step / paceIn(world);
  const drive = (path: Path) =>
    new Replay(world, [path], "learner", background, undefined, { closeUp: true, still: false });
  const corrected = drive(repair);
  const cross = crash.poses[step]!;
  return [
    {
      activity: drive(crash),
      seconds: moment + look,
      words: (seconds) => (seconds < moment ? "The clone drives" : told.crash),
    },
    {
      activity: {
        frame(seconds) {
          const view = corrected.frame(seconds);
          return { ...view, falls: [cross, ...view.falls] };
        },
      },
      seconds: (repair.poses.length - 1) / paceIn(world),
      words: (seconds) => (seconds < moment ? `The same moment, after ${answers}` : told.repair),
    },
  ];
}
