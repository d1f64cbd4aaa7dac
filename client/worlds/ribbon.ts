import type { Line } from "../drawing/primitives.ts";
import type { Presentation } from "./presentation.ts";

/** Ribbons, such as roads: a surface with an edge and dashes along its middle. */
export const ribbons: Presentation["ground"] = ({ shapes }) =>
  shapes.flatMap((shape): Line[] => {
    if (shape.kind !== "ribbon") return [];
    const { points, closed, halfWidth } = shape;
    return [
      { kind: "line", points, closed, stroke: "edge", width: 2 * halfWidth + 0.1 },
      { kind: "line", points, closed, stroke: "surface", width: 2 * halfWidth },
      { kind: "line", points, closed, stroke: "dash", width: 0.035, dash: 0.26 },
    ];
  });
