import { count } from "../plural.ts";
import { type Figure, round, type Series } from "./figure.ts";
import { type Study, worldOf } from "./study.ts";
import type { Point, Summary } from "./summary.ts";
import { formatted, learnersOf, titleOf } from "./words.ts";

/** The figures of a study, the main one first. */
export function figuresOf(summary: Summary): Figure[] {
  const { study, dagger, cloning, expert, growth } = summary;
  const { measure, line } = worldOf(study);
  const title = titleOf(study.command === "shift" ? { ...study, command: "dagger" } : study);
  const note = `${learnersOf(study)}. ${count(study.seeds, "run")}: interquartile mean, 95 % interval.`;
  const disagreement =
    worldOf(study).action.kind === "discrete"
      ? "actions that differ from the expert’s"
      : "off the expert’s action, of its range";
  const against = (
    y: string,
    of: (point: Point) => { value: number; low: number; high: number } | null,
    format: Figure["format"],
    level: Figure["level"],
    heading = title,
  ): Figure => ({
    title: heading,
    note,
    x: "labels: steps demonstrated and questions answered",
    spacing: "even",
    y,
    series: [
      ...(dagger.length > 0
        ? [{ name: "DAgger", kind: "learner" as const, points: along(dagger, of) }]
        : []),
      { name: "Cloning", kind: "control", points: along(cloning, of) },
      ...(summary.controls
        ? [
            { name: "expert drives", kind: "expert", of: summary.controls.expertDrives } as const,
            { name: "random states", kind: "rival", of: summary.controls.atRandom } as const,
          ].map(({ name, kind, of: points }) => ({ name, kind, points: along(points, of) }))
        : []),
    ],
    level,
    format,
  });
  const share = (value: number) => `${round(100 * value)} %`;
  const figures = [
    against(
      measure.unit,
      ({ measure }) => measure,
      (y) => (measure.scale === "share" ? formatted(y, "share") : String(round(y))),
      { name: "the expert itself", y: expert.value },
    ),
    against(
      disagreement,
      ({ onOwnStates }) => onOwnStates,
      share,
      null,
      "Disagreement on the learner’s own states",
    ),
    against(
      disagreement,
      ({ onExpertStates }) => onExpertStates,
      share,
      null,
      "Disagreement on the expert’s states",
    ),
  ];
  if (line && !line.isMeasured) {
    figures.push(
      against(
        "share of the way to the edge",
        ({ deviation }) => deviation,
        (y) => String(round(y)),
        null,
        "Distance off the line",
      ),
    );
  }
  return growth ? [...growthFigures(summary, study, note), ...figures] : figures;
}

function growthFigures({ growth }: Summary, study: Study, note: string): Figure[] {
  const { expert, cloning, dagger } = growth!;
  const { line, canFall } = worldOf(study);
  const figure = (
    key: "cost" | "costWithoutReset" | "falls",
    heading: string,
    y: string,
  ): Figure => {
    const points = (curve: typeof expert) =>
      curve.horizons.map((x, i) => {
        const { value, low, high } = curve[key][i]!;
        return { x, y: value, low, high };
      });
    return {
      title: heading,
      note,
      x: "horizon, steps",
      spacing: "even",
      y,
      series: [
        { name: "Cloning", kind: "control", points: points(cloning) },
        { name: "DAgger", kind: "learner", points: points(dagger) },
        { name: "the expert itself", kind: "expert", points: points(expert) },
      ],
      level: null,
      format: (value) => String(round(value)),
    };
  };
  const cost = line ? "cumulative distance off the line" : "cumulative disagreement";
  const falls = growth!.cloning.falls.some(({ value }) => value > 0);
  return [
    ...(canFall
      ? [
          figure(
            "costWithoutReset",
            `${titleOf(study)}, where a crash ends the drive`,
            `${cost}, 1 a step after a crash`,
          ),
        ]
      : []),
    figure("cost", titleOf(study), cost),
    ...(falls ? [figure("falls", "Falls against horizon", "cumulative falls")] : []),
  ];
}

function along(
  points: readonly Point[],
  of: (point: Point) => { value: number; low: number; high: number } | null,
): Series["points"] {
  return points.map((point) => {
    const { value, low, high } = of(point)!;
    return { x: point.labels, y: value, low, high };
  });
}
