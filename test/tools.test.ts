import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const read = (name: string) => readFileSync(join(import.meta.dirname, "..", name), "utf8");
const { engines } = JSON.parse(read("package.json"));
const { formatter } = JSON.parse(read("biome.json"));

describe("tools are told the same", () => {
  test("of the oldest Node", () => {
    expect(engines.node).toBe(`>=${read(".nvmrc").trim()}`);
  });

  test("of how files look", () => {
    const [, everywhere] = read(".editorconfig").match(/^\[\*\]\n([\s\S]*?)\n\n/m)!;
    const rules = Object.fromEntries(everywhere!.split("\n").map((line) => line.split(" = ")));
    expect(rules).toMatchObject({
      indent_style: formatter.indentStyle,
      indent_size: `${formatter.indentWidth}`,
      max_line_length: `${formatter.lineWidth}`,
    });
  });
});
