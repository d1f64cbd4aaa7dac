import type { Level } from "../../shared/worlds/level.ts";
import { Drawing } from "../drawing/svg.tsx";
import { presentationOf } from "./index.ts";

/** What stands on the ground, in SVG: as much of it as a small drawing shows. */
export function Plants({ level }: { level: Level }) {
  const { left, right, bottom, top } = level.picture.bounds;
  const plants = presentationOf(level).plants?.(level.picture) ?? [];
  const seen = plants.filter(({ x, y }) => x > left && x < right && y > bottom && y < top);
  return (
    <>
      {seen.map(({ x, y, size, body }) => (
        <g
          key={`${x} ${y}`}
          transform={`translate(${x.toFixed(3)} ${(-y).toFixed(3)}) scale(${size})`}
        >
          <Drawing primitives={body} />
        </g>
      ))}
    </>
  );
}
