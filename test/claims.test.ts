import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { expect, test } from "vitest";
import { figureIn, having, readClaims, withTable } from "../scripts/claims.mjs";
import { options, parse } from "../shared/laboratory/flags.ts";

const page = readFileSync("docs/science.md", "utf8");
const claims = readClaims();

test("the page has the table of all claims, each with a figure", () => {
  expect(withTable(page, claims)).toBe(page);
  for (const { is } of claims) expect(is).toMatch(/\d/);
});

test("each claim's command is one that the laboratory takes", () => {
  for (const { command } of claims) {
    const [script, dashes, ...args] = command.split(" ");
    expect([script, dashes]).toEqual(["lab", "--"]);
    expect(
      parse(parseArgs({ args, options, strict: false, allowPositionals: true })),
    ).not.toBeNull();
  }
});

test("each picture is drawn by a command of its own, and is there", () => {
  const pictures = claims.flatMap(({ picture }) => picture ?? []);
  expect(new Set(pictures).size).toBe(pictures.length);
  for (const picture of pictures) expect(existsSync(`docs/${picture}`)).toBe(true);
  expect(claims.filter(({ picture }) => picture)).not.toEqual([]);
});

test("a figure is found by table, row and column, and nowhere else", () => {
  const output = [
    "A study",
    "",
    "falls a drive",
    "  late by            cloning   DAgger, time stopped",
    "     0 ms   0.03 [0.0, 0.1]        0.04 [0.0, 0.1]",
    "   150 ms   0.94 [0.7, 1.2]        0.05 [0.0, 0.1]",
    "",
    "laps",
    "  late by            cloning",
    "    50 ms   9.75 [8.5, 10.4]",
    "",
  ].join("\n");
  const figure = (table: string, row: string, column: string) =>
    figureIn({ table, row, column }, output);
  expect(figure("falls a drive", "150 ms", "DAgger, time stopped")).toBe("0.05 [0.0, 0.1]");
  expect(figure("laps", "50 ms", "cloning")).toBe("9.75 [8.5, 10.4]");
  expect(figure("laps", "0 ms", "cloning")).toBeNull();
  expect(figure("falls a drive", "50 ms", "cloning")).toBeNull();
  expect(figure("falls a drive", "0 ms", "DART")).toBeNull();
  expect(figure("crashes", "0 ms", "cloning")).toBeNull();
});

test("claims are asked for by a word of what they say or of their command", () => {
  const rest = { table: "", row: "", column: "", is: "1", caveat: "" };
  const claim = (says: string, command: string) => ({ says, command, ...rest });
  const some = [claim("Six teachers", "lab -- pooled"), claim("Late hands", "lab -- lateness")];
  expect(having(some, [])).toEqual(some);
  expect(having(some, ["pooled"])).toEqual([some[0]]);
  expect(having(some, ["late HANDS", "teachers"])).toEqual(some);
  expect(having(some, ["horizon"])).toEqual([]);
});
