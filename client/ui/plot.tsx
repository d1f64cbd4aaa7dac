import { ticks } from "d3-array";
import { line } from "d3-shape";
import type { ComponentChildren } from "preact";
import { type Axis, type Scale, scaleOf } from "./axis.ts";
import "./plot.css";

interface Curve {
  readonly kind: "curve";
  /** A point without a value leaves a gap. */
  readonly points: readonly (readonly [x: number, y: number | null])[];
  /** What is written where it ends, or leaves the plot. */
  readonly name?: string;
}

interface Dots {
  readonly kind: "dots";
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A line all the way across, for what does not depend on x. */
interface Constant {
  readonly kind: "constant";
  readonly y: number;
}

interface Whiskers {
  readonly kind: "whiskers";
  readonly intervals: readonly {
    readonly x: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/** Something in a plot. `look` names its classes in plot.css: whose it is, and how it is drawn. */
export type Mark = (Curve | Dots | Constant | Whiskers) & { readonly look: string };

/** The numbers of a plot, for those who do not see it. The first column is what each row is about. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** About how many ticks there are. */
const ticksAcross = 5;
const ticksUp = 3;
/** Half the width of a whisker's ends, of 100 across the plot. */
const cap = 1.2;

/** A plot with its words, and its numbers as a table. It is as wide as what it is in. */
export function Figure({
  caption,
  x,
  y,
  marks,
  table,
  children,
}: {
  caption: ComponentChildren;
  x: Axis;
  y: Axis;
  /** From the bottom up. */
  marks: readonly Mark[];
  table: Table;
  /** What else is said of it, beneath. */
  children?: ComponentChildren;
}) {
  return (
    <figure class="chart">
      <figcaption>{caption}</figcaption>
      <Plot x={x} y={y} marks={marks} />
      {children}
      <div class="hidden">
        <Numbers table={table} />
      </div>
    </figure>
  );
}

function Plot({ x, y, marks }: { x: Axis; y: Axis; marks: readonly Mark[] }) {
  const across = scaleOf(x);
  const up = scaleOf(y);
  const rows = ticks(y.from, y.to, ticksUp);
  const paths = (kinds: readonly Mark["kind"][]) =>
    marks.map(
      (mark, i) =>
        kinds.includes(mark.kind) && (
          <path key={i} class={`${mark.kind} ${mark.look}`} d={dataOf(mark, across, up)} />
        ),
    );
  return (
    <div class="plot figures" aria-hidden="true">
      {rows.map((value) => (
        <span key={value} class="y" style={{ bottom: `${up(value)}%` }}>
          {y.say?.(value) ?? value}
        </span>
      ))}
      {ticks(x.from, x.to, ticksAcross).map((value) => (
        <span key={value} class="x" style={{ left: `${across(value)}%` }}>
          {x.say?.(value) ?? value}
        </span>
      ))}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {rows.map((value) => (
          <path key={value} class="rule" d={`M0 ${100 - up(value)}H100`} />
        ))}
        {/* A line that leaves the plot is cut off, a dot on its edge is not. */}
        <svg width="100" height="100" aria-hidden="true">
          {paths(["curve", "constant"])}
        </svg>
        {paths(["whiskers", "dots"])}
      </svg>
      {marks.map(
        (mark, i) =>
          mark.kind === "curve" &&
          mark.name && (
            <span key={i} class="name" style={placeOfName(mark, y, across, up)}>
              {mark.name}
            </span>
          ),
      )}
    </div>
  );
}

function Numbers({ table: { caption, columns, rows } }: { table: Table }) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...values]) => (
          <tr key={first}>
            <th scope="row">{first}</th>
            {values.map((value, i) => (
              <td key={columns[i + 1]}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The data of an SVG path, on a paper of 100 × 100 with y downward. */
function dataOf(mark: Mark, across: Scale, up: Scale): string {
  const down = (value: number) => 100 - up(value);
  switch (mark.kind) {
    case "curve":
      return line<(typeof mark.points)[number]>()
        .defined(([, value]) => value !== null)
        .x(([at]) => across(at))
        .y(([, value]) => down(value!))(mark.points)!;
    case "constant":
      return `M0 ${down(mark.y)}H100`;
    case "dots":
      // WebKit draws a blob where a line has no length at all.
      return mark.points.map(([at, value]) => `M${across(at)} ${down(value)}h.001`).join("");
    case "whiskers":
      return mark.intervals
        .map(({ x, low, high }) => {
          const [at, bottom, top] = [across(x), down(low), down(high)];
          const end = (y: number) => `M${at - cap} ${y}H${at + cap}`;
          return `M${at} ${bottom}V${top}${end(bottom)}${end(top)}`;
        })
        .join("");
  }
}

function placeOfName({ points }: Curve, { to }: Axis, across: Scale, up: Scale) {
  const leaves = points.findIndex(([, value]) => value !== null && value > to);
  const [x, y] = points[leaves < 0 ? points.length - 1 : Math.max(0, leaves - 1)]!;
  return { left: `${across(x)}%`, bottom: `${up(y ?? 0)}%` };
}
