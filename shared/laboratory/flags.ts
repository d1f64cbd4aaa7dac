import { policyKinds } from "../policies/index.ts";
import { queries } from "../queries/index.ts";
import { worlds } from "../worlds/index.ts";
import {
  BadFlags,
  choice,
  described,
  type Flags,
  file,
  list,
  nothing,
  number,
  valuesOf,
  whole,
} from "./arguments.ts";
import type { Recovery } from "./recovery.ts";
import { mostHeldOut } from "./run.ts";
import { commands, type Study } from "./study.ts";

/** What was asked for, and where the result goes. */
export type Asked = AskedStudy | AskedRecovery | AskedProblem;

export interface AskedStudy {
  readonly task: "study";
  readonly study: Study;
  /** Print JSON instead of a table. */
  readonly json: boolean;
  /** File for the page, or null. */
  readonly report: string | null;
  /** File for the figure, or null. */
  readonly figure: string | null;
  /** Threads; null for one on each core. The result is the same with any number. */
  readonly workers: number | null;
}

export interface AskedRecovery {
  readonly task: "recovery";
  readonly study: Recovery;
  /** Print JSON instead of a table. */
  readonly json: boolean;
  /** File for the figure, or null. */
  readonly figure: string | null;
}

export interface AskedProblem {
  readonly task: "irl";
  /** File of the problem. */
  readonly problem: string;
  /** File of weights to follow, or null to solve for them. */
  readonly weights: string | null;
}

const studyFlags: Flags = {
  world: { takes: choice(worlds), help: "where to drive (road)" },
  policy: { takes: choice(policyKinds), help: "what learns (fourier; softmax in the garden)" },
  query: { takes: choice(queries), help: "whom DAgger asks about what (every)" },
  rounds: { takes: whole(1, 200), help: "policies trained, the first on demonstrations alone (8)" },
  labels: {
    takes: whole(1, 100_000),
    help: "stop at so many, the demonstrations' steps included (no end)",
  },
  budget: {
    takes: whole(1, 10_000),
    help: "most questions a round (all; 40 for novel and random)",
  },
  drives: { takes: whole(1, 100), help: "roll-outs a round (1)" },
  demos: { takes: whole(1, 100), help: "demonstrations before the first round (1)" },
  decay: {
    takes: number(0, 1),
    help: "p of betaMixture's β = p^(round - 1) (0: 1 at first, 0 after)",
  },
  gust: {
    takes: number(0, Math.PI),
    help: "how far a gust turns the car on the road, radians (0.5)",
  },
  horizon: { takes: whole(1, 10_000), help: "steps in an episode (the world's own)" },
  noise: { takes: number(0, 10), help: "the expert's noise, as a share of half the range (0)" },
  lag: { takes: whole(0, 100), help: "steps that the expert at the wheel lags behind (0)" },
  inconsistency: { takes: number(0, 10), help: "how much its episodes differ in style (0)" },
  temperature: { takes: number(0, 100), help: "of the expert's Boltzmann choice (0)" },
  seeds: { takes: whole(1, 1000), help: "independent runs (10)" },
  seed: { takes: whole(0, 2 ** 31), help: "from which they are drawn (1)" },
  "held-out": { takes: whole(1, mostHeldOut), help: "episodes that a policy is reported on (20)" },
  validation: { takes: whole(1, mostHeldOut), help: "others, to choose the best policy on (20)" },
  workers: { takes: whole(1, 64), help: "threads (one a core); the result is the same" },
  json: { takes: nothing, help: "print JSON instead of a table" },
  report: { takes: file, help: "write a page with plots, all in one file" },
  figure: { takes: file, help: "write the first plot as SVG" },
  help: { takes: nothing, help: "print this" },
};

const recoveryFlags: Flags = {
  seeds: { takes: whole(1, 1000), help: "independent grids, each with a reward of its own (40)" },
  seed: studyFlags.seed!,
  json: studyFlags.json!,
  figure: { takes: file, help: "write the plot as SVG" },
};

const problemFlags: Flags = {
  weights: {
    takes: file,
    help: "solve nothing; print the policy and visits under the weights in this file",
  },
};

/**
 * @param args as typed: the command and its flags
 * @returns null where help is asked for
 * @throws BadFlags
 */
