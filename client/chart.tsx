import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Lesson } from "../shared/lesson.ts";
import type { World } from "../shared/worlds/world.ts";
import { formatMeasure, mean, ownMeasure } from "./derived.ts";

/** The learner's measure on held-out seeds against the answers it has had, a point a round. */
export function Chart({ lesson, world }: { lesson: Lesson; world: World }) {
  const host = useRef<HTMLDivElement>(null);
  const { measure } = world;
  const labels = lesson.rounds.map((round) => round.labels);
  const values = lesson.rounds.map((round) => mean(round.heldOut));
  const own = ownMeasure(lesson);

  useEffect(() => {
    const element = host.current!;
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      plot = plotOf(element, world, labels, values, own);
    };
    draw();
    const resize = new ResizeObserver(draw);
    resize.observe(element.parentElement!);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      resize.disconnect();
      theme.disconnect();
      plot?.destroy();
    };
  }, [world, own, labels.join(), values.join()]);

  if (lesson.rounds.length === 0) return null;
  return (
    <figure class="chart">
      <figcaption>
        <span class="learner">{capital(measure.unit)}</span> against answers given
        {own !== null && (
          <>
            ; <span class="expert">you: {formatMeasure(own, measure)}</span>
          </>
        )}
      </figcaption>
      <div ref={host} aria-hidden="true" />
      <div class="hidden">
        <table>
          <caption>{measure.unit} after each round</caption>
          <thead>
            <tr>
              <th>Round</th>
              <th>Answers</th>
              <th>{measure.unit}</th>
            </tr>
          </thead>
          <tbody>
            {values.map((value, i) => (
              <tr key={lesson.rounds[i]!.seq}>
                <td>{i + 1}</td>
                <td>{labels[i]}</td>
                <td>{formatMeasure(value, measure)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function plotOf(
  element: HTMLElement,
  { measure }: World,
  labels: readonly number[],
  values: readonly number[],
  own: number | null,
): uPlot {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const highest = Math.max(...values, own ?? 0, measure.format === "count" ? 1 : 0.1);
  const most = measure.format === "share" ? 1 : 1.1 * highest;
  const axis = {
    stroke: colour("muted"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
  };
  const widest = Math.max(...labels, 10);
  return new uPlot(
    {
      width: element.parentElement!.clientWidth,
      height: 170,
      legend: { show: false },
      cursor: { show: false },
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
              measure.format === "share" ? formatMeasure(value, measure) : String(value),
            ),
        },
      ],
      series: [
        {},
        { stroke: colour("expert"), width: 2, dash: [6, 5], points: { show: false } },
        {
          stroke: colour("learner"),
          width: 2.5,
          points: { show: true, size: 9, fill: colour("learner"), stroke: colour("learner") },
        },
      ],
    },
    [Array.from(labels), values.map(() => own), Array.from(values)],
    element,
  );
}

function capital(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
