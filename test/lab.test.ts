import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  test("prints only a table without a terminal", async () => {
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
    expect(result.study).toMatchObject({ world: "fair", query: "takeover", noise: 0.1 });
    expect(result.dagger.length).toBe(2);
    expect(result.cloning.length).toBe(2);
    expect(result.runs.length).toBe(3);
  });

  test("writes a page and a figure relative to the caller's folder", async () => {
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

  test("answers bad flags with one sentence, a hint at --help and exit code 2", async () => {
    for (const [line, sentence] of [
      ["dagger --world rod", /^--world takes fair, road, .* or \w+, not "rod"\.\n/],
      [
        "fly",
        /^There is no study "fly": choose dagger, clone, shift, recovery, coverage, prediction, setbacks, endurance, lateness, noise, pooled, takeovers, asking, gardens, experts or irl\.\n/,
      ],
      ["irl", /^Name the file of the problem first: irl PROBLEM\.json\.\n/],
      ["recovery --world road", /^There is no flag "--world": there are --seeds/],
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

describe("a problem from a file", () => {
  const example = resolve(import.meta.dirname, "../docs/irl-problem.json");
  const { features, horizon, demonstrations } = JSON.parse(readFileSync(example, "utf8"));
  const [mud, flowers, home] = [0, 1, 2];
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  test("is solved: with outcomes as observed, the example's features are matched, up to the prior", async () => {
    const problem = { ...JSON.parse(readFileSync(example, "utf8")), outcomes: "observed" };
    writeFileSync(join(folder, "observed.json"), JSON.stringify(problem));
    const { code, stdout, stderr } = await lab("irl observed.json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const solution = JSON.parse(stdout);
    const { weights, intervals, visitation, expertFeatures, learnerFeatures } = solution;
    const expert = [mud, flowers, home].map(
      (k) =>
        sum(demonstrations.map((steps: number[][]) => sum(steps.map(([s]) => features[s!][k])))) /
        demonstrations.length,
    );
    expect(solution.gradientNorm).toBeLessThan(1e-6);
    expect(sum(visitation)).toBeCloseTo(horizon + 1, 9);
    expect(weights[mud]).toBeLessThan(0);
    expect(weights[flowers]).toBeGreaterThan(0);
    expect(weights[home]).toBeGreaterThan(0);
    weights.forEach((w: number, k: number) => {
      expect(expertFeatures[k]).toBeCloseTo(expert[k]!, 9);
      expect(learnerFeatures[k]).toBeCloseTo(expert[k]! - w / demonstrations.length, 5);
      expect(intervals[k][0]).toBeLessThan(w);
      expect(intervals[k][1]).toBeGreaterThan(w);
    });
    expect(solution).toMatchObject({ impossibleSteps: 0, undetermined: [] });
    expect(solution.ms).toBeGreaterThanOrEqual(0);
  });

  test("prints the output in the documentation", async () => {
    const text = readFileSync(resolve(example, "../irl.md"), "utf8");
    const shown = JSON.parse(/```json\n(\{\n {2}"weights"[\s\S]*?)```/.exec(text)![1]!);
    const { ms, ...printed } = JSON.parse((await lab(`irl ${example}`)).stdout);
    expect(Object.keys(shown)).toEqual([...Object.keys(printed), "ms"]);
    for (const [key, value] of Object.entries(printed)) {
      if (key === "gradientNorm" || key === "iterations") continue; // rounding decides
      const flat = [value].flat(2) as number[];
      [shown[key]].flat(2).forEach((number: number, i: number) => {
        expect(number, `${key} ${i}`).toBeCloseTo(flat[i]!, 2);
      });
    }
  });

  test("with weights is not solved, and needs no demonstrations", async () => {
    const { demonstrations: _, ...rest } = JSON.parse(readFileSync(example, "utf8"));
    write("model.json", rest);
    write("weights.json", [0, 0, 0]);
    const { code, stdout } = await lab("irl model.json --weights weights.json");
    expect(code).toBe(0);
    const { policy, visitation, reward } = JSON.parse(stdout);
    expect(policy.length).toBe(horizon);
    for (const row of policy.flat()) for (const p of row) expect(p).toBeCloseTo(1 / 4, 12);
    expect(sum(visitation)).toBeCloseTo(horizon + 1, 9);
    expect(reward).toEqual(features.map(() => 0));
  });

  test("that is wrong gives a complaint for each place and exit code 2", async () => {
    const file = JSON.parse(readFileSync(example, "utf8"));
    write("wrong.json", { ...file, discount: 2, features: features.with(2, [0]) });
    write("weights.json", [0, 0]);
    write("large.json", [1e308, 1e308, 1e308]);
    write("doubled.json", { ...file, features: features.map((row: number[]) => row.map(() => 1)) });
    writeFileSync(join(folder, "text.json"), '{ "nStates": NaN }');
    for (const [line, ...sentences] of [
      [
        "irl wrong.json",
        "wrong.json: features[2] has 1 number, features[0] has 3",
        "wrong.json: discount is 2, not a number in (0, 1]",
      ],
      ["irl text.json", 'text.json: line 1, column 14: "NaN" is no JSON here'],
      ["irl nowhere.json", "nowhere.json: there is no such file"],
      ["irl doubled.json --weights large.json", "large.json: reward is finite"],
      [`irl ${example} --weights weights.json`, "weights.json: 2 weights for 3 features"],
    ] as const) {
      const { code, stdout, stderr } = await lab(line);
      expect(stderr.trimEnd().split("\n")).toEqual(sentences);
      expect(stdout).toBe("");
      expect(code).toBe(2);
    }
  });

  test("with an impossible step is solved without it, with a warning", async () => {
    const file = JSON.parse(readFileSync(example, "utf8"));
    const [first, ...others] = file.demonstrations;
    write("jump.json", { ...file, demonstrations: [first.with(1, [15, 0]), ...others] });
    const { code, stdout, stderr } = await lab("irl jump.json");
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^jump\.json: demonstrations\[0\]\[0\]: action \d in state 0 cannot lead to state 15; /,
    );
    expect(JSON.parse(stdout).impossibleSteps).toBe(2);
  });
});

test("a study of recovery writes its figure, and prints JSON", async () => {
  const { code, stdout, stderr } = await lab("recovery --seeds 2 --json --figure recovery.svg");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(JSON.parse(stdout).runs.length).toBe(2);
  expect(readFileSync(join(folder, "recovery.svg"), "utf8")).toMatch(/^<svg /);
});
