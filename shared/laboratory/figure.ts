import { grouped } from "../plural.ts";

/** A line with a band around it: x, y and the interval at each point, by ascending x. */
export interface Series {
  readonly name: string;
  readonly kind: "learner" | "expert" | "control" | "rival";
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
  }[];
}

export interface Figure {
  readonly title: string;
  /** Under the title, smaller. */
  readonly note: string;
  readonly x: string;
  /** "even" is linear from 0; "doubling" is logarithmic, for positive x. */
  readonly spacing: "even" | "doubling";
  readonly y: string;
  readonly series: readonly Series[];
  /** A horizontal line, with its name. */
  readonly level: { readonly name: string; readonly y: number } | null;
  readonly format: (y: number) => string;
}

/** Colours and type, in a light and a dark theme, of an image or of a page. */
export const style = `
.figure { --paper: #fdfcfa; --ink: #22252a; --faint: #6a6f78; --rule: #e3e1dc; --expert: #1b9e77; --learner: #d95f02; --control: #7a7f8a; --rival: #7570b3;
  font: 13px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums }
@media (prefers-color-scheme: dark) { .figure { --paper: #17181b; --ink: #e9e7e2; --faint: #a3a8b1; --rule: #34373d; --control: #9aa0ab; --rival: #a5a1d8 } }
.figure text { fill: var(--ink) } .figure .faint { fill: var(--faint) } .figure .title { font-size: 15px; font-weight: 600 }
.figure .paper { fill: var(--paper) } .figure .grid { stroke: var(--rule) } .figure .line { fill: none; stroke-width: 2; stroke-linejoin: round }
.figure .band { opacity: .16; stroke: none } .figure .level { stroke: var(--expert); stroke-dasharray: 2 4; stroke-width: 1.5 }
.figure .control.line { stroke-dasharray: 6 4 }
.figure .expert.line { stroke: var(--expert) } .figure .learner.line { stroke: var(--learner) } .figure .control.line { stroke: var(--control) } .figure .rival.line { stroke: var(--rival) }
.figure .expert.fill { fill: var(--expert) } .figure .learner.fill { fill: var(--learner) } .figure .control.fill { fill: var(--control) } .figure .rival.fill { fill: var(--rival) }
`;

const size = { width: 760, height: 400 };
const frame = { left: 78, right: 150, top: 66, bottom: 48 };
const inner = {
  width: size.width - frame.left - frame.right,
  height: size.height - frame.top - frame.bottom,
};
/** Least distance between the labels at the lines' ends. */
const lineHeight = 16;

/**
 * A line chart as SVG: bands are intervals, and each line has its name at its end.
 * @param standalone whether it is a file of its own, which then includes the style
 */
