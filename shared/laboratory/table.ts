import { grouped } from "../plural.ts";
import { controlNames, controls } from "./controls.ts";
import { type Price, secondsAnAnswer } from "./price.ts";
import { worldOf } from "./study.ts";
import { advantage, type Point, type Result, ratio, type Summary } from "./summary.ts";
import { formatted, methodOf, titleOf, withInterval } from "./words.ts";

/** Rows of cells under a heading. All rows have as many cells as the heading. */
export interface Table {
  readonly title: string;
  readonly heading: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The summary as tables, for the terminal and for the page. */
export function tablesOf(summary: Summary): Table[] {
  const { dagger, cloning, best, growth, study } = summary;
  const { measure } = worldOf(study);
  /** Whether the expert was in control in some rollout. */
  const expertDrove = dagger.some(({ expertShare }) => expertShare > 0);
  const tables: Table[] = [];
  if (growth) tables.push(...growthTables(summary));
  if (study.command !== "clone") {
    const returned = best ? [["returned", ...cells(summary, best, expertDrove).slice(1)]] : [];
    tables.push({
      title: "DAgger",
      heading: heading(summary, expertDrove),
      rows: [...dagger.map((point) => cells(summary, point, expertDrove)), ...returned],
    });
  }
  tables.push({
    title: study.command === "clone" ? "Cloning" : "Cloning, with as many labels",
    heading: heading(summary, false),
    rows: cloning.map((point) => cells(summary, point, false)),
  });
  for (const name of summary.controls ? controlNames : []) {
    tables.push({
      title: controls[name].title,
      heading: heading(summary, false),
      rows: summary.controls![name].map((point) => cells(summary, point, false)),
    });
  }
  if (summary.price) tables.push(priceTable(summary));
  tables.push({
    title: "The expert itself",
    heading: [measure.unit],
    rows: [[withInterval(summary.expert, (value) => formatted(value, measure.scale))]],
  });
  return tables;
}

/** The result in a sentence; null where there is nothing to compare. */
export function verdict(result: Result): string | null {
  const { dagger, cloning, study, growth } = result;
  const { measure } = worldOf(study);
  if (growth) {
    const grows = (key: "doubling" | "doublingWithoutReset") =>
      `${grown(growth.cloning[key].value)} for cloning and ${grown(growth.dagger[key].value)} for DAgger`;
    const withoutReset = worldOf(study).canFall
      ? ` Where a crash ends the drive and each step after it costs 1, it grows ${grows("doublingWithoutReset")}.`
      : "";
    return `From half the horizon to all of it the error grows ${grows("doubling")} (×2 is linear in the horizon, ×4 quadratic, the worst case).${withoutReset}`;
  }
  const [mine, other] = [dagger.at(-1), cloning.at(-1)];
  if (!mine || !other) return null;
  const value = (number: number) => formatted(number, measure.scale);
  const times = measure.better === "fewer" ? ratio(result) : null;
  const many = measure.scale === "count" ? "many" : "much";
  // A ratio to very few falls would be noise.
  const factor =
    times === null ? "" : `, ${times > 20 ? "more than 20" : times.toFixed(1)} times as ${many}`;
  const ahead = withInterval(advantage(result), value);
  return `With ${grouped(mine.labels)} labels: ${measure.name} ${value(mine.measure.value)} for DAgger and ${value(other.measure.value)} for cloning${factor}. DAgger is ahead by ${ahead}.`;
}

/** The result as text for the terminal. */
export function textOf(result: Result): string {
  const sentence = verdict(result);
  return [
    titleOf(result.study),
    methodOf(result.study),
    "",
    ...tablesOf(result).flatMap((table) => [...tableLines(table), ""]),
    ...(sentence ? [sentence, ""] : []),
  ].join("\n");
}

export function tableLines({ title, heading, rows }: Table): string[] {
  const widths = heading.map((name, i) =>
    Math.max(name.length, ...rows.map((row) => row[i]!.length)),
  );
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => cell.padStart(widths[i]!)).join("   ")}`;
  return [title, line(heading), ...rows.map(line)];
}

function heading({ study }: Summary, expertDrove: boolean): string[] {
  const { measure, line } = worldOf(study);
  return [
    "labels",
    measure.unit,
    ...(line && !line.isMeasured ? ["off the line"] : []),
    "disagrees on own states",
    "on the expert's",
    ...(expertDrove ? ["expert drove", "switches"] : []),
  ];
}

function cells({ study }: Summary, point: Point, expertDrove: boolean): string[] {
  const { measure, line } = worldOf(study);
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    grouped(point.labels),
    withInterval(point.measure, (value) => formatted(value, measure.scale)),
    ...(line && !line.isMeasured
      ? [withInterval(point.deviation!, (value) => value.toFixed(2))]
      : []),
    share(point.onOwnStates.value),
    share(point.onExpertStates.value),
    ...(expertDrove ? [share(point.expertShare), point.switches.toFixed(1)] : []),
  ];
}

function growthTables({ growth, study }: Summary): Table[] {
  const { expert, cloning, dagger } = growth!;
  const { line, canFall } = worldOf(study);
  const every = Math.max(1, Math.floor(expert.horizons.length / 5));
  const drivers = [expert, cloning, dagger];
  const heading = ["expert", "cloning", "DAgger"];
  const table = (key: "cost" | "costWithoutReset", title: string): Table => ({
    title,
    heading: ["horizon", ...heading],
    rows: expert.horizons.flatMap((t, i) =>
      (i + 1) % every === 0
        ? [
            [
              String(t),
              ...drivers.map((curve) => withInterval(curve[key][i]!, (cost) => cost.toFixed(1))),
            ],
          ]
        : [],
    ),
  });
  const grows = (key: "doubling" | "doublingWithoutReset") =>
    drivers.map((curve) => withInterval(curve[key], grown));
  const cost = `Cumulative ${line ? "distance off the line" : "disagreement with the expert"}`;
  const rows = [["with a reset after each crash", ...grows("doubling")]];
  if (canFall) rows.push(["without: a crash ends the drive", ...grows("doublingWithoutReset")]);
  return [
    table("cost", cost),
    ...(canFall
      ? [table("costWithoutReset", `${cost}, and 1 a step from the first crash on`)]
      : []),
    { title: "Growth from half the horizon to all of it", heading: ["error", ...heading], rows },
  ];
}

/** "×2.04" */
const grown = (factor: number) => `×${factor.toFixed(2)}`;

/** What each learner took of the expert and of the road, and what it came to. */
function priceTable({ price, asLong, dagger, cloning, study }: Summary): Table {
  const { measure, canFall } = worldOf(study);
  const rows = (name: string, points: readonly Point[], prices: readonly Price[]) =>
    points.map((point, i) => {
      const { questions, seconds, crashes } = prices[i]!;
      return [
        `${name}, ${grouped(point.labels)} labels`,
        grouped(questions),
        grouped(seconds),
        ...(canFall ? [crashes.toFixed(1)] : []),
        withInterval(point.measure, (value) => formatted(value, measure.scale)),
      ];
    });
  return {
    title: `What it took, with ${secondsAnAnswer} s an answer`,
    heading: [
      "learner",
      "questions",
      "seconds of the expert",
      ...(canFall ? ["crashes while learning"] : []),
      measure.unit,
    ],
    rows: [
      ...rows("cloning", cloning, price!.cloning),
      ...rows("DAgger", dagger, price!.dagger),
      ...rows("cloning, as long", [asLong!.point], [asLong!.price]),
    ],
  };
}
