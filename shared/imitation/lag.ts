import { fourier } from "../policies/fourier.ts";
import { finish } from "../policies/policy.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { Playable } from "../worlds/level.ts";
import { restOf, stepsIn } from "../worlds/steering.ts";

/** Longest time between seeing and steering that is thought of, seconds. */
export const longestLag = 0.75;

/** A step of a shadowed drive, and what the person wanted to do there. */
export interface AlignedStep {
  readonly t: number;
  /** [width] */
  readonly action: readonly number[];
}

/** The first step at which the person's wheel is not at rest; the number of steps where it always is. */
export function firstTouch({ action, steering }: Playable, actions: readonly number[]): number {
  const rest = restOf(steering);
  const wide = width(action);
  const i = actions.findIndex((value, i) => value !== rest[i % wide]);
  return Math.floor((i < 0 ? actions.length : i) / wide);
}

/**
 * How many steps late a person steered beside a recorded drive: the lag L at which what they did at
 * t + L is best explained by the state at t. For each L the actions are fitted by `fourier` on the
 * observations, and the L whose fit leaves the smallest share of their variance wins, the shortest of
 * equals. All are compared on the same states, so that none has fewer steps to explain, and one fit,
 * whose action is the actions at all lags side by side, serves for all.
 *
 * Nothing that the person does changes what they see, so there is no feedback that could pass for
 * foresight. Lags run to 0.75 s of the person's own time (15 steps on the road at full speed), and to
 * a third of what was steered. What varies no more with one lag than with another, such as a wheel
 * held still, has no lag to be found: it is 0.
 * @param actions flat, [T][width], where T is the trajectory's length
 * @param speed of the replay, as a share of the world's own pace
 */
export function reactionLag(
  world: Playable,
  { states, length }: Pick<Trajectory, "states" | "length">,
  actions: readonly number[],
  speed: number,
): number {
  const { stateSize, observationSize } = world;
  const wide = width(world.action);
  const first = firstTouch(world, actions);
  const most = Math.min(
    Math.floor(stepsIn(world.steering, longestLag * speed, 0)),
    Math.floor((length - first) / 3),
  );
  const n = length - most - first;
  if (most === 0) return 0;

  const columns = (most + 1) * wide;
  const observations = new Float64Array(n * observationSize);
  const targets = new Float64Array(n * columns);
  for (let i = 0; i < n; i++) {
    const t = first + i;
    world.observe(
      states.subarray(t * stateSize, (t + 1) * stateSize),
      observations.subarray(i * observationSize, (i + 1) * observationSize),
    );
    // Action t + L has its place L · width after action t, so that a row is a stretch of them.
    for (let j = 0; j < columns; j++) targets[i * columns + j] = actions[t * wide + j]!;
  }
  const total = centre(targets, columns);
  const unbounded = (bound: number) => new Array<number>(columns).fill(bound);
  const { policy } = finish(
    fourier.fit(
      {
        n,
        observationSize,
        action: {
          kind: "continuous",
          low: unbounded(Number.NEGATIVE_INFINITY),
          high: unbounded(Number.POSITIVE_INFINITY),
        },
        observations,
        actions: targets,
      },
      seeded(0, Stream.learning),
    ),
  );

  const left = new Float64Array(columns);
  const fitted = new Float64Array(columns);
  for (let i = 0; i < n; i++) {
    policy.act(observations.subarray(i * observationSize, (i + 1) * observationSize), fitted);
    for (let j = 0; j < columns; j++) {
      const error = targets[i * columns + j]! - fitted[j]!;
      left[j] = left[j]! + error * error;
    }
  }
  const of = (squares: Float64Array, lag: number) =>
    squares.subarray(lag * wide, (lag + 1) * wide).reduce((sum, square) => sum + square, 0);
  const unexplained = Array.from({ length: most + 1 }, (_, lag) =>
    of(total, lag) > 0 ? of(left, lag) / of(total, lag) : 0,
  );
  return unexplained.indexOf(Math.min(...unexplained));
}

/**
 * The labels in a shadowed drive: what was done `lag` steps after each state, from the first time that
 * the person moved the wheel; before that they had not said anything.
 * @param actions flat, [T][width]
 */
export function realign(world: Playable, actions: readonly number[], lag: number): AlignedStep[] {
  const wide = width(world.action);
  const labels: AlignedStep[] = [];
  for (let s = Math.max(lag, firstTouch(world, actions)); s < actions.length / wide; s++) {
    labels.push({ t: s - lag, action: actions.slice(s * wide, (s + 1) * wide) });
  }
  return labels;
}

/** How many labels {@link realign} gives. */
export function nAligned(world: Playable, actions: readonly number[], lag: number): number {
  return Math.max(
    0,
    actions.length / width(world.action) - Math.max(lag, firstTouch(world, actions)),
  );
}

/** Takes the mean out of each column, in place, and returns each column's sum of squares after. */
function centre(rows: Float64Array, columns: number): Float64Array {
  const n = rows.length / columns;
  const squares = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let i = j; i < rows.length; i += columns) mean += rows[i]! / n;
    for (let i = j; i < rows.length; i += columns) {
      rows[i] = rows[i]! - mean;
      squares[j] = squares[j]! + rows[i]! * rows[i]!;
    }
  }
  return squares;
}
