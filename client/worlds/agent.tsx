import type { Level } from "../../shared/worlds/level.ts";
import type { Pose } from "../../shared/worlds/picture.ts";
import { Drawing } from "../drawing/svg.tsx";
import { presentationOf } from "./index.ts";

/** How much larger than on the stage, so that in a small picture one sees who it is and where they look. */
const enlarged = 1.3;

/** Whoever is under way, in SVG, in the colour that is inherited. */
export function Agent({ level, pose: { x, y, heading } }: { level: Level; pose: Pose }) {
  const { parts, turns } = presentationOf(level).body;
  const turn = turns ? (-180 * (heading ?? 0)) / Math.PI : 0;
  const scale = enlarged * level.picture.agent;
  return (
    <g
      class="body"
      transform={`translate(${x.toFixed(3)} ${(-y).toFixed(3)}) rotate(${turn}) scale(${scale})`}
    >
      <Drawing primitives={parts} />
    </g>
  );
}
