import { mean } from "../../../shared/imitation/statistics.ts";
import type { Trajectory } from "../../../shared/worlds/episode.ts";
import type { CentreLine, Level } from "../../../shared/worlds/level.ts";
import type { Pose } from "../../../shared/worlds/picture.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import type { Role } from "../../drawing/trails.ts";
import type { Activity, Heat, View } from "../../stage/activity.ts";
import { sayLength } from "../../worlds/format.ts";
import { presentationOf } from "../../worlds/index.ts";
import type { Replay } from "../activities/replay.ts";

/** The moment of a drive that is worth looking at. */
export interface Highlight {
  readonly kind: "fell" | "new" | "stuck" | "off";
  /** The time step, and the pose before it. */
  readonly t: number;
  readonly pose: Pose;
  /** Whether the person was never there, as {@link isNew} has it. */
  readonly isNew: boolean;
  /** Whether the person fell near by, too; left out where they did not, and where nothing fell. */
  readonly isShared?: true;
  /** Whether it fell near what was corrected, and nobody fell there; left out where not. */
  readonly isCorrected?: true;
}

/** What the person has shown. */
export interface Shown {
  /** The poses that demonstrations come through, and those that corrections are about. */
  readonly poses: readonly Pose[];
  /** Those of which demonstrations fell. */
  readonly falls: readonly Pose[];
  /** Those that corrections are about. */
  readonly corrected: readonly Pose[];
}

/** Closer than this share of the agent's size, and turned less than this many radians, is the same place. */
const same = { distance: 0.75, turn: 0.5 };
/** Closer than so many times the agent's size a fall is at the place of another, or of a correction. */
const nearFalls = 2;

/**
 * Where a drive first fell. Where there is nothing to fall off: where it was furthest off the line. Where
 * there is no line either: where it first came to a place that nobody has shown, or where it got stuck,
 * which is to say that it stayed where it was and never arrived.
 * @returns null where there is no such moment
 */
export function momentOf(world: Level, drive: Trajectory, shown: Shown): Highlight | null {
  const found = world.canFall
    ? firstFall(drive)
    : world.line
      ? furthestOff(world, world.line, drive)
      : firstStrange(world, drive, shown.poses);
  if (!found) return null;
  const pose = poseAt(world, drive, found.t);
  const how = found.kind === "fell" ? fallAt(world, pose, shown) : null;
  return { ...found, pose, isNew: isNew(world, pose, shown.poses), ...how };
}

/** What is true of a fall, beside that it was one. */
export function fallAt(
  world: Level,
  pose: Pose,
  { poses, falls, corrected }: Shown,
): Pick<Highlight, "kind" | "isNew" | "isShared" | "isCorrected"> {
  const near = nearFalls * world.picture.agent;
  const isNear = ({ x, y }: Pose) => Math.hypot(x - pose.x, y - pose.y) < near;
  if (falls.some(isNear)) return { kind: "fell", isNew: false, isShared: true };
  // Whoever has answered beside it need not hear that they never did, whatever way the car looked.
  if (corrected.some(isNear)) return { kind: "fell", isNew: false, isCorrected: true };
  return { kind: "fell", isNew: isNew(world, pose, poses) };
}

/** Whether no demonstration came there, or none looked that way. */
export function isNew({ picture }: Level, pose: Pose, shown: readonly Pose[]): boolean {
  return !shown.some(
    ({ x, y, heading }) =>
      Math.hypot(x - pose.x, y - pose.y) < same.distance * picture.agent &&
      Math.abs(Math.sin(((heading ?? 0) - (pose.heading ?? 0)) / 2)) < Math.sin(same.turn / 2),
  );
}

/** What is worth looking at in a drive, and when; null where nothing is. */
type Spot = Pick<Highlight, "kind" | "t"> | null;

function firstFall({ outcomes }: Trajectory): Spot {
  const t = outcomes.indexOf(Outcome.fell);
  return t < 0 ? null : { kind: "fell", t };
}

