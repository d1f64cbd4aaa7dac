import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const script = resolve(import.meta.dirname, "../scripts/lab.mjs");
let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lab-"));
  await lab("--help"); // builds it, where that is still to be done
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the laboratory as from a shell in an empty folder. */
function lab(line: string): Promise<Ended> {
  const env = { ...process.env, INIT_CWD: folder };
  return new Promise((done) => {
    execFile(process.execPath, [script, ...line.split(" ")], { env }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const small = "--rounds 2 --seeds 3 --held-out 3 --validation 3";

describe("the laboratory", () => {
  test("prints a table, and nothing else where nobody watches", async () => {
    const { code, stdout, stderr } = await lab(`dagger --world garden ${small}`);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toContain("Cloning, with as many labels");
    expect(stdout).toMatch(/^ +labels +walks that get home/m);
    expect(stdout).toMatch(/^ +returned +\d+ % \[\d+ %, \d+ %\]/m);
  });

  test("gives the same JSON with one thread and with two", async () => {
    const line = `dagger --query takeover --horizon 50 --noise 0.1 ${small} --json`;
    const [one, two] = await Promise.all([lab(`${line} --workers 1`), lab(`${line} --workers 2`)]);
    expect(one.stdout).toBe(two.stdout);
    const result = JSON.parse(one.stdout);
    expect(result.study).toMatchObject({ world: "road", query: "takeover", noise: 0.1 });
    expect(result.dagger.length).toBe(2);
    expect(result.cloning.length).toBe(2);
    expect(result.runs.length).toBe(3);
  });

  test("writes a page and a figure to where it was called from", async () => {
    const { code, stderr } = await lab(
      `clone --world path ${small} --report page.html --figure figure.svg`,
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/https?:\/\//);
    expect(readFileSync(join(folder, "figure.svg"), "utf8")).toMatch(/^<svg /);
  });

  test("answers bad flags with one sentence, the way to all flags, and exit code 2", async () => {
    for (const [line, sentence] of [
      ["dagger --world rod", /^--world takes road, garden or path, not "rod"\.\n/],
      ["fly", /^There is no study "fly": choose dagger, clone or shift\.\n/],
      ["clone --report no/such/folder/a.html", /^There is no folder .*no\/such\/folder/],
    ] as const) {
      const { code, stdout, stderr } = await lab(line);
      expect(code).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toMatch(sentence);
      expect(stderr).toMatch(/lists all flags\.\n$/);
      expect(stderr.trimEnd().split("\n").length).toBe(2);
    }
  });
});