export function parse(args: readonly string[]): Asked | null {
  const [command, ...rest] = args;
  if (args.includes("--help") || args.includes("-h")) return null;
  const all = [...commands, "recovery", "irl"];
  if (command === undefined || command.startsWith("-")) {
    throw new BadFlags(`Say what to study: ${list(all)}.`);
  }
  if (command === "recovery") return askedRecovery(rest);
  if (command === "irl") return askedProblem(rest);
  if (isCommand(command)) return askedStudy(command, rest);
  throw new BadFlags(`There is no study "${command}": choose ${list(all)}.`);
}

function askedRecovery(args: readonly string[]): AskedRecovery {
  const given = valuesOf(recoveryFlags, args);
  return {
    task: "recovery",
    study: { seeds: Number(given.get("seeds") ?? 40), seed: Number(given.get("seed") ?? 1) },
    json: given.has("json"),
    figure: given.get("figure") ?? null,
  };
}

function askedProblem(args: readonly string[]): AskedProblem {
  const [problem = "", ...rest] = args;
  if (problem === "" || problem.startsWith("-")) {
    throw new BadFlags("Name the file of the problem first: irl PROBLEM.json.");
  }
  return { task: "irl", problem, weights: valuesOf(problemFlags, rest).get("weights") ?? null };
}

function askedStudy(command: Study["command"], args: readonly string[]): AskedStudy {
  const given = valuesOf(studyFlags, args);
  const text = (name: string, usual: string) => given.get(name) ?? usual;
  const value = <T>(name: string, usual: T) => (given.has(name) ? Number(given.get(name)) : usual);

  const world = worlds[text("world", Object.keys(worlds)[0]!)]!;
  const { kind } = world.action;
  const fitting = Object.values(policyKinds).filter(({ actions }) => actions === kind);
  const policy = text("policy", kind === "continuous" ? "fourier" : "softmax");
  if (!fitting.some(({ name }) => name === policy)) {
    throw new BadFlags(
      `--policy ${policy} is for ${policyKinds[policy]!.actions} actions, which ${world.name} does not have: choose ${list(fitting.map(({ name }) => name))}.`,
    );
  }
  if (given.has("gust") && !world.inGusts) {
    const windy = Object.values(worlds).filter(({ inGusts }) => inGusts);
    throw new BadFlags(`--gust is for --world ${list(windy.map(({ name }) => name))} alone.`);
  }
  const query = text("query", "every");
  if (command === "clone" && given.has("query")) {
    throw new BadFlags("--query is for dagger and shift; clone asks nothing.");
  }
  if (given.has("decay") && query !== "betaMixture") {
    throw new BadFlags("--decay is for --query betaMixture.");
  }
  const few = query === "novel" || query === "random";
  return {
    task: "study",
    study: {
      command,
      world: world.name,
      policy,
      query,
      rounds: value("rounds", 8),
      labels: value("labels", null),
      budget: value("budget", few ? 40 : 10_000),
      drives: value("drives", 1),
      demos: value("demos", 1),
      seeds: value("seeds", 10),
      seed: value("seed", 1),
      heldOut: value("held-out", 20),
      validation: value("validation", 20),
      gust: value("gust", null),
      horizon: value("horizon", null),
      decay: value("decay", 0),
      noise: value("noise", 0),
      lag: value("lag", 0),
      inconsistency: value("inconsistency", 0),
      temperature: value("temperature", 0),
    },
    json: given.has("json"),
    report: text("report", "") || null,
    figure: text("figure", "") || null,
    workers: value("workers", null),
  };
}

/** What `--help` prints. */
export function help(): string {
  return [
    `npm run lab -- ${commands.join("|")} [flags]`,
    "",
    "  dagger  DAgger round by round, and cloning with as many labels beside it",
    "  clone   cloning alone, with more and more demonstrations",
    "  shift   how the error grows along an episode, for both",
    "",
    ...described(studyFlags),
    "",
    "npm run lab -- recovery [flags]",
    "",
    "  how much a reward recovered from more and more demonstrations is worth",
    "",
    ...described(recoveryFlags),
    "",
    "npm run lab -- irl PROBLEM.json [flags]",
    "",
    "  the reward behind the demonstrations in a file, as JSON (docs/irl.md)",
    "",
    ...described(problemFlags),
    "",
  ].join("\n");
}

function isCommand(word: string): word is Study["command"] {
  return (commands as readonly string[]).includes(word);
}
