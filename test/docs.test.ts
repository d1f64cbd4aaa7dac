import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const guides = readdirSync(join(root, "docs"))
  .filter((name) => name.startsWith("adding-"))
  .map((name) => join("docs", name));

/** A block of code that names the file it is: a new one, or a change of one that there is. */
interface Block {
  readonly guide: string;
  readonly language: string;
  readonly file: string;
  readonly code: string;
}

const blocks = guides.flatMap((guide): Block[] => {
  const text = readFileSync(join(root, guide), "utf8");
  return [...text.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, language, file, code]) => ({ guide, language: language!, file: file!, code: code! }),
  );
});

/** The project with everything that the guides add to it. */
const copy = copyOfProject();
afterAll(() => rmSync(copy, { recursive: true }));

/** Below the project, so that its packages are found. */
function copyOfProject(): string {
  mkdirSync(join(root, "dist"), { recursive: true });
  const folder = mkdtempSync(join(root, "dist/guides-"));
  for (const name of ["client", "docs", "scripts", "server", "shared", "test", "tsconfig.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const block of blocks) add(folder, block);
  return folder;
}

function add(folder: string, { guide, language, file, code }: Block): void {
  const path = join(folder, file);
  if (language !== "diff") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code, { flag: "wx" });
    return;
  }
  const side = (sign: string) =>
    code
      .split("\n")
      .filter((line) => line[0] === " " || line[0] === sign)
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const parts = readFileSync(path, "utf8").split(side("-"));
  if (parts.length !== 2) throw new Error(`${guide}: ${file} does not have once:\n${side("-")}`);
  writeFileSync(path, parts.join(side("+")));
}

describe("the project with what the guides add", () => {
  test("has an example of each guide, with a line in a registry and a test", () => {
    expect(guides.length).toBeGreaterThanOrEqual(5);
    for (const guide of guides) {
      const own = blocks.filter((block) => block.guide === guide);
      expect(own.some(({ language }) => language === "diff")).toBe(true);
      expect(own.some(({ file }) => file.endsWith(".test.ts"))).toBe(true);
    }
  });

  test("has the right types", () => {
    expect(run("typescript/bin/tsc", "--noEmit", "-p", copy)).toBe("");
  });

  test("is written as the rest is", () => {
    const flags = ["--error-on-warnings", "--vcs-enabled=false", `--config-path=${root}`];
    const files = new Set(blocks.map(({ file }) => join(copy, file)));
    expect(run("@biomejs/biome/bin/biome", "check", ...flags, ...files)).toMatch(
      /^Checked \d+ files/,
    );
  });
});

/** What a program among the packages has to say. */
function run(program: string, ...args: string[]): string {
  const path = join(root, "node_modules", program);
  const { stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: "utf8" });
  return `${stderr}${stdout}`;
}

const tests = blocks.filter(({ language, file }) => language === "ts" && file.endsWith(".test.ts"));
describe.each(tests)("$guide: $file", async ({ file }) => {
  await import(join(copy, file));
});

describe("the import arrows of the project with what the guides add", async () => {
  await import(join(copy, "test/architecture.test.ts"));
});
