import { useMemo } from "preact/hooks";
import { demonstrate } from "../shared/imitation/rollout.ts";
import type { Terrain, World } from "../shared/worlds/world.ts";
import { pathOfEpisode } from "./derived.ts";
import { marks } from "./stage/marks.ts";

/** Any will do; this one shows a fair stretch of each world. */
const seed = 10;

/** The world's stage as a small drawing, with the scripted expert on its way. */
export function Thumbnail({ world }: { world: World }) {
  const { poses } = useMemo(() => pathOfEpisode(demonstrate(world, seed)), [world]);
  const way = poses.slice(0, world.stepsPerSecond ? poses.length / 2 : -1);
  const now = way.at(-1)!;
  const size = world.stage.agent;
  const { left, right, bottom, top } = world.stage.bounds;
  return (
    <svg
      class="thumbnail"
      viewBox={`${left} ${-top} ${right - left} ${top - bottom}`}
      aria-hidden="true"
      focusable="false"
    >
      {world.stage.shapes.map((shape, i) =>
        shape.kind === "ribbon" ? (
          <g key={i} fill="none" stroke-linejoin="round">
            <path
              d={`${line(shape.points)}${shape.closed ? "Z" : ""}`}
              stroke="var(--edge)"
              stroke-width={2 * shape.halfWidth + 0.1}
            />
            <path
              d={`${line(shape.points)}${shape.closed ? "Z" : ""}`}
              stroke="var(--road)"
              stroke-width={2 * shape.halfWidth}
            />
            <path
              d={`${line(shape.points)}${shape.closed ? "Z" : ""}`}
              stroke="var(--dash)"
              stroke-width={0.05}
              stroke-dasharray=".3 .3"
            />
          </g>
        ) : (
          <g key={i} transform={`translate(${shape.x} ${-shape.y}) scale(${shape.size})`}>
            <TerrainTile terrain={shape.terrain} />
          </g>
        ),
      )}
      <path
        d={line(way.map(({ x, y }) => [x, y]))}
        fill="none"
        stroke="var(--expert)"
        stroke-width={0.3 * size}
        stroke-linecap="round"
        stroke-linejoin="round"
        opacity="0.6"
      />
      <g
        transform={`translate(${now.x} ${-now.y}) rotate(${(-180 * (now.heading ?? 0)) / Math.PI})`}
      >
        {world.stage.body === "car" ? (
          <rect
            x={-0.7 * size}
            y={-0.42 * size}
            width={1.4 * size}
            height={0.84 * size}
            rx={0.2 * size}
            fill="var(--expert)"
          />
        ) : (
          <circle r={0.5 * size} fill="var(--expert)" />
        )}
      </g>
    </svg>
  );
}

/** A tile with what grows on it; its middle is (0, 0) and its side 1. */
export function TerrainTile({ terrain }: { terrain: Terrain }) {
  return (
    <>
      <rect x={-0.47} y={-0.47} width={0.94} height={0.94} rx={0.08} fill={`var(--${terrain})`} />
      <path d={marks[terrain]} fill={`var(--${terrain}-mark)`} />
    </>
  );
}

function line(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${x.toFixed(2)} ${(-y).toFixed(2)}`).join("L")}`;
}
