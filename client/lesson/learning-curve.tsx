import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { bootstrapInterval, type Interval, mean } from "../../shared/imitation/statistics.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { Stream, seeded } from "../../shared/random.ts";
import type { Level } from "../../shared/worlds/level.ts";
import type { Measure } from "../../shared/worlds/measure.ts";
import { type Pen, Plot, type PlotOptions } from "../ui/plot.tsx";
import { formatMeasure } from "../worlds/format.ts";
import { ownMeasure } from "./demonstrations.ts";

/**
 * The learner's measure on held-out seeds against the answers it has had, a point a round with its 95 %
 * bootstrap interval. What is resampled are the seeds, whole drives: it says what other starts and
 * another wind might have given, and nothing about another teacher.
 */
export function Chart({ lesson, world }: { lesson: Lesson; world: Level }) {
  const { measure } = world;
  const { rounds } = lesson;
  const labels = rounds.map((round) => round.labels);
  const values = rounds.map((round) => mean(round.heldOut));
  const intervals = useMemo(
    () =>
      rounds.map(({ seq, heldOut }) =>
        bootstrapInterval([heldOut], (drawn) => mean(Array.from(drawn)), seeded(seq, Stream.query)),
      ),
    [rounds.at(-1)?.seq],
  );
  const own = ownMeasure(lesson);
  const level = values[0];
  if (level === undefined) return null;
  const say = (value: number) => formatMeasure(value, measure);
  return (
    <figure class="chart">
      <figcaption>
        <span class="learner">{capital(measure.unit)}</span> against answers given
        {own !== null && (
          <>
            ; <span class="expert">you: {say(own)}</span>
          </>
        )}
        {rounds.length > 1 && (
          <>
            ; dashed: <span class="learner ghost">the clone, {say(level)}</span>
          </>
        )}
        . Whiskers: 95 % bootstrap intervals over the {rounds[0]!.heldOut.length} held-out starts,
        not over teachers.
      </figcaption>
      <Plot
        data={[
          labels,
          values.map(() => own),
          values.map(() => level),
          values,
          intervals.map(([low]) => low),
          intervals.map(([, high]) => high),
        ]}
        plan={(pen) => planOf(pen, measure, labels, values, own, intervals)}
      />
      <div class="hidden">
        <table>
          <caption>{measure.unit} after each round</caption>
          <thead>
            <tr>
              <th>Round</th>
              <th>Answers</th>
              <th>{measure.unit}</th>
              <th>95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {values.map((value, i) => (
              <tr key={rounds[i]!.seq}>
                <td>{i + 1}</td>
                <td>{labels[i]}</td>
                <td>{say(value)}</td>
                <td>
                  {say(intervals[i]![0])} to {say(intervals[i]![1])}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function planOf(
  { colour, axis }: Pen,
  measure: Measure,
  labels: readonly number[],
  values: readonly number[],
  own: number | null,
  intervals: readonly Interval[],
): PlotOptions {
  const highest = Math.max(
    ...values,
    own ?? 0,
    ...intervals.map(([, high]) => high),
    measure.scale === "count" ? 1 : 0.1,
  );
  const most = measure.scale === "share" ? 1.04 : 1.1 * highest;
  const widest = Math.max(...labels, 10);
  const hidden = { points: { show: false }, paths: () => null };
  return {
    scales: {
      x: { time: false, range: [-0.04 * widest, 1.04 * widest] },
      y: { range: [0, most] },
    },
    axes: [
      { ...axis, size: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
      {
        ...axis,
        size: 44,
        values: (_plot, splits) =>
          splits.map((value) =>
            measure.scale === "share" ? formatMeasure(value, measure) : String(value),
          ),
      },
    ],
    series: [
      {},
      hidden,
      hidden,
      {
        stroke: colour("learner"),
        width: 2.5,
        points: { show: true, size: 9, fill: colour("learner"), stroke: colour("learner") },
      },
      hidden,
      hidden,
    ],
    hooks: {
      draw: [
        (plot) => {
          if (own !== null) drawLevel(plot, own, { colour: colour("expert"), dash: [], alpha: 1 });
          if (values.length > 1) {
            drawLevel(plot, values[0]!, { colour: colour("learner"), dash: [6, 5], alpha: 0.6 });
          }
          drawWhiskers(plot, labels, intervals, colour("learner"));
        },
      ],
    },
  };
}

/** A line all the way across: what does not depend on how much the learner was told. */
function drawLevel(
  plot: uPlot,
  value: number,
  { colour, dash, alpha }: { colour: string; dash: readonly number[]; alpha: number },
): void {
  const { ctx: c, bbox } = plot;
  const y = plot.valToPos(value, "y", true);
  c.save();
  c.strokeStyle = colour;
  c.globalAlpha = alpha;
  c.lineWidth = 2 * devicePixelRatio;
  c.setLineDash(dash.map((length) => length * devicePixelRatio));
  c.beginPath();
  c.moveTo(bbox.left, y);
  c.lineTo(bbox.left + bbox.width, y);
  c.stroke();
  c.restore();
}

function drawWhiskers(
  plot: uPlot,
  labels: readonly number[],
  intervals: readonly Interval[],
  colour: string,
): void {
  const c = plot.ctx;
  const cap = 4 * devicePixelRatio;
  c.save();
  c.strokeStyle = colour;
  c.lineWidth = 1.5 * devicePixelRatio;
  c.beginPath();
  intervals.forEach(([low, high], i) => {
    const x = plot.valToPos(labels[i]!, "x", true);
    const [bottom, top] = [plot.valToPos(low, "y", true), plot.valToPos(high, "y", true)];
    c.moveTo(x, bottom);
    c.lineTo(x, top);
    for (const y of [bottom, top]) {
      c.moveTo(x - cap, y);
      c.lineTo(x + cap, y);
    }
  });
  c.stroke();
  c.restore();
}

function capital(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
