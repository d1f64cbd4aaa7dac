import { PersonDrive } from "../../client/lesson/activities/person-drive.ts";
import { Controls } from "../../client/stage/controls.ts";
import type { Driver } from "../../shared/imitation/rollout.ts";
import { type Random, seeded } from "../../shared/random.ts";
import { type Episode, replay, type Trajectory } from "../../shared/worlds/episode.ts";
import { demonstrationWorld } from "../../shared/worlds/level.ts";
import { steering, toward } from "../../shared/worlds/road/dynamics.ts";
import type { Road } from "../../shared/worlds/road/road.ts";
import type { TrackPosition } from "../../shared/worlds/road/track.ts";

/** How somebody steers who only looks at the picture. */
export interface Hands {
  /** Units ahead of the car that they look. */
  readonly ahead: number;
  /** Looks from seeing to doing: 2 are 150 ms. */
  readonly late: number;
  /** By how much they miss what they look at, units: standard deviation. */
  readonly noise: number;
  /** By keys: the share of full lock below which they press none. Left out, they point. */
  readonly slack?: number;
}

/** Looks by which people are late, and by how much they miss: those that newcomers are tried with. */
export const lateAndNoisy: readonly Pick<Hands, "late" | "noise">[] = [
  { late: 2, noise: 0 },
  { late: 2, noise: 0.05 },
  { late: 2, noise: 0.1 },
  { late: 1, noise: 0.1 },
  { late: 1, noise: 0.15 },
  { late: 3, noise: 0 },
  { late: 3, noise: 0.05 },
  { late: 0, noise: 0.15 },
  { late: 2, noise: 0.15 },
  { late: 1, noise: 0.05 },
];

/** Looks are 75 ms apart, five frames. */
const framesALook = 5;
const frameSeconds = 0.015;

const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };

/** Where somebody means to go who sees a car here. */
function aimFrom(world: Road, x: number, y: number, { ahead, noise }: Hands, random: Random) {
  const aim = { x: 0, y: 0 };
  world.track.locate(x, y, place);
  world.track.at(place.along + ahead, aim);
  return { x: aim.x + noise * random.normal(), y: aim.y + noise * random.normal() };
}

/** One demonstration, as the page records it, with everything that follows from it. */
export function shownBy(world: Road, hands: Hands, seed: number): Trajectory {
  const shown = demonstrationWorld(world) as Road;
  return replay(shown, recordedBy(shown, hands, seed));
}

/** One drive of theirs in this very world, as the page records it. */
export function recordedBy(shown: Road, hands: Hands, seed: number): Episode {
  const controls = new Controls();
  const random = seeded(seed);
  let episode: Episode | null = null;
  const drive = new PersonDrive(shown, seed, controls, {
    background: [],
    onOver(driven) {
      episode = driven;
    },
  });
  const aims: { x: number; y: number }[] = [];
  const wheel = new Float64Array(1);
  for (let look = 0; episode === null; look++) {
    const { x, y } = drive.frame(0).agents[0]!.pose;
    aims.push(aimFrom(shown, x, y, hands, random));
    const aim = aims.at(-1 - hands.late) ?? aims[0]!;
    if (hands.slack === undefined) controls.point(aim.x, aim.y, look === 0, "mouse");
    else {
      toward(drive.state, aim.x, aim.y, wheel);
      const share = wheel[0]! / steering;
      hold(controls, "left", look === 0 || share > hands.slack);
      hold(controls, "right", share < -hands.slack);
    }
    for (let i = 0; i < framesALook; i++) drive.frame(frameSeconds);
  }
  return episode;
}

function hold(controls: Controls, key: "left" | "right", pressed: boolean): void {
  if (!pressed) controls.release(key);
  else if (!controls.held.has(key)) controls.press(key);
}

/** What they answer in stopped time, where nobody is late. */
export function answersOf(world: Road, hands: Hands, seed: number): Driver {
  const random = seeded(seed);
  return (state, action) => {
    const aim = aimFrom(world, state[0]!, state[1]!, hands, random);
    toward(state, aim.x, aim.y, action);
  };
}