export function svgOf(figure: Figure, standalone: boolean): string {
  const { series, level } = figure;
  const values = series.flatMap(({ points }) => points);
  const highest = Math.max(...values.map(({ high }) => high), level?.y ?? 0);
  const xs = (figure.spacing === "even" ? evenly : doubling)(values.map(({ x }) => x));
  const ys = scale(highest, null, inner.height);
  const px = (x: number) => round(frame.left + xs.at(x));
  const py = (y: number) => round(frame.top + inner.height - ys.at(y));
  const right = frame.left + inner.width;

  const grid = ys.ticks.map(
    (y) =>
      `<line class="grid" x1="${frame.left}" x2="${right}" y1="${py(y)}" y2="${py(y)}"/><text class="faint" x="${frame.left - 8}" y="${py(y) + 4}" text-anchor="end">${escaped(figure.format(y))}</text>`,
  );
  const below = xs.ticks.map(
    (x) =>
      `<text class="faint" x="${px(x)}" y="${frame.top + inner.height + 20}" text-anchor="middle">${grouped(x)}</text>`,
  );
  const drawnSeries = series.map(({ kind, points }) => {
    const path = points.map(({ x, y }) => `${px(x)},${py(y)}`).join(" ");
    const up = points.map(({ x, high }) => `${px(x)},${py(high)}`);
    const down = points.map(({ x, low }) => `${px(x)},${py(low)}`).reverse();
    const dots = points.map(
      ({ x, y }) => `<circle class="${kind} fill" cx="${px(x)}" cy="${py(y)}" r="3"/>`,
    );
    return `<polygon class="band ${kind} fill" points="${[...up, ...down].join(" ")}"/><polyline class="line ${kind}" points="${path}"/>${dots.join("")}`;
  });
  const ends = series.flatMap(({ name, kind, points }) => {
    const last = points.at(-1);
    return last ? [{ name, kind, y: py(last.y) }] : [];
  });
  if (level) ends.push({ name: level.name, kind: "expert", y: py(level.y) });
  const labels = spreadApart(ends).map(
    ({ name, kind, y }) =>
      `<rect class="${kind} fill" x="${right + 10}" y="${round(y - 1.5)}" width="10" height="3"/><text x="${right + 26}" y="${round(y + 4)}">${escaped(name)}</text>`,
  );
  const xmlns = standalone ? ' xmlns="http://www.w3.org/2000/svg"' : "";
  return [
    `<svg${xmlns} class="figure" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(inWords(figure))}">`,
    ...(standalone
      ? [`<style>${style}</style>`, '<rect class="paper" width="100%" height="100%" rx="6"/>']
      : []),
    `<text class="title" x="${frame.left}" y="24">${escaped(figure.title)}</text>`,
    `<text class="faint" x="${frame.left}" y="44">${escaped(figure.note)}</text>`,
    ...grid,
    ...below,
    `<text class="faint" x="${frame.left + inner.width / 2}" y="${size.height - 8}" text-anchor="middle">${escaped(figure.x)}</text>`,
    `<text class="faint" transform="translate(18 ${frame.top + inner.height / 2}) rotate(-90)" text-anchor="middle">${escaped(figure.y)}</text>`,
    ...(level
      ? [
          `<line class="level" x1="${frame.left}" x2="${right}" y1="${py(level.y)}" y2="${py(level.y)}"/>`,
        ]
      : []),
    ...drawnSeries,
    ...labels,
    "</svg>",
    "",
  ].join("\n");
}

/** The figure as a sentence, for screen readers. */
function inWords({ title, x, y, series, level, format }: Figure): string {
  const ends = series.flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return first && last
      ? [
          `${name}: ${format(first.y)} at ${grouped(first.x)}, ${format(last.y)} at ${grouped(last.x)}.`,
        ]
      : [];
  });
  const flat = level ? [`${level.name}: ${format(level.y)}.`] : [];
  return [`${title}. ${y} against ${x}.`, ...ends, ...flat].join(" ");
}

/**
 * A linear axis from 0, `length` pixels long, with round numbers on it.
 * @param high the highest value
 * @param end where the axis ends; null for the round number from `high` on
 */
function scale(high: number, end: number | null, length: number) {
  const span = high || 1;
  const rough = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * rough).find((s) => span / s <= 5.5)!;
  const top = end ?? step * Math.ceil(span / step - 1e-9);
  const nTicks = Math.floor(top / step + 1e-9) + 1;
  return {
    ticks: Array.from({ length: nTicks }, (_, i) => i * step),
    at: (value: number) => (length * value) / top,
  };
}

/** The x axis from 0 to the last of `values`: lines end where their names are. */
function evenly(values: readonly number[]) {
  const farthest = Math.max(1, ...values);
  return scale(farthest, farthest, inner.width);
}

/** The x axis from the first of `values` to the last, by their logarithms, with each of them on it. */
function doubling(values: readonly number[]) {
  const [first, last] = [Math.min(...values), Math.max(...values)];
  return {
    ticks: [...new Set(values)],
    at: (x: number) => (inner.width * Math.log(x / first)) / Math.log(last / first),
  };
}

/** Moves labels that would overlap apart, in the same order. */
function spreadApart<T extends { readonly y: number }>(labels: readonly T[]): T[] {
  const sorted = labels.slice().sort((a, b) => a.y - b.y);
  const placed: T[] = [];
  for (const label of sorted) {
    const above = placed.at(-1)?.y ?? Number.NEGATIVE_INFINITY;
    placed.push({ ...label, y: Math.max(label.y, above + lineHeight) });
  }
  // Labels that were moved below the frame go back up.
  let lowest = frame.top + inner.height;
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = { ...placed[i]!, y: Math.min(placed[i]!.y, lowest) };
    lowest = placed[i]!.y - lineHeight;
  }
  return placed;
}

/** To two decimals. */
export function round(value: number): number {
  return Math.round(100 * value) / 100;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
