import type { Picture } from "../../shared/worlds/picture.ts";
import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import { fillMark, roundTile, tileGap } from "../drawing/tiles.ts";
import "./garden.css";
import { Prices } from "./garden-prices.tsx";
import { markOf, TerrainTile, terrainAt } from "./garden-tiles.tsx";
import type { Presentation } from "./presentation.ts";
import { drawWalker, Walker } from "./walker.tsx";

export const garden: Presentation = {
  words: {
    seen: "seen from above",
    steer: "move",
    range: "of answers",
    places: "tiles",
    plain: "the lawn",
    error: "moves made and not home yet",
  },
  paintGround,
  drawBody: drawWalker,
  Ground,
  Body: Walker,
  Prices,
  markAt: (picture, tile) => markOf(terrainAt(picture, tile)),
  hasCloseUp: false,
  visitSize: 1,
};

function paintGround(
  c: CanvasRenderingContext2D,
  { shapes }: Picture,
  frame: Frame,
  colours: Colours,
): void {
  for (const shape of shapes) {
    if (shape.kind !== "tile") continue;
    roundTile(c, shape, frame, tileGap);
    c.fillStyle = colours.of(shape.terrain);
    c.fill();
    c.fillStyle = colours.of(`${shape.terrain}-mark`);
    fillMark(c, markOf(shape.terrain) ?? "", shape, frame);
  }
}

function Ground({ picture }: { picture: Picture }) {
  return (
    <>
      {picture.shapes.map(
        (shape, i) =>
          shape.kind === "tile" && (
            <g key={i} transform={`translate(${shape.x} ${-shape.y}) scale(${shape.size})`}>
              <TerrainTile terrain={shape.terrain} />
            </g>
          ),
      )}
    </>
  );
}
