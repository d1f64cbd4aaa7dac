import type { Picture } from "../../shared/worlds/picture.ts";
import type { Line, Points, Primitive } from "../drawing/primitives.ts";

/** Radians a unit of the road from which a bend has kerbs. */
const bend = 0.4;
/** Of a kerb and of the grass that is worn beside the road, beyond the road's edge, units. */
const kerb = 0.13;
const verge = 0.22;
/** Length of a kerb's stripes in the middle of the road, units. */
const stripe = 0.24;

/** A meadow and the roads in it, with kerbs in their bends. */
export function roadGround({ shapes }: Picture): Primitive[] {
  const roads = shapes.flatMap((shape) => (shape.kind === "ribbon" ? [shape] : []));
  return [
    { kind: "meadow", fill: "grass", patches: "grass-patch", blades: "grass-blade" },
    ...roads.flatMap(({ points, closed, halfWidth }): Line[] => {
      const road = { kind: "line", points, closed } as const;
      return [
        { ...road, stroke: "verge", width: 2 * (halfWidth + verge) },
        // Seen only where the road's surface does not cover them.
        ...bendsOf(points).flatMap((points): Line[] => {
          const line = {
            kind: "line",
            points,
            width: 2 * (halfWidth + kerb),
            ends: "flat",
          } as const;
          return [
            { ...line, stroke: "kerb-light" },
            { ...line, stroke: "kerb", dash: stripe },
          ];
        }),
        { ...road, stroke: "edge", width: 2 * halfWidth + 0.07 },
        { ...road, stroke: "asphalt", width: 2 * halfWidth - 0.02 },
        { ...road, stroke: "lane", width: 0.04, dash: 0.26 },
      ];
    }),
  ];
}

/** The stretches of a closed way in which it bends. */
function bendsOf(points: Points): Points[] {
  const n = points.length;
  const at = (i: number) => points[(i + n) % n]!;
  const isBent = Array.from({ length: n }, (_, i) => {
    const [a, b, c] = [at(i - 3), at(i), at(i + 3)];
    const turn = Math.atan2(c[1] - b[1], c[0] - b[0]) - Math.atan2(b[1] - a[1], b[0] - a[0]);
    const way = Math.hypot(c[0] - b[0], c[1] - b[1]);
    return Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn))) / way > bend;
  });
  const straight = isBent.indexOf(false);
  if (straight < 0) return [[...points, at(0)]];
  const bends: Points[] = [];
  let from = -1;
  // From a straight on, so that no bend is cut in two where the list begins.
  for (let i = straight; i <= straight + n; i++) {
    if (isBent[i % n]) {
      if (from < 0) from = i;
    } else if (from >= 0) {
      const first = from;
      bends.push(Array.from({ length: i - first }, (_, k) => at(first + k)));
      from = -1;
    }
  }
  return bends.filter((stretch) => stretch.length > 3);
}
