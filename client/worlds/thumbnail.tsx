import { useMemo } from "preact/hooks";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { svgLine } from "../drawing/svg.ts";
import { linesOf } from "../drawing/trails.ts";
import { presentationOf } from "./index.ts";
import { pathOfEpisode } from "./replays.ts";

/** Any will do; this one shows a fair stretch of each world. */
const seed = 10;

/** The world's stage as a small drawing, with the scripted expert on its way. */
export function Thumbnail({ world }: { world: Level }) {
  const { poses } = useMemo(() => pathOfEpisode(demonstrate(world, seed)), [world]);
  const { Ground, Body } = presentationOf(world);
  const way = poses.slice(0, world.steering.pace === "runs" ? poses.length / 2 : -1);
  const now = way.at(-1)!;
  const size = world.picture.agent;
  const { left, right, bottom, top } = world.picture.bounds;
  return (
    <svg
      class="thumbnail"
      viewBox={`${left} ${-top} ${right - left} ${top - bottom}`}
      aria-hidden="true"
      focusable="false"
    >
      <Ground picture={world.picture} />
      {linesOf(way).map((points, i) => (
        <path
          key={i}
          d={svgLine(points.map(({ x, y }) => [x, y]))}
          fill="none"
          stroke="var(--expert)"
          stroke-width={0.3 * size}
          stroke-linecap="round"
          stroke-linejoin="round"
          opacity="0.6"
        />
      ))}
      <g
        fill="var(--expert)"
        transform={`translate(${now.x} ${-now.y}) rotate(${(-180 * (now.heading ?? 0)) / Math.PI})`}
      >
        <Body size={size} />
      </g>
    </svg>
  );
}
