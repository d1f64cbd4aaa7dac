import type { Presentation } from "./presentation.ts";
import { ribbons } from "./ribbon.ts";
import { walker } from "./walker.ts";

export const path: Presentation = {
  words: {
    seen: "seen from above",
    steer: "turn",
    places: "picture",
    plain: "keeping to the middle",
    error: "how far off the curve, summed over the steps",
  },
  ground: ribbons,
  body: walker,
  hasCloseUp: false,
  visitSize: 1,
};
