import type { Picture, Point } from "../../shared/worlds/picture.ts";
import type { Disc, Part } from "../drawing/primitives.ts";
import type { Plant } from "./presentation.ts";

/** Side of the squares in which a tree may stand, how far beyond the picture they go, and what share has one. */
const square = 1.15;
const beyond = { x: 4, y: 2.5 };
const share = 0.5;
/** From a tree's edge to the road's, units. */
const clearance = 0.24;
const sockSize = 0.95;

/** A crown from above, in the light from the upper left: lobes around a middle. */
const crown: readonly Part[] = [
  ...lobes(0.29, 0.24, "crown-dark", 0.03, -0.04),
  ...lobes(0.25, 0.22, "crown", 0, 0),
  { kind: "disc", x: 0, y: 0, radius: 0.3, fill: "crown" },
  ...lobes(0.13, 0.13, "crown-light", -0.07, 0.08),
];

function lobes(reach: number, radius: number, fill: string, x: number, y: number): Disc[] {
  return Array.from({ length: 6 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 6 + 0.4;
    // Not round, as if each had grown by itself.
    const own = 1 + 0.14 * Math.sin(2.3 * i);
    return {
      kind: "disc",
      x: x + reach * own * Math.cos(angle),
      y: y + reach * own * Math.sin(angle),
      radius: radius * own,
      fill,
    };
  });
}

/** A wind sock that is full: five rings, ever narrower, and the pole's head. */
const sock: readonly Part[] = [
  ...Array.from({ length: 5 }, (_, i): Part => {
    const [from, to] = [0.04 + 0.19 * i, 0.04 + 0.19 * (i + 1)];
    const half = (along: number) => 0.15 - 0.09 * along;
    return {
      kind: "area",
      points: [
        [from, half(from)],
        [to, half(to)],
        [to, -half(to)],
        [from, -half(from)],
      ],
      fill: i % 2 === 0 ? "kerb" : "kerb-light",
    };
  }),
  { kind: "disc", x: 0, y: 0, radius: 0.07, fill: "ink" },
];

const grown = new WeakMap<Picture, readonly Plant[]>();

/** Trees beside the road, and a wind sock where there is most room. */
export function roadPlants(picture: Picture): readonly Plant[] {
  const plants = grown.get(picture) ?? grow(picture);
  grown.set(picture, plants);
  return plants;
}

function grow(picture: Picture): Plant[] {
  const { left, right, bottom, top } = picture.bounds;
  const at = sockIn(picture);
  const plants: Plant[] = [];
  for (let y = bottom - beyond.y, row = 0; y < top + beyond.y; y += square, row++) {
    for (let x = left - beyond.x, column = 0; x < right + beyond.x; x += square, column++) {
      const [one, two, three] = [1, 2, 3].map((k) => chance(column, row, k)) as [
        number,
        number,
        number,
      ];
      const size = 0.55 + 0.4 * three;
      const place = { x: x + 0.5 * square * one, y: y + 0.5 * square * two };
      if (chance(column, row, 4) > share) continue;
      if (room(picture, place) < clearance + size / 2) continue;
      if (Math.hypot(place.x - at.x, place.y - at.y) < sockSize + size) continue;
      plants.push({ ...place, size, body: crown, inWind: "leans" });
    }
  }
  return [...plants, { ...at, size: sockSize, body: sock, inWind: "points" }];
}

/** The place nearest to the middle of those with the most room. */
function sockIn(picture: Picture): Point {
  const { left, right, bottom, top } = picture.bounds;
  const middle = { x: (left + right) / 2, y: (bottom + top) / 2 };
  let best = middle;
  let most = Number.NEGATIVE_INFINITY;
  for (let x = left; x <= right; x += 0.5) {
    for (let y = bottom; y <= top; y += 0.5) {
      const inside = Math.min(x - left, right - x, y - bottom, top - y);
      const space = Math.min(1.3, room(picture, { x, y }), inside);
      const worth = space - 0.05 * Math.hypot(x - middle.x, y - middle.y);
      if (worth > most) [best, most] = [{ x, y }, worth];
    }
  }
  return best;
}

/** From a place to the nearest edge of a road; below 0 on it. */
function room({ shapes }: Picture, { x, y }: Point): number {
  let least = Number.POSITIVE_INFINITY;
  for (const shape of shapes) {
    if (shape.kind !== "ribbon") continue;
    for (const [px, py] of shape.points)
      least = Math.min(least, Math.hypot(px - x, py - y) - shape.halfWidth);
  }
  return least;
}

/** A number in [0, 1) that is always the same for a square. */
function chance(column: number, row: number, k: number): number {
  const wave = Math.sin(12.9898 * column + 78.233 * row + 37.719 * k) * 43758.5453;
  return wave - Math.floor(wave);
}
