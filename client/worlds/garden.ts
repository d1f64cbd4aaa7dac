import "./garden.css";
import { Prices } from "./garden-prices.tsx";
import { markOf, terrainAt, terrainTile } from "./garden-tiles.ts";
import type { Presentation } from "./presentation.ts";
import { walker } from "./walker.ts";

export const garden: Presentation = {
  words: {
    seen: "seen from above",
    steer: "move",
    places: "tiles",
    plain: "the lawn",
    error: "moves made without reaching home",
    wanted: "at home",
  },
  ground: ({ shapes }) =>
    shapes.flatMap((shape) =>
      shape.kind === "tile" ? [terrainTile(shape.x, shape.y, shape.size, shape.terrain)] : [],
    ),
  body: walker,
  Prices,
  markAt: (picture, tile) => markOf(terrainAt(picture, tile)),
  hasCloseUp: false,
  visitSize: 1,
};
