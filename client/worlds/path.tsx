import type { Presentation } from "./presentation.ts";
import { paintRibbons, Ribbons } from "./ribbon.tsx";
import { drawWalker, Walker } from "./walker.tsx";

export const path: Presentation = {
  words: {
    seen: "seen from above",
    steer: "turn",
    range: "of the range",
    places: "picture",
    plain: "keeping to the middle",
    error: "how far off the curve, summed over the steps",
  },
  paintGround: paintRibbons,
  drawBody: drawWalker,
  Ground: Ribbons,
  Body: Walker,
  hasCloseUp: false,
  visitSize: 1,
};
