import { useMemo } from "preact/hooks";
import { Figure, type Mark } from "../../ui/plot.tsx";
import type { ClassView } from "../view.ts";
import { sayScore } from "../words.ts";
import { medianCurve } from "./curves.ts";
import "./progress-chart.css";

/** What learners score against the labels that they had: a line a pupil, the median bold. */
export function ProgressChart({ view, chosen }: { view: ClassView; chosen?: number }) {
  const { pupils, unit, world } = view;
  const middle = useMemo(() => medianCurve(pupils.map(({ curve }) => curve)), [pupils]);
  const points = pupils.flatMap(({ curve }) => curve);
  const highest = Math.max(1, ...points.map(({ score }) => score));
  const widest = Math.max(10, ...points.map(({ labels }) => labels));
  const lineOf = (curve: ClassView["pupils"][number]["curve"]) =>
    curve.map(({ labels, score }) => [labels, score] as const);
  const own = pupils.find(({ number }) => number === chosen);
  const marks: Mark[] = [
    ...pupils.map(({ curve }): Mark => ({ kind: "curve", look: "pupil", points: lineOf(curve) })),
    { kind: "dots", look: "pupil", points: points.map(({ labels, score }) => [labels, score]) },
    ...(middle.length > 0
      ? [
          { kind: "curve", look: "learner bold", points: lineOf(middle), name: "median" } as const,
          { kind: "dots", look: "learner", points: lineOf(middle) } as const,
        ]
      : []),
    ...(own ? [{ kind: "curve", look: "expert bold", points: lineOf(own.curve) } as const] : []),
  ];
  return (
    <Figure
      caption={
        <>
          <span class="learner">{capital(unit)}</span>, by answers given. A line for each pupil
          {own ? (
            <>
              ; <span class="expert">green is {own.name}</span>
            </>
          ) : null}
          .
        </>
      }
      x={{ from: -0.04 * widest, to: 1.04 * widest }}
      y={{
        from: 0,
        to: 1.1 * highest,
        say: (score) => sayScore(world, score).replace(/(\.0)?( laps?)$/, ""),
      }}
      marks={marks}
      table={{
        caption: `${capital(unit)}, by answers given`,
        columns: ["Pupil", "Answers", capital(unit)],
        rows: [
          ...pupils
            .filter(({ curve }) => curve.length > 0)
            .map(({ name, labels, score }) => [name, String(labels), sayScore(view.world, score)]),
          ...middle.map(({ labels, score }) => [
            `Median with ${labels} answers`,
            String(labels),
            sayScore(view.world, score),
          ]),
        ],
      }}
    />
  );
}

export function capital(words: string): string {
  return (words[0] ?? "").toUpperCase() + words.slice(1);
}
