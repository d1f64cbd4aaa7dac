import { useMemo } from "preact/hooks";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { Drawing, svgLine } from "../drawing/svg.tsx";
import { linesOf } from "../drawing/trails.ts";
import { Agent } from "./agent.tsx";
import { presentationOf } from "./index.ts";
import { Plants } from "./plants.tsx";
import { pathOfEpisode } from "./replays.ts";

/** Any will do; this one shows a fair stretch of each world. */
const seed = 10;

/** The world's stage as a small drawing, with the scripted expert on its way. */
export function Thumbnail({ world }: { world: Level }) {
  const { poses } = useMemo(() => pathOfEpisode(demonstrate(world, seed)), [world]);
  const way = poses.slice(0, world.steering.pace === "runs" ? poses.length / 2 : -1);
  const now = way.at(-1)!;
  const { picture } = world;
  const { left, right, bottom, top } = picture.bounds;
  return (
    <svg
      class="thumbnail"
      viewBox={`${left} ${-top} ${right - left} ${top - bottom}`}
      aria-hidden="true"
      focusable="false"
    >
      <Drawing primitives={presentationOf(world).ground(picture)} />
      <Plants level={world} />
      {linesOf(way).map((points, i) => (
        <path
          key={i}
          d={svgLine(points.map(({ x, y }) => [x, y]))}
          fill="none"
          stroke="var(--expert)"
          stroke-width={0.3 * picture.agent}
          stroke-linecap="round"
          stroke-linejoin="round"
          opacity="0.6"
        />
      ))}
      <g fill="var(--expert)">
        <Agent level={world} pose={now} />
      </g>
    </svg>
  );
}
