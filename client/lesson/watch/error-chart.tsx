import { bendOf, errorsOf, marksOf } from "../../../shared/imitation/errors.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { type Pen, Plot, type PlotOptions } from "../../ui/plot.tsx";
import { presentationOf } from "../../worlds/index.ts";
import { trajectoryOf } from "../../worlds/replays.ts";

/** The error so far against time: the clone's, the learner's and the person's. */
export function Errors({ lesson, world }: { lesson: Lesson; world: Level }) {
  const clone = lesson.rounds[0]?.errors;
  const learner = lesson.rounds.at(-1)?.errors;
  const worst = clone?.at(-1);
  // Logs of before errors were kept have none to show.
  if (!clone || !learner || worst === undefined) return null;
  const person = errorsOf(
    world,
    lesson.demonstrations.map(({ episode }) => trajectoryOf(episode)),
  );
  const lines = [
    { name: "You", errors: person },
    { name: "The clone", errors: clone },
    ...(lesson.rounds.length > 1 ? [{ name: "The learner", errors: learner }] : []),
  ];
  const times = [0, ...marksOf(world)];
  const guide = (power: number) => times.map((t) => worst * (t / world.horizon) ** power);
  const column = (errors: readonly number[]) =>
    times.map((_, i) => (i === 0 ? 0 : (errors[i - 1] ?? null)));
  const { steering } = world;
  const runs = steering.pace === "runs";
  const unit = presentationOf(world).words.error;
  const seconds = times.map((t) => t / stepsIn(steering, 1, 1));
  return (
    <figure class="chart">
      <figcaption>
        Error so far ({unit}) against {runs ? "seconds" : "moves"}: <span class="expert">you</span>,{" "}
        <span class="learner ghost">the clone{lesson.rounds.length > 1 ? " (dashed)" : ""}</span>
        {lesson.rounds.length > 1 && (
          <>
            {" "}
            and <span class="learner">the learner now</span>
          </>
        )}
        .
      </figcaption>
      <Plot
        data={[seconds, guide(2), guide(1), ...lines.map(({ errors }) => column(errors))]}
        plan={(pen) => planOf(pen, lines.length)}
      />
      <p class="quiet-text">
        {sayBends(lines)} Thin: lines that grow as Tε and, dotted, as T²ε to where the clone ends.
        For DAgger and for cloning these are worst cases (Ross et al. 2011; Ross and Bagnell 2010),
        not laws.
      </p>
      <div class="hidden">
        <table>
          <caption>Error so far, {unit}</caption>
          <thead>
            <tr>
              <th>{runs ? "Seconds" : "Moves"}</th>
              {lines.map(({ name }) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seconds.slice(1).map((time, i) => (
              <tr key={time}>
                <td>{time.toFixed(runs ? 1 : 0)}</td>
                {lines.map(({ name, errors }) => (
                  <td key={name}>{errors[i]?.toFixed(1) ?? "–"}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function sayBends(lines: readonly { name: string; errors: readonly number[] }[]): string {
  const said = lines.flatMap(({ name, errors }) => {
    const bend = bendOf(errors);
    return bend === null ? [] : [`${name.toLowerCase()} ${bend.toFixed(1)}`];
  });
  return said.length === 0
    ? ""
    : `Error of a drive's second half as a multiple of its first half's: ${said.join(", ")}; a line has 1, T² has 3.`;
}

function planOf({ colour, axis }: Pen, n: number): PlotOptions {
  const guide = { stroke: colour("muted"), width: 1, alpha: 0.7, points: { show: false } };
  const line = { width: 2.5, points: { show: false } };
  return {
    scales: { x: { time: false }, y: { range: (_plot, _least, most) => [0, 1.05 * (most || 1)] } },
    axes: [
      { ...axis, size: 28 },
      { ...axis, size: 44 },
    ],
    series: [
      {},
      { ...guide, dash: [2, 4] },
      guide,
      { ...line, stroke: colour("expert"), width: 2 },
      { ...line, stroke: colour("learner"), ...(n > 2 && { dash: [6, 5], width: 2, alpha: 0.6 }) },
      ...(n > 2 ? [{ ...line, stroke: colour("learner") }] : []),
    ],
  };
}
