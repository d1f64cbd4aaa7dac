import type { Terrain } from "../../shared/worlds/garden/plot.ts";

const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const ellipse = (x: number, y: number, rx: number, ry: number) =>
  `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;

/** Five petals around (x, y). */
function flower(x: number, y: number): string {
  return Array.from({ length: 5 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 5 - Math.PI / 2;
    const round = (value: number) => Math.round(1000 * value) / 1000;
    return circle(round(x + 0.085 * Math.cos(angle)), round(y + 0.085 * Math.sin(angle)), 0.062);
  }).join("");
}

/**
 * What tells a terrain apart besides its colour, as the data of an SVG path on a tile whose middle is
 * (0, 0) and whose side is 1, y downward; empty where the colour says enough.
 */
export const marks: Readonly<Record<Terrain, string>> = {
  lawn: "",
  flowers: flower(-0.2, -0.16) + flower(0.2, -0.06) + flower(-0.06, 0.23),
  mud:
    ellipse(-0.14, -0.16, 0.17, 0.09) +
    ellipse(0.16, 0.02, 0.18, 0.1) +
    ellipse(-0.1, 0.22, 0.2, 0.09),
  puddle:
    "M-.34 .02C-.36-.16-.16-.25 .02-.22C.2-.28 .38-.12 .33 .04C.38 .2 .16 .28 0 .24C-.2 .3-.36 .18-.34 .02z",
  gravel: [
    [-0.27, -0.24, 0.06],
    [-0.02, -0.28, 0.05],
    [0.24, -0.2, 0.07],
    [-0.14, -0.05, 0.07],
    [0.12, 0.02, 0.055],
    [0.31, 0.09, 0.05],
    [-0.3, 0.14, 0.055],
    [-0.04, 0.24, 0.065],
    [0.22, 0.27, 0.06],
  ]
    .map(([x, y, r]) => circle(x!, y!, r!))
    .join(""),
  wall: "M-.47-.17H.47v.05H-.47zM-.47 .12H.47v.05H-.47zM-.19-.47h.05v.3h-.05zM.17-.12h.05v.24h-.05zM-.19 .17h.05v.3h-.05z",
  home: "M-.32-.03L0-.3L.32-.03H.24V.28H.07V.07H-.07V.28H-.24V-.03z",
};
