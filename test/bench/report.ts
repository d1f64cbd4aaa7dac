import { type Bench, type Figure, holds } from "./harness.ts";

/** Runs the benches and gives their figures, as a table or as JSON. */
export async function report(
  benches: readonly Bench[],
  json: boolean,
  clock: () => number,
): Promise<string> {
  const results: { name: string; figures: Figure[] }[] = [];
  for (const { name, run } of benches) results.push({ name, figures: await run(clock) });
  if (json) {
    const withVerdict = results.map(({ name, figures }) => ({
      name,
      figures: figures.map((figure) => ({ ...figure, holds: holds(figure) })),
    }));
    return `${JSON.stringify(withVerdict, null, 2)}\n`;
  }
  const rows = results.flatMap(({ name, figures }) => [
    [name, "", "", ""],
    ...figures.map((figure) => [`  ${figure.name}`, ...cells(figure)]),
  ]);
  const table = [["Each figure a ratio", "median", "lowest–highest", "claim"], ...rows];
  const widths = table[0]!.map((_, column) =>
    Math.max(...table.map((row) => [...row[column]!].length)),
  );
  return table
    .map((row) => row.map((cell, column) => pad(cell, widths[column]!, column)).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function cells(figure: Figure): string[] {
  const { value, range, claim } = figure;
  const verdict = holds(figure) ? "holds" : "FAILS";
  const bound = claim?.atLeast === undefined ? `≤ ${claim?.atMost}` : `≥ ${claim.atLeast}`;
  return [
    `${short(value)}×`,
    range.map(short).join("–"),
    claim === undefined ? "" : `${bound}: ${verdict}`,
  ];
}

/** Three significant digits. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Words to the left, figures to the right. */
function pad(cell: string, width: number, column: number): string {
  const space = " ".repeat(width - [...cell].length);
  return column === 1 || column === 2 ? space + cell : cell + space;
}
