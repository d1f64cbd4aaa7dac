import type { Points, Primitive, Tone } from "./primitives.ts";
import { shade, shadeOpacity, tileCorner, tileGap } from "./tiles.ts";

/** Farther than any drawing reaches, in the units of any world. */
const afar = 50;

/** A drawing as SVG, with y turned downward. */
export function Drawing({ primitives }: { primitives: readonly Primitive[] }) {
  return (
    <>
      {primitives.map((primitive, i) => (
        <Shape key={i} primitive={primitive} />
      ))}
    </>
  );
}

function Shape({ primitive }: { primitive: Primitive }) {
  switch (primitive.kind) {
    case "meadow":
      return (
        <rect x={-afar} y={-afar} width={2 * afar} height={2 * afar} {...filled(primitive.fill)} />
      );
    case "area":
      return (
        <path
          d={`${svgLine(primitive.points)}Z`}
          opacity={primitive.opacity}
          {...filled(primitive.fill)}
        />
      );
    case "line":
      return (
        <path
          d={`${svgLine(primitive.points)}${primitive.closed ? "Z" : ""}`}
          fill="none"
          stroke={`var(--${primitive.stroke})`}
          stroke-width={primitive.width}
          stroke-dasharray={primitive.dash}
          stroke-linecap={primitive.ends === "flat" ? "butt" : "round"}
          stroke-linejoin="round"
          opacity={primitive.opacity}
        />
      );
    case "disc":
      return (
        <circle
          cx={primitive.x}
          cy={-primitive.y}
          r={primitive.radius}
          opacity={primitive.opacity}
          {...filled(primitive.fill)}
        />
      );
    case "tile": {
      const { x, y, size, fill, mark, markFill, height } = primitive;
      const side = 1 - 2 * tileGap;
      const edge = Math.abs(height);
      return (
        <g transform={`translate(${x} ${-y}) scale(${size})`}>
          <rect
            x={-side / 2}
            y={-side / 2}
            width={side}
            height={side}
            rx={tileCorner}
            {...filled(fill)}
          />
          <rect
            x={-side / 2}
            y={height > 0 ? side / 2 - edge : -side / 2}
            width={side}
            height={edge}
            rx={Math.min(tileCorner, edge / 2)}
            fill={shade}
            stroke="none"
            opacity={shadeOpacity}
          />
          {mark && <path d={mark} {...filled(markFill)} />}
        </g>
      );
    }
    case "label":
      return null;
  }
}

/** What is its own takes its colour, and an outline, from where it is drawn. */
function filled(tone: Tone) {
  return tone === "own" ? {} : { fill: `var(--${tone})`, stroke: "none" };
}

/** The data of an SVG path through these points, whose y goes up. */
export function svgLine(points: Points): string {
  return `M${points.map(([x, y]) => `${x.toFixed(3)} ${(-y).toFixed(3)}`).join("L")}`;
}
