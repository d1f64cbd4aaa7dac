import { parseArgs } from "node:util";
import { describe, expect, test } from "vitest";
import { BadFlags } from "../../../shared/laboratory/arguments.ts";
import { help, options, parse } from "../../../shared/laboratory/flags.ts";
import { commandOf } from "../../../shared/laboratory/words.ts";
import { worlds } from "../../../shared/worlds/index.ts";

const theWorlds = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(Object.keys(worlds));

/** Splits a command line as scripts/lab.mjs does. */
const words = (line: string) =>
  parseArgs({
    args: line.split(" ").filter(Boolean),
    options,
    strict: false,
    allowPositionals: true,
  });
const asked = (line: string) => {
  const asked = parse(words(line));
  if (asked?.task !== "study") throw new Error(`${line} is no study`);
  return asked;
};
const complaint = (line: string) => {
  try {
    parse(words(line));
  } catch (error) {
    expect(error).toBeInstanceOf(BadFlags);
    return (error as Error).message;
  }
  throw new Error(`${line} was understood`);
};

describe("the command line", () => {
  test("is parsed into a study", () => {
    const study = asked(
      "dagger --world road --policy mlp --query novel --rounds 3 --seeds=4 --gust 0.7 --lag 2 --json --report a.html",
    );
    expect(study.study).toMatchObject({
      command: "dagger",
      world: "road",
      policy: "mlp",
      query: "novel",
      rounds: 3,
      seeds: 4,
      gust: 0.7,
      lag: 2,
      budget: 40,
    });
    expect(study).toMatchObject({ json: true, report: "a.html", figure: null, workers: null });
  });

  test("chooses a policy that fits the world", () => {
    expect(asked("clone").study).toMatchObject({ world: "fair", policy: "gaussianProcess" });
    expect(asked("clone --world garden").study.policy).toBe("softmax");
  });

  test("recovery and irl have flags of their own", () => {
    expect(parse(words("recovery --seeds 3 --figure a.svg"))).toEqual({
      task: "recovery",
      study: { seeds: 3, seed: 1 },
      json: false,
      figure: "a.svg",
    });
    expect(parse(words("irl a.json"))).toEqual({ task: "irl", problem: "a.json", weights: null });
    expect(parse(words("irl a.json --weights=w.json"))).toMatchObject({ weights: "w.json" });
  });

  test("with --help lists every flag", () => {
    expect(parse(words("--help"))).toBeNull();
    expect(parse(words("dagger -h"))).toBeNull();
    expect(parse(words("dagger --help"))).toBeNull();
    for (const flag of [
      "--world",
      "--held-out",
      "--report",
      "--temperature",
      "--weights",
      "irl PROBLEM.json",
      "recovery",
    ]) {
      expect(help()).toContain(flag);
    }
  });

  test("commandOf makes the same study again", () => {
    for (const line of [
      "dagger --policy mlp --query betaMixture --decay 0.5 --gust 0 --labels 700",
      "shift --world garden --query random --noise 0.1 --inconsistency 0.2 --temperature 1",
      "clone --world path --drives 2 --demos 3 --horizon 20 --held-out 5 --validation 6 --seed 9",
    ]) {
      const { study } = asked(line);
      const again = commandOf(study).replace("npm run lab -- ", "");
      expect(asked(again).study).toEqual(study);
    }
  });
});

describe("a sentence says what would be right for", () => {
  test.each([
    [
      "",
      "Say what to study: dagger, clone, shift, recovery, coverage, prediction, setbacks, endurance, lateness, noise, pooled, takeovers, asking, gardens, experts or irl.",
    ],
    [
      "fly",
      'There is no study "fly": choose dagger, clone, shift, recovery, coverage, prediction, setbacks, endurance, lateness, noise, pooled, takeovers, asking, gardens, experts or irl.',
    ],
    ["dagger --world rod", `--world takes ${theWorlds}, not "rod".`],
    ["dagger --world", `--world takes ${theWorlds}.`],
    ["dagger --rounds 0", '--rounds takes a whole number from 1 to 200, not "0".'],
    ["dagger --rounds 2.5", '--rounds takes a whole number from 1 to 200, not "2.5".'],
    ["dagger --gust strong", '--gust takes a number from 0 to 3.14, not "strong".'],
    ["dagger --seeds=", '--seeds takes a whole number from 1 to 1000, not "".'],
    ["dagger --json=1", "--json takes no value."],
    ["dagger --report --json", '--report takes the name of a file, not "--json".'],
    ["dagger --seed 1 --seed 2", "--seed is given twice."],
    [
      "dagger --world garden --policy softmax --gust 1",
      "--gust is for --world fair, road, by-keys or fair-chicane alone.",
    ],
    ["dagger --decay 0.5", "--decay is for --query betaMixture."],
    [
      "recovery --world road",
      'There is no flag "--world": there are --seeds, --seed, --json and --figure.',
    ],
    ["irl", "Name the file of the problem first: irl PROBLEM.json."],
    ["irl --weights w.json", "Name the file of the problem first: irl PROBLEM.json."],
    ["irl a.json b.json", 'There is no flag "b.json": there is --weights.'],
    ["clone --query novel", "--query is for dagger and shift; clone asks nothing."],
  ])("%s", (line, sentence) => {
    expect(complaint(line)).toBe(sentence);
  });

  test("an unknown flag: all flags", () => {
    expect(complaint("dagger --wurld road")).toMatch(
      /^There is no flag "--wurld": there are --world, .* and --help\.$/,
    );
    expect(complaint("dagger --constructor 1")).toMatch(/^There is no flag "--constructor"/);
  });

  test("a policy that does not fit the world: those that do", () => {
    expect(complaint("dagger --world road --policy softmax")).toMatch(
      /^--policy softmax is for discrete actions, which road does not have: choose .*fourier/,
    );
  });
});
