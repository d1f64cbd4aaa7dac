import type { World } from "../shared/worlds/world.ts";

/** The world's stage as a small drawing. */
export function Thumbnail({ world }: { world: World }) {
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
              d={outline(shape.points)}
              stroke="var(--edge)"
              stroke-width={2 * shape.halfWidth + 0.1}
            />
            <path
              d={outline(shape.points)}
              stroke="var(--road)"
              stroke-width={2 * shape.halfWidth}
            />
            <path
              d={outline(shape.points)}
              stroke="var(--dash)"
              stroke-width={0.05}
              stroke-dasharray=".3 .3"
            />
          </g>
        ) : (
          <rect
            key={i}
            x={shape.x - shape.size * 0.47}
            y={-shape.y - shape.size * 0.47}
            width={shape.size * 0.94}
            height={shape.size * 0.94}
            rx={0.08}
            fill={`var(--${shape.terrain})`}
          />
        ),
      )}
    </svg>
  );
}

function outline(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${x.toFixed(2)} ${(-y).toFixed(2)}`).join("L")}Z`;
}
