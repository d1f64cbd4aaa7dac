import type { Area, Part, Points } from "../drawing/primitives.ts";
import type { Body } from "./presentation.ts";

/** Pairs of wheels, from the back of a wheel to its front. */
const axles = [
  [-0.39, -0.15],
  [0.17, 0.41],
] as const;
/** To the left of the middle, from the back to the front; the right half is its mirror image. */
const leftHalf: Points = [
  [-0.5, 0.17],
  [-0.47, 0.25],
  [-0.3, 0.275],
  [-0.12, 0.25],
  [0.1, 0.25],
  [0.3, 0.27],
  [0.44, 0.22],
  [0.52, 0.1],
];
const cabin: Points = [
  [-0.31, 0.15],
  [-0.21, 0.18],
  [0.06, 0.18],
  [0.19, 0.14],
];
const roof: Points = [
  [-0.21, 0.155],
  [0.05, 0.155],
];

/** The whole of what is given by its left half. */
function whole(half: Points): Points {
  return [...half, ...half.toReversed().map(([along, across]) => [along, -across] as const)];
}

/** A patch on each side. */
function pair(points: Points, fill: string): Area[] {
  return [1, -1].map((side) => ({
    kind: "area",
    points: points.map(([along, across]) => [along, side * across] as const),
    fill,
  }));
}

function box(back: number, front: number, inner: number, outer: number): Points {
  return [
    [back, inner],
    [front, inner],
    [front, outer],
    [back, outer],
  ];
}

const parts: readonly Part[] = [
  ...axles.flatMap(([back, front]) => pair(box(back, front, 0.2, 0.325), "tyre")),
  { kind: "area", points: whole(leftHalf), fill: "own" },
  { kind: "area", points: whole(cabin), fill: "windscreen" },
  { kind: "area", points: whole(roof), fill: "own" },
  // Lighter where the light from above falls on.
  { kind: "area", points: whole(roof), fill: "lamp", opacity: 0.3 },
  { kind: "area", points: whole(box(0.27, 0.47, 0, 0.05)), fill: "lamp", opacity: 0.3 },
  ...pair(box(0.42, 0.49, 0.12, 0.19), "lamp"),
  ...pair(box(-0.5, -0.465, 0.1, 0.2), "tail"),
];

/** A car from above. */
export const car: Body = { turns: true, parts };
