import { beforeAll, describe, expect, it } from "vitest";
import { type Article, article } from "../../../shared/article/index.ts";
import { textOf } from "../../../shared/article/print.ts";
import golden from "./golden.json" with { type: "json" };

let results: Article;
let lines: string[];

beforeAll(() => {
  results = article();
  lines = textOf(results).split("\n");
});

/** Every number of a JSON value, by its path. */
function numbers(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) throw new TypeError(`${path} holds ${value}.`);
  return Object.entries(value).flatMap(([key, inner]) => numbers(inner, `${path}/${key}`));
}

const isFigure = (key: string): boolean => key !== "printed" && key !== "printedGrid";
const figures = Object.entries(golden).map(([section, content]) => ({
  section,
  content: Array.isArray(content)
    ? content
    : Object.fromEntries(Object.entries(content).filter(([key]) => isFigure(key))),
}));

describe("at full precision", () => {
  it.each(figures)("$section agrees to 1e-9", ({ section, content }) => {
    const wanted = numbers(content);
    const found = new Map(numbers(results[section as keyof Article]));
    expect([...found.keys()].sort()).toEqual(wanted.map(([path]) => path).sort());
    for (const [path, value] of wanted) {
      expect(Math.abs(found.get(path)! - value), path).toBeLessThan(1e-9);
    }
  });

  it("has the golden file's sections and passes through JSON unchanged", () => {
    expect(Object.keys(results).sort()).toEqual(Object.keys(golden).sort());
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });
});

describe("as printed", () => {
  /** The `count` lines after the one that reads `title`. */
  const after = (title: string, count: number): string[] => {
    expect(lines).toContain(title);
    const first = lines.indexOf(title) + 1;
    return lines.slice(first, first + count);
  };
  const asPython = (grid: string[][]): string[] =>
    grid.map((row) => `   [${row.map((text) => `'${text}'`).join(", ")}]`);

  it("cloning's final position and the point it is compared with", () => {
    expect(lines).toContain(golden.behaviouralCloning.printed);
    expect(lines).toContain("Expert final pos:  (6.00, -0.54)");
  });

  it("the cumulative errors", () => {
    expect(after("Cumulative BC error at different horizons:", 5)).toEqual(
      golden.distributionalShift.printed.map(
        (error, i) => `  T=${10 * (i + 1)}: cumulative error = ${error}`,
      ),
    );
  });

  it("DAgger's rounds", () => {
    expect(after("DAgger average error per round:", 8)).toEqual(
      golden.dagger.printed.map((error, i) => `  Round ${i + 1}: ${error}`),
    );
  });

  it("feature matching's weights and grid", () => {
    expect(lines).toContain("Learned reward weights: [37.194 37.194 36.061]");
    expect(after("Recovered reward grid (normalized):", 5)).toEqual(
      asPython(golden.featureMatching.printedGrid),
    );
  });

  it("maximum entropy's weights and grid", () => {
    expect(lines).toContain("MaxEnt reward weights: [-0.413 -0.289  1.181]");
    expect(after("MaxEnt recovered reward grid (normalized):", 5)).toEqual(
      asPython(golden.maxEnt.printedGrid),
    );
  });
});