function furthestOff(world: Level, line: CentreLine, drive: Trajectory): Spot {
  let most = 0;
  for (let t = 1; t < drive.length; t++) {
    const [here, there] = [t, most].map((t) => line.deviation(stateAt(world, drive, t)));
    if (here! > there!) most = t;
  }
  return { kind: "off", t: most };
}

function firstStrange(world: Level, drive: Trajectory, shown: readonly Pose[]): Spot {
  const cellAt = (t: number) => world.lattice.cellOf(stateAt(world, drive, t));
  const arrives = drive.outcomes[drive.length - 1] === Outcome.done;
  for (let t = 0; t < drive.length; t++) {
    if (isNew(world, poseAt(world, drive, t), shown)) return { kind: "new", t };
    const later = t + world.lattice.hold;
    if (!arrives && later <= drive.length && cellAt(t) === cellAt(later))
      return { kind: "stuck", t };
  }
  return null;
}

function poseAt(world: Level, drive: Trajectory, t: number): Pose {
  return world.picture.pose(stateAt(world, drive, t));
}

function stateAt({ stateSize }: Level, { states }: Trajectory, t: number): Float64Array {
  return states.subarray(t * stateSize, (t + 1) * stateSize);
}

/** What is true of a moment, in few words. */
export function sayMoment({
  kind,
  isNew,
  isShared,
  isCorrected,
}: Pick<Highlight, "kind" | "isNew" | "isShared" | "isCorrected">): string {
  if (isCorrected) return "It crashed. It needs more answers near here.";
  const happened = {
    fell: "It crashed.",
    stuck: "It got stuck.",
    off: "Furthest off the line.",
    new: "",
  }[kind];
  return [happened, isShared && "You crashed near here, too.", isNew && neverShown]
    .filter(Boolean)
    .join(" ");
}

/** Said only where it is so. */
const neverShown = "You never showed it this.";

/** The steps of a drive's crashes after its first. */
export function laterFalls({ outcomes, length }: Trajectory): number[] {
  const falls = Array.from({ length }, (_, t) => t).filter((t) => outcomes[t] === Outcome.fell);
  return falls.slice(1);
}

/** When it was, as in "3.2 s" or "Move 4". */
export function sayTime(world: Level, t: number): string {
  return world.steering.pace === "runs" ? sayLength(world, t) : `Move ${t + 1}`;
}

/** Where these drives went. */
export function heatOf(world: Level, role: Role, paths: readonly (readonly Pose[])[]): Heat {
  const { agent } = world.picture;
  const side = presentationOf(world).visitSize * agent;
  const counts = new Map<string, { x: number; y: number; n: number }>();
  for (const { x, y } of paths.flat()) {
    const key = `${Math.round(x / side)},${Math.round(y / side)}`;
    const place = counts.get(key) ?? { x: 0, y: 0, n: 0 };
    counts.set(key, { x: place.x + x, y: place.y + y, n: place.n + 1 });
  }
  const places = [...counts.values()];
  // Whoever is stuck somewhere is there so often that all else would fade beside it.
  const most = 2 * mean(places.map(({ n }) => n));
  return {
    role,
    places: places.map(({ x, y, n }) => ({ x: x / n, y: y / n, often: Math.min(1, n / most) })),
    radius: 1.1 * agent,
  };
}

/** A replay with the moment of each drive ringed once it has come, and heat beneath while it is wanted. */
export class HighlightReplay implements Activity {
  readonly replaying: Replay;
  readonly progress: Replay["progress"];
  heat: readonly Heat[] | null = null;
  readonly #moments: readonly (Highlight | null)[];

  constructor(replaying: Replay, moments: readonly (Highlight | null)[]) {
    this.progress = replaying.progress;
    this.replaying = replaying;
    this.#moments = moments;
  }

  frame(seconds: number): View {
    const view = this.replaying.frame(seconds);
    return { ...view, heat: this.heat, ring: this.now?.pose ?? null };
  }

  /** The moment of the drive that is played, once it has come. */
  get now(): Highlight | null {
    const { index, time } = this.progress.value;
    const moment = this.#moments[index] ?? null;
    return moment && time >= moment.t ? moment : null;
  }
}
