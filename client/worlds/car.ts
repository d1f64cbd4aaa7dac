import type { Area, Points } from "../drawing/primitives.ts";
import type { Body } from "./presentation.ts";

/** Pairs of wheels, from the back of a wheel to its front. */
const axles = [
  [-0.38, -0.14],
  [0.16, 0.4],
] as const;
const outline: Points = [
  [-0.5, -0.2],
  [-0.42, -0.27],
  [0.36, -0.27],
  [0.52, -0.16],
  [0.52, 0.16],
  [0.36, 0.27],
  [-0.42, 0.27],
  [-0.5, 0.2],
];
const windscreen: Points = [
  [0.04, -0.2],
  [0.24, -0.16],
  [0.24, 0.16],
  [0.04, 0.2],
];
const rearWindow: Points = [
  [-0.36, -0.17],
  [-0.26, -0.19],
  [-0.26, 0.19],
  [-0.36, 0.17],
];

/** A car from above. */
export const car: Body = {
  turns: true,
  parts: [
    ...axles.map(([back, front]): Area => {
      const points: Points = [
        [back, -0.33],
        [front, -0.33],
        [front, 0.33],
        [back, 0.33],
      ];
      return { kind: "area", points, fill: "ink" };
    }),
    { kind: "area", points: outline, fill: "own" },
    { kind: "area", points: windscreen, fill: "glass" },
    { kind: "area", points: rearWindow, fill: "glass" },
  ],
};
