/** The data of an SVG path through these points, whose y goes up. */
export function svgLine(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${x.toFixed(2)} ${(-y).toFixed(2)}`).join("L")}`;
}
