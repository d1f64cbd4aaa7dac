import { flag } from "../../shared/worlds/mountain/dynamics.ts";
import { plane, stretch } from "../../shared/worlds/mountain/landscape.ts";
import type { Picture } from "../../shared/worlds/picture.ts";
import type { Label, Part, Points, Primitive } from "../drawing/primitives.ts";
import "./mountain.css";
import type { Body, Presentation } from "./presentation.ts";

/** Height of the flag's pole, and its cloth beneath the top, units. */
const pole = 0.9;
const cloth = { width: 0.5, height: 0.34 };
/** How far the earth goes on around the plane, units. */
const margin = 0.12;

/** Of the car from the side, as shares of its length: its body, its window, and the middles of its wheels. */
const outline: Points = [
  [-0.5, -0.12],
  [0.5, -0.12],
  [0.5, 0.1],
  [0.28, 0.14],
  [0.14, 0.34],
  [-0.24, 0.34],
  [-0.4, 0.14],
  [-0.5, 0.12],
];
const sideWindow: Points = [
  [0.17, 0.14],
  [0.09, 0.27],
  [-0.18, 0.27],
  [-0.26, 0.14],
];
const wheels = [-0.28, 0.28] as const;
const wheel = { height: -0.12, radius: 0.15 };

const car: Body = {
  turns: true,
  parts: [
    { kind: "area", points: outline, fill: "own" },
    { kind: "area", points: sideWindow, fill: "glass" },
    ...wheels.flatMap((x): Part[] => [
      { kind: "disc", x, y: wheel.height, radius: wheel.radius, fill: "ink" },
      { kind: "disc", x, y: wheel.height, radius: 0.4 * wheel.radius, fill: "paper" },
    ]),
  ],
};

export const mountain: Presentation = {
  words: {
    seen: "seen from the side, with the plane of position and velocity beneath",
    steer: "push",
    places: "places",
    plain: "the valley",
    error: "steps driven without reaching the flag",
  },
  ground,
  body: car,
  hasCloseUp: false,
  visitSize: 0.5,
};

/** The earth, the plane of states in it, and the flag. */
function ground({ shapes }: Picture): Primitive[] {
  const slope = shapes.flatMap((shape) => (shape.kind === "ribbon" ? shape.points : []));
  const foot = footOf(slope);
  const top = foot[1] + pole;
  return [
    { kind: "area", points: earthUnder(slope), fill: "earth" },
    { kind: "line", points: slope, stroke: "turf", width: 0.09 },
    ...planeOfStates(foot),
    { kind: "line", points: [foot, [foot[0], top]], stroke: "ink", width: 0.05 },
    {
      kind: "area",
      points: [
        [foot[0], top],
        [foot[0] - cloth.width, top - cloth.height / 2],
        [foot[0], top - cloth.height],
      ],
      fill: "flag",
    },
  ];
}

/** Position to the right and velocity upward; a dashed line under the flag. */
function planeOfStates(foot: Points[number]): Primitive[] {
  const { left, right, bottom, middle, top } = plane;
  const line = { kind: "line", stroke: "axis", width: 0.02 } as const;
  const label = (words: string, y: number, baseline: Label["baseline"]): Label => ({
    kind: "label",
    x: left + 0.08,
    y,
    words,
    size: 0.2,
    baseline,
    fill: "axis",
  });
  return [
    {
      kind: "area",
      points: [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
      ],
      fill: "plane",
    },
    {
      ...line,
      points: [
        [left, middle],
        [right, middle],
      ],
    },
    {
      ...line,
      points: [
        [stretch * flag, bottom],
        [stretch * flag, foot[1]],
      ],
      dash: 0.08,
    },
    label("to the right, faster ↑", top - 0.08, "top"),
    label("to the left, faster ↓", bottom + 0.08, "bottom"),
  ];
}

/** The earth under the slope, all around. */
function earthUnder(slope: Points): Points {
  const [first, last] = [slope[0]!, slope.at(-1)!];
  return [
    [first[0] - margin, first[1]],
    ...slope,
    [last[0] + margin, last[1]],
    [last[0] + margin, plane.bottom - margin],
    [first[0] - margin, plane.bottom - margin],
  ];
}

/** Where the flag stands. */
function footOf(slope: Points): Points[number] {
  const x = stretch * flag;
  return slope.reduce((a, b) => (Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a));
}
