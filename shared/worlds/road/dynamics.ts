import { atan2, cos, hypot, sin, writeCosSin } from "../../arithmetic.ts";
import type { Random } from "../../random.ts";
import { wrap } from "../angle.ts";
import type { Steering } from "../steering.ts";
import { Outcome, type World } from "../world.ts";
import type { Track, TrackPosition } from "./track.ts";

const speed = 0.15; // units a step
/** Most that the wheel turns the car, radians a step. */
export const steering = 0.25;
/** Half the road's width, units. */
export const halfWidth = 0.6;
const gustChance = 0.02; // a step
const usualGust = 0.5; // radians
const lookahead = 0.9; // units, how far ahead the scripted expert aims
/** Most that keys turn the wheel away from what keeps to the middle, where the car helps; radians a step. */
const freePlay = 0.02;

const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };
const point = { x: 0, y: 0 };
const middle = new Float64Array(1);
/** Cosine and sine of a heading. */
const direction = new Float64Array(2);

/**
 * A car on a winding closed road, at constant speed, with gusts of wind. State (x, y, θ); the action
 * is how far to turn the wheel, radians a step. Leaving the road is a fall: the car is put back on
 * the middle of the road and drives on.
 */
export function drivingOn(track: Track): Omit<World, "name"> {
  return {
    stateSize: 3,
    observationSize: 4,
    action: { kind: "continuous", low: [-steering], high: [steering] },
    horizon: 200,

    start(random, state) {
      track.at(random.uniform() * track.length, point);
      track.locate(point.x, point.y, place);
      put(state, point.x, point.y, place.heading + 0.05 * random.normal());
    },

    step: stepOn(track, usualGust),

    observe(state, observation) {
      observation[0] = state[0]! / 4;
      observation[1] = state[1]! / 4;
      observation[2] = cos(state[2]!);
      observation[3] = sin(state[2]!);
    },

    expert(state, action) {
      alongMiddle(track, state, lookahead, action);
    },
  };
}

/** Heads for the middle of the road, `ahead` units of the way from here. */
function alongMiddle(track: Track, state: Float64Array, ahead: number, action: Float64Array): void {
  track.locate(state[0]!, state[1]!, place);
  track.at(place.along + ahead, point);
  toward(state, point.x, point.y, action);
}

/** Pure pursuit: the arc that goes through the point (Coulter 1992). */
export const toward: Steering["toward"] = (state, x, y, action) => {
  const dx = x - state[0]!;
  const dy = y - state[1]!;
  const bearing = wrap(atan2(dy, dx) - state[2]!);
  // The arc's formula holds for points ahead; behind, one turns as far as one can.
  const ahead = Math.abs(bearing) < Math.PI / 2;
  const turn = ahead
    ? (speed * 2 * sin(bearing)) / Math.max(speed, hypot(dx, dy))
    : Math.sign(bearing) * steering;
  action[0] = Math.min(steering, Math.max(-steering, turn));
};

/**
 * Steering with help. A point on the road stands for the middle of the road beside it, and one that the car has nearly
 * come to, or has just passed, for a place farther on; what keys ask for is kept near to what keeps to the middle.
 */
export function helpOn(track: Track): Pick<Extract<Steering, { pace: "runs" }>, "toward" | "help"> {
  return {
    toward(state, x, y, action) {
      track.locate(x, y, place);
      const { along, offset } = place;
      track.locate(state[0]!, state[1]!, place);
      const rounds = (along - place.along) / track.length;
      const ahead = (rounds - Math.round(rounds)) * track.length;
      if (Math.abs(offset) > halfWidth || ahead < -lookahead) toward(state, x, y, action);
      else alongMiddle(track, state, Math.max(lookahead, ahead), action);
    },

    help(state, action) {
      alongMiddle(track, state, lookahead, middle);
      action[0] = Math.min(middle[0]! + freePlay, Math.max(middle[0]! - freePlay, action[0]!));
    },
  };
}

/**
 * The dynamics on a road.
 * @param gust how far a gust turns the car, radians; 0 is no wind
 */
export function stepOn(track: Track, gust: number): World["step"] {
  return (state, action, random, next) => {
    const heading = state[2]! + action[0]! + blow(random, gust);
    writeCosSin(heading, direction, 0);
    const x = state[0]! + speed * direction[0]!;
    const y = state[1]! + speed * direction[1]!;
    let isOn = track.isSurelyNear(x, y, halfWidth);
    if (!isOn) {
      track.locate(x, y, place);
      isOn = Math.abs(place.offset) <= halfWidth;
    }
    if (isOn) {
      put(next, x, y, heading);
      return Outcome.goesOn;
    }
    track.at(place.along, point);
    put(next, point.x, point.y, place.heading);
    return Outcome.fell;
  };
}

/** How far off the middle of the road one is, as a share of half its width. */
export function deviationFrom(track: Track): (state: Float64Array) => number {
  return (state) => {
    track.locate(state[0]!, state[1]!, place);
    return Math.abs(place.offset) / halfWidth;
  };
}

function put(state: Float64Array, x: number, y: number, heading: number): void {
  state[0] = Math.fround(x);
  state[1] = Math.fround(y);
  state[2] = Math.fround(wrap(heading));
}

/** What the wind adds to the heading in one step. */
function blow(random: Random | null, gust: number): number {
  if (!random || random.uniform() >= gustChance) return 0;
  return random.uniform() < 0.5 ? -gust : gust;
}
