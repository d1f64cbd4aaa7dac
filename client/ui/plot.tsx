import { ticks } from "d3-array";
import { line } from "d3-shape";
import type { ComponentChildren } from "preact";
import "./plot.css";

/** One axis of a plot: what it shows, and what is written at its ticks, which is the number if left out. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly say?: (value: number) => string;
}

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
interface Level {
  readonly kind: "level";
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
export type Mark = (Curve | Dots | Level | Whiskers) & { readonly look: string };

/** The numbers of a plot, for those who do not see it. The first column is what each row is about. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** About how many ticks an axis has. */
const nTicks = 5;
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
  const across = scaleOf(x);
  const up = scaleOf(y);
  const curve = line<readonly [number, number | null]>()
    .defined(([, value]) => value !== null)
    .x(([at]) => across(at))
    .y(([, value]) => 100 - up(value!));
  const rows = ticks(y.from, y.to, nTicks);
  return (
    <figure class="chart">
      <figcaption>{caption}</figcaption>
      <div class="plot figures" aria-hidden="true">
        {rows.map((value) => (
          <span key={value} class="y" style={{ bottom: `${up(value)}%` }}>
            {y.say?.(value) ?? value}
          </span>
        ))}
        {ticks(x.from, x.to, nTicks).map((value) => (
          <span key={value} class="x" style={{ left: `${across(value)}%` }}>
            {x.say?.(value) ?? value}
          </span>
        ))}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {rows.map((value) => (
            <path key={value} class="rule" d={`M0 ${100 - up(value)}H100`} />
          ))}
          {/* What leaves the plot is cut off. */}
          <svg width="100" height="100" aria-hidden="true">
            {marks.map((mark, i) => {
              if (mark.kind === "curve")
                return <path key={i} class={mark.look} d={curve(mark.points)!} />;
              if (mark.kind === "level")
                return <path key={i} class={mark.look} d={`M0 ${100 - up(mark.y)}H100`} />;
              return null;
            })}
          </svg>
          {marks.map((mark, i) => {
            if (mark.kind === "whiskers")
              return <path key={i} class={`whisker ${mark.look}`} d={whiskers(mark, across, up)} />;
            if (mark.kind === "dots") {
              const d = mark.points.map(([at, value]) => `M${across(at)} ${100 - up(value)}h0`);
              return <path key={i} class={`dots ${mark.look}`} d={d.join("")} />;
            }
            return null;
          })}
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
      {children}
      <div class="hidden">
        <table>
          <caption>{table.caption}</caption>
          <thead>
            <tr>
              {table.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(([first, ...values]) => (
              <tr key={first}>
                <th scope="row">{first}</th>
                {values.map((value, i) => (
                  <td key={table.columns[i + 1]}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

type Scale = (value: number) => number;

/** From an axis to 0 … 100: the drawing stretches with the page, and nothing has to be measured. */
function scaleOf({ from, to }: Axis): Scale {
  return (value) => Number(((100 * (value - from)) / (to - from)).toFixed(3));
}

function whiskers({ intervals }: Whiskers, across: Scale, up: Scale): string {
  return intervals
    .map(({ x, low, high }) => {
      const [at, bottom, top] = [across(x), 100 - up(low), 100 - up(high)];
      const end = (y: number) => `M${at - cap} ${y}H${at + cap}`;
      return `M${at} ${bottom}V${top}${end(bottom)}${end(top)}`;
    })
    .join("");
}

function placeOfName({ points }: Curve, { to }: Axis, across: Scale, up: Scale) {
  const leaves = points.findIndex(([, value]) => value !== null && value > to);
  const [x, y] = points[leaves < 0 ? points.length - 1 : Math.max(0, leaves - 1)]!;
  return { left: `${across(x)}%`, bottom: `${up(y ?? 0)}%` };
}
