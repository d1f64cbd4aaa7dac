import type { Path } from "../../client/drawing/trails.ts";
import type { Activity, View } from "../../client/stage/activity.ts";
import type { Controls } from "../../client/stage/controls.ts";
import { driverOf, rollout } from "../../shared/imitation/rollout.ts";
import type { Policy } from "../../shared/policies/policy.ts";
import { type Random, seeded } from "../../shared/random.ts";
import { Controller, type Episode } from "../../shared/worlds/episode.ts";
import type { Level } from "../../shared/worlds/level.ts";
import type { Key } from "../../shared/worlds/steering.ts";

/** Frames of a smooth display, of a slow one, of one that stutters, and of a page that was in the background. */
const frameTimes = [1 / 60, 1 / 60, 1 / 60, 1 / 60, 1 / 30, 0.05, 0.007, 0, 0.3];

/** What hands do between two frames, drawn from `random`: mostly nothing. */
function move(world: Level, controls: Controls, random: Random): void {
  const keys = Object.keys(world.steering.keys) as Key[];
  const { left, right, bottom, top } = world.picture.bounds;
  const place = () =>
    [left + random.uniform() * (right - left), bottom + random.uniform() * (top - bottom)] as const;
  const what = random.below(60);
  if (what < 6) controls.press(keys[random.below(keys.length)]!);
  else if (what < 14) for (const key of [...controls.held]) controls.release(key);
  else if (what === 14) controls.point(...place(), true);
  else if (what === 15 && controls.pointer) controls.point(...place(), false);
  else if (what < 20) controls.lift();
  else if (what === 20) controls.stick = { x: 2 * random.uniform() - 1, y: 0 };
  else if (what === 21) controls.letGo();
}

/** Plays an activity under scripted hands and says what there was to see, a line a frame. */
export function play(
  world: Level,
  activity: Activity,
  controls: Controls,
  seed: number,
  frames: number,
  between: (frame: number) => unknown = () => null,
): string[] {
  const random = seeded(seed);
  const lines: string[] = [];
  let last: View | null = null;
  activity.enter?.();
  for (let i = 0; i < frames; i++) {
    move(world, controls, random);
    const state = between(i);
    last = activity.frame(frameTimes[random.below(frameTimes.length)]!);
    lines.push(sayFrame(last, state));
  }
  activity.leave?.();
  lines.push(say({ ...last!, feeling: felt(last!) }));
  return lines;
}

/** A frame, of its trails no more than their ends and middles: all of it is long. */
function sayFrame(view: View, state: unknown): string {
  const trails = view.trails.map(({ points, uncertainty, ...trail }) => ({
    ...trail,
    points: [points.length, points[0], points[points.length >> 1], points.at(-1)],
    uncertainty: uncertainty && [uncertainty.length, uncertainty[0], uncertainty.at(-1)],
  }));
  return say({ ...view, background: view.background.length, trails, feeling: felt(view), state });
}

/** What is felt, as far as {@link Feeling} promises it. */
function felt({ feeling }: View): unknown {
  if (!feeling) return null;
  const { pose, fall, gust } = feeling;
  return [
    pose,
    fall && [fall.x, fall.y, fall.age],
    gust && [gust.x, gust.y, gust.age, gust.toward],
  ];
}

/** As JSON, fields in order, with numbers to nine places: sines of another engine may differ in the last. */
export function say(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (typeof one === "number") return Number(one.toFixed(9)) + 0;
    if (one === null || typeof one !== "object" || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A policy that does the same in the same place, well or not. */
export function someoneDriving(world: Level): Policy {
  const { action } = world;
  return {
    kind: "scripted",
    act(observation, row) {
      const drawn = observation.reduce((sum, value, i) => sum + Math.abs(value) * (i + 1), 0);
      if (action.kind === "discrete") row[0] = Math.floor(7 * drawn) % action.names.length;
      else
        action.high.forEach((high, i) => {
          row[i] = high * (((3 * drawn + i) % 1) - 0.4);
        });
    },
    uncertainty: () => 0,
    familiarity: () => ({ uncertainty: () => 0, see: () => {} }),
    toJSON: () => ({ kind: "scripted" }),
  };
}

/** A learner's drive. */
export function drive(world: Level, seed: number): Episode {
  return rollout(world, driverOf(world, someoneDriving(world)), Controller.learner, seed);
}

/** A number for each pose of a path. */
export function unfamiliarity({ poses }: Path): number[] {
  return poses.map((_, t) => ((t * 37) % 100) / 100);
}
