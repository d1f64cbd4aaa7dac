import { cos, sin } from "../../arithmetic.ts";
import { helpOn, stepOn } from "./dynamics.ts";
import { type Road, roadOn } from "./road.ts";
import { spline, Track } from "./track.ts";

const nPoints = 256;

/** A clover of three leaves, which turns to both sides. */
export const road: Road = {
  ...roadOn({
    name: "road",
    title: "Clover",
    teaches: "The wind pushes your clone to places where you never were.",
    track: new Track((u) => {
      const angle = 2 * Math.PI * u;
      const radius = 4 * (1 + 0.28 * cos(3 * angle));
      return [radius * cos(angle), radius * sin(angle)];
    }, nPoints),
    another: (seed) => (seed % 2 === 0 ? chicane : oval),
  }),
  inGusts: (gust) => roadWith({ gust }),
};

/** The clover in half a wind, for hands that are late. */
export const byKeys: Road = {
  ...roadWith({ gust: 0.35 }),
  name: "by-keys",
  title: "Clover by keys",
  teaches: "With keys you react late. Your clone copies that too.",
  steering: { ...road.steering, byKeys: true },
  inGusts: (gust) => roadWith({ gust, on: byKeys }),
};

/** An ellipse, for beginners: it only ever turns left, and never sharply. */
export const oval: Road = roadOn({
  name: "oval",
  title: "Oval",
  teaches: "You drive in wind. So your clone sees how you come back to the middle.",
  track: new Track((u) => {
    const angle = 2 * Math.PI * u;
    return [4 * cos(angle), 2.5 * sin(angle)];
  }, nPoints),
  another: (seed) => (seed % 2 === 0 ? road : chicane),
});

/** A straight, and left, right and left again on the way back to it. */
export const chicane: Road = roadOn({
  name: "chicane",
  title: "Chicane",
  teaches: "There are bends to both sides. The best questions are where the learner goes wrong.",
  track: new Track(
    spline([
      [-3.4, -3.1],
      [-1.2, -3.1],
      [1.2, -3.1],
      [3.4, -3.1],
      [5, -2],
      [5.2, 0.2],
      [4.2, 2.2],
      [2.2, 2.8],
      [0.6, 1.4],
      [-0.6, -0.2],
      [-2.4, 0],
      [-4, 1],
      [-5.6, 0.4],
      [-5.9, -1.6],
      [-5, -3],
    ]),
    nPoints,
  ),
  another: (seed) => (seed % 2 === 0 ? oval : road),
});

/** The clover without wind. */
export const calm: Road = stillOn(road, {
  name: "calm",
  title: "Still air",
  task: "Keep the car on the road. There is no wind, and the car helps you to stay in the middle.",
  teaches: "Without wind your clone stays where you were.",
});

/** The clover in two weathers: what is shown in still air says little about gusts. */
export const fair: Road = shownStill(road, calm, {
  name: "fair",
  title: "Fair weather",
  teaches: "You drive without wind. Your clone will drive in wind.",
});

/** The chicane in two weathers. */
export const fairChicane: Road = shownStill(
  chicane,
  stillOn(chicane, { name: "calm-chicane", title: "Still chicane" }),
  {
    name: "fair-chicane",
    title: "Fair chicane",
    teaches: "A few good answers are enough. Answer where the learner goes wrong.",
  },
);

/**
 * A road without wind. The car helps its driver along the middle: hands that tremble swing from side to side, and so
 * show how to come back (Laskey et al. 2017), which is what still air is not to show.
 */
function stillOn(road: Road, said: Partial<Road>): Road {
  const { weather: _, inGusts: __, ...still } = roadWith({ gust: 0, on: road });
  return { ...still, steering: { ...still.steering, ...helpOn(road.track) }, ...said };
}

/** A road in its gusts, for which people show in still air what to do. */
function shownStill(road: Road, still: Road, said: Pick<Road, "name" | "title" | "teaches">): Road {
  const level: Road = {
    ...road,
    ...said,
    task: "Drive one lap. There is no wind, and the car helps you to stay in the middle.",
    demonstratedIn: still,
    inGusts: (gust) => roadWith({ gust, on: level }),
  };
  return level;
}

/**
 * A road in other weather.
 * @param gust how far a gust turns the car, radians; 0 is no wind
 */
export function roadWith({ gust, on = road }: { gust: number; on?: Road }): Road {
  return { ...on, step: stepOn(on.track, gust) };
}
