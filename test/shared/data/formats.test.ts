import { describe, expect, test } from "vitest";
import type { OutFile } from "../../../shared/data/formats/format.ts";
import { formats } from "../../../shared/data/formats/index.ts";
import { Statistics } from "../../../shared/data/formats/statistics.ts";
import { History } from "../lesson/histories.ts";
import { lessonRecord } from "./lessons.ts";

/** The files of a format, of the lessons whose histories these are. */
async function filesOf(format: string, histories: readonly History[]) {
  const files = new Map<string, { text: string; isClosed: boolean }>();
  const file = (name: string): OutFile => {
    const made = { text: "", isClosed: false };
    expect(files.has(name)).toBe(false);
    files.set(name, made);
    return {
      size: 0,
      write(data) {
        made.text += typeof data === "string" ? data : Buffer.from(data).toString("latin1");
      },
      close() {
        made.isClosed = true;
      },
    };
  };
  const writing = formats[format]!.begin({ file });
  for (const [i, history] of histories.entries())
    await writing.add(await lessonRecord(history, `lesson-${i}`));
  await writing.finish();
  return files;
}

describe("CSV", () => {
  /** The cell in which a note ends up. */
  async function cellOf(text: string): Promise<string> {
    const history = new History("garden");
    history.ask("note", { step: "demonstrate", text });
    const { text: table } = (await filesOf("csv", [history])).get("events.csv")!;
    return table.slice(table.lastIndexOf(",demonstrate,") + ",demonstrate,".length, -1);
  }

  test.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["|calc", "'|calc"],
    ["＝1", "'＝1"],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ["a = b", "a = b"],
    ["1 - 1", "1 - 1"],
    ["so, so", '"so, so"'],
    ['he said "no"', '"he said ""no"""'],
    ["two\nlines", '"two\nlines"'],
  ])("has a note %j as %j", async (text, cell) => {
    expect(await cellOf(text)).toBe(cell);
  });

  test("has a sign where a number is negative, and no apostrophe", async () => {
    const history = new History("path");
    history.show(2000);
    const { text } = (await filesOf("csv", [history])).get("steps-path.csv")!;
    expect(text).toMatch(/,-0\.\d+,/);
    expect(text).not.toContain("'");
  });
});

test.each(Object.keys(formats))(
  "%s has one file for what has the same columns, and closes all",
  async (format) => {
    const histories = ["garden", "garden", "path"].map((world) => {
      const history = new History(world);
      history.show(2000);
      return history;
    });
    const files = await filesOf(format, histories);
    expect(files.size).toBeGreaterThan(2);
    for (const [name, { text, isClosed }] of files) {
      expect(isClosed, name).toBe(true);
      expect(text.length, name).toBeGreaterThan(0);
    }
  },
);

test("statistics are those of the numbers that there are", () => {
  const statistics = new Statistics(3);
  const rows = [
    [1, Number.NaN, Number.NaN],
    [2, 5, Number.NaN],
    [6, 5, Number.NaN],
  ];
  for (const row of rows) statistics.add(row);
  const { mean, std, min, max, count } = statistics.toJSON();
  expect(mean).toEqual([3, 5, 0]);
  expect(std[0]).toBeCloseTo(Math.sqrt(((1 - 3) ** 2 + (2 - 3) ** 2 + (6 - 3) ** 2) / 3), 12);
  expect([std[1], std[2]]).toEqual([0, 0]);
  expect([min, max]).toEqual([
    [1, 5, 0],
    [6, 5, 0],
  ]);
  expect(count).toEqual([3]);
});
