import type { Picture } from "../../shared/worlds/picture.ts";
import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import { svgLine } from "../drawing/svg.ts";

/** Ribbons, such as roads: a surface with an edge and dashes along its middle. */

export function paintRibbons(
  c: CanvasRenderingContext2D,
  { shapes }: Picture,
  frame: Frame,
  colours: Colours,
): void {
  for (const shape of shapes) {
    if (shape.kind !== "ribbon") continue;
    const { points, closed, halfWidth } = shape;
    c.beginPath();
    for (const [x, y] of points) c.lineTo(frame.x(x), frame.y(y));
    if (closed) c.closePath();
    c.lineCap = "round";
    c.lineJoin = "round";
    const stroke = (width: number, colour: string) => {
      c.lineWidth = width * frame.scale;
      c.strokeStyle = colour;
      c.stroke();
    };
    stroke(2 * halfWidth + 0.1, colours.of("edge"));
    stroke(2 * halfWidth, colours.of("surface"));
    c.setLineDash([0.26 * frame.scale, 0.26 * frame.scale]);
    stroke(0.035, colours.dash);
    c.setLineDash([]);
  }
}

export function Ribbons({ picture }: { picture: Picture }) {
  return (
    <>
      {picture.shapes.map((shape, i) => {
        if (shape.kind !== "ribbon") return null;
        const d = `${svgLine(shape.points)}${shape.closed ? "Z" : ""}`;
        return (
          <g key={i} fill="none" stroke-linejoin="round">
            <path d={d} stroke="var(--edge)" stroke-width={2 * shape.halfWidth + 0.1} />
            <path d={d} stroke="var(--surface)" stroke-width={2 * shape.halfWidth} />
            <path d={d} stroke="var(--dash)" stroke-width={0.05} stroke-dasharray=".3 .3" />
          </g>
        );
      })}
    </>
  );
}
