import { statesIn, type Trace } from "../../../shared/class/trace.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { between } from "../../drawing/trails.ts";

/** A drive of a learner's, as the wall shows it. */
export interface Drive {
  /** Pose i is of step min(i · every, steps). */
  readonly poses: readonly Pose[];
  readonly every: number;
  readonly steps: number;
  /** Whether it ends with a fall. */
  readonly fell: boolean;
  /** Whether it is what the pupil did themselves. */
  readonly isOwn: boolean;
}

export function driveOf({ picture, stateSize }: Level, trace: Trace): Drive {
  const { every, steps, fell } = trace;
  const states = statesIn(trace);
  const poses = Array.from({ length: states.length / stateSize }, (_, i) =>
    picture.pose(states.subarray(i * stateSize, (i + 1) * stateSize)),
  );
  return { poses, every, steps, fell, isOwn: trace.isOwn ?? false };
}

/** Index of the last pose at `time` or before it, in steps. */
export function poseBefore({ poses, every, steps }: Drive, time: number): number {
  return time >= steps ? poses.length - 1 : Math.floor(time / every);
}

/** The pose at a time, in steps; between two poses on the straight line. */
export function poseAt(drive: Drive, time: number): Pose {
  const { poses, every, steps } = drive;
  const i = poseBefore(drive, time);
  const next = poses[i + 1];
  if (!next) return poses[i]!;
  const from = i * every;
  const to = Math.min(from + every, steps);
  return between(poses[i]!, next, (time - from) / (to - from));
}
