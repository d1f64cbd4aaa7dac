import { policyKinds } from "../policies/index.ts";
import { queries } from "../queries/index.ts";
import { worlds } from "../worlds/index.ts";
import {
  BadFlags,
  choice,
  file,
  helpLines,
  list,
  number,
  optionsOf,
  type ParsedArguments,
  switchFlag,
  valuesOf,
  whole,
} from "./arguments.ts";
import type { CoverageStudy } from "./coverage.ts";
import { type EnduranceStudy, enduring } from "./endurance.ts";
import type { RecoveryStudy } from "./recovery.ts";
import { mostHeldOut } from "./run.ts";
import type { SetbackStudy } from "./setbacks.ts";
import { commands, type Study } from "./study.ts";
import { running } from "./teaching.ts";

/** The task that the command line asks for, and where its result goes. */
export type LabRequest =
  | StudyRequest
  | RecoveryRequest
  | SetbackRequest
  | EnduranceRequest
  | CoverageRequest
  | ProblemRequest;

export interface StudyRequest {
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

export interface RecoveryRequest {
  readonly task: "recovery";
  readonly study: RecoveryStudy;
  /** Print JSON instead of a table. */
  readonly json: boolean;
  /** File for the figure, or null. */
  readonly figure: string | null;
}

export interface SetbackRequest {
  readonly task: "setbacks";
  readonly study: SetbackStudy;
  /** Print JSON instead of a table. */
  readonly json: boolean;
}

export interface EnduranceRequest {
  readonly task: "endurance";
  readonly study: EnduranceStudy;
  /** Print JSON instead of a table. */
  readonly json: boolean;
}

export interface CoverageRequest {
  readonly task: "coverage";
  readonly study: CoverageStudy;
  /** Print JSON instead of a table. */
  readonly json: boolean;
}

export interface ProblemRequest {
  readonly task: "irl";
  /** File of the problem. */
  readonly problem: string;
  /** File of weights to follow, or null to solve for them. */
  readonly weights: string | null;
}

const names = (of: object) => Object.keys(of).join(", ");
const continuous = Object.fromEntries(
  Object.entries(policyKinds).filter(([, { actions }]) => actions === "continuous"),
);
const firstWorld = Object.keys(worlds)[0]!;
const studyFlags = {
  world: choice(worlds)
    .default(firstWorld)
    .describe(`where to drive (${firstWorld}): ${names(worlds)}`),
  policy: choice(policyKinds)
    .optional()
    .describe(
      `what learns (gaussianProcess; softmax where an action is one of a few): ${names(policyKinds)}`,
    ),
  query: choice(queries)
    .optional()
    .describe(`which states DAgger asks about (every): ${names(queries)}`),
  rounds: whole(1, 200)
    .default(8)
    .describe("policies trained, the first on demonstrations alone (8)"),
  labels: whole(1, 100_000)
    .optional()
    .describe("most labels, the demonstrations' steps included (no limit)"),
  budget: whole(1, 10_000)
    .optional()
    .describe("most questions a round (all; 40 for novel and random)"),
  drives: whole(1, 100).default(1).describe("rollouts a round (1)"),
  demos: whole(1, 100).default(1).describe("demonstrations before the first round (1)"),
  decay: number(0, 1)
    .optional()
    .describe("p of betaMixture's β = p^(round - 1) (0: 1 at first, 0 after)"),
  gust: number(0, Math.PI)
    .optional()
    .describe("how far a gust turns the car on the road, radians (0.5)"),
  horizon: whole(1, 10_000).optional().describe("steps in an episode (the world's own)"),
  noise: number(0, 10).default(0).describe("the expert's noise, as a share of half the range (0)"),
  lag: whole(0, 100).default(0).describe("the expert's reaction lag, in steps (0)"),
  inconsistency: number(0, 10).default(0).describe("how much its episodes differ in style (0)"),
  temperature: number(0, 100).default(0).describe("of the expert's Boltzmann policy (0)"),
  seeds: whole(1, 1000).default(10).describe("independent runs (10)"),
  seed: whole(0, 2 ** 31)
    .default(1)
    .describe("seed of the first run (1)"),
  "held-out": whole(1, mostHeldOut)
    .default(20)
    .describe("held-out episodes, on which policies are scored (20)"),
  validation: whole(1, mostHeldOut)
    .default(20)
    .describe("validation episodes, on which the best policy is chosen (20)"),
  workers: whole(1, 64).optional().describe("threads (one a core); the result is the same"),
  json: switchFlag.describe("print JSON instead of a table"),
  report: file.optional().describe("write a page with plots, all in one file"),
  figure: file.optional().describe("write the first plot as SVG"),
  help: switchFlag.describe("print this"),
};

const recoveryFlags = {
  seeds: whole(1, 1000)
    .default(40)
    .describe("independent grids, each with a reward of its own (40)"),
  seed: studyFlags.seed,
  json: studyFlags.json,
  figure: file.optional().describe("write the plot as SVG"),
};

const coverageFlags = {
  walks: whole(1, 100).default(5).describe("walks shown in a lesson (5)"),
  seeds: whole(1, 1000).default(40).describe("lessons for each taste and player (40)"),
  seed: studyFlags.seed,
  json: studyFlags.json,
};

const setbackFlags = {
  world: choice(running)
    .default(firstWorld)
    .describe(`where to drive (${firstWorld}): ${names(running)}`),
  rounds: whole(1, 200).default(7).describe("rounds of answers, after the clone (7)"),
  seeds: whole(1, 1000).default(40).describe("simulated people (40)"),
  seed: studyFlags.seed,
  json: studyFlags.json,
};

const firstEnduring = Object.keys(enduring)[0]!;
const enduranceFlags = {
  world: choice(enduring)
    .default(firstEnduring)
    .describe(`where to drive (${firstEnduring}): ${names(enduring)}`),
  policy: choice(continuous)
    .default("gaussianProcess")
    .describe(`what learns (gaussianProcess): ${names(continuous)}`),
  rounds: whole(1, 200).default(5).describe("rounds of answers, after the clone (5)"),
  noise: number(0, 10)
    .default(0.1)
    .describe("the person's noise, as a share of half the range (0.1)"),
  lag: whole(0, 5000).default(150).describe("how late the person's hands are, ms (150)"),
  seeds: whole(1, 1000).default(10).describe("simulated people (10)"),
  seed: studyFlags.seed,
  json: studyFlags.json,
};

const problemFlags = {
  weights: file
    .optional()
    .describe("solve nothing; print the policy and visits under the weights in this file"),
};

/** The options of `parseArgs` of node:util for all tasks. */
export const options = optionsOf({
  ...problemFlags,
  ...recoveryFlags,
  ...coverageFlags,
  ...setbackFlags,
  ...enduranceFlags,
  ...studyFlags,
});

/**
 * @returns null where help is asked for
 * @throws BadFlags
 */
export function parse({
  positionals: [command, ...rest],
  values,
}: ParsedArguments): LabRequest | null {
  if ("help" in values || "h" in values) return null;
  const all = [...commands, "recovery", "coverage", "setbacks", "endurance", "irl"];
  if (command === undefined) throw new BadFlags(`Say what to study: ${list(all)}.`);
  const parsed = { positionals: rest, values };
  if (command === "recovery") return recoveryRequest(parsed);
  if (command === "coverage") return coverageRequest(parsed);
  if (command === "setbacks") return setbackRequest(parsed);
  if (command === "endurance") return enduranceRequest(parsed);
  if (command === "irl") return problemRequest(parsed);
  if (isCommand(command)) return studyRequest(command, parsed);
  throw new BadFlags(`There is no study "${command}": choose ${list(all)}.`);
}

function recoveryRequest(parsed: ParsedArguments): RecoveryRequest {
  const { json = false, figure = null, ...study } = valuesOf(recoveryFlags, parsed);
  return { task: "recovery", study, json, figure };
}

function coverageRequest(parsed: ParsedArguments): CoverageRequest {
  const { json = false, ...study } = valuesOf(coverageFlags, parsed);
  return { task: "coverage", study, json };
}

function setbackRequest(parsed: ParsedArguments): SetbackRequest {
  const { json = false, ...study } = valuesOf(setbackFlags, parsed);
  return { task: "setbacks", study, json };
}

function enduranceRequest(parsed: ParsedArguments): EnduranceRequest {
  const { json = false, ...study } = valuesOf(enduranceFlags, parsed);
  return { task: "endurance", study, json };
}

function problemRequest({
  positionals: [problem, ...rest],
  values,
}: ParsedArguments): ProblemRequest {
  if (problem === undefined) {
    throw new BadFlags("Name the file of the problem first: irl PROBLEM.json.");
  }
  const { weights = null } = valuesOf(problemFlags, { positionals: rest, values });
  return { task: "irl", problem, weights };
}

function studyRequest(command: Study["command"], parsed: ParsedArguments): StudyRequest {
  const given = valuesOf(studyFlags, parsed);
  const { json = false, report = null, figure = null, workers = null, help: _, ...study } = given;
  const { "held-out": heldOut, decay, gust = null, labels = null, horizon = null, ...rest } = study;

  const world = worlds[study.world]!;
  const { kind } = world.action;
  const fitting = Object.values(policyKinds).filter(({ actions }) => actions === kind);
  const policy = study.policy ?? (kind === "continuous" ? "gaussianProcess" : "softmax");
  if (!fitting.some(({ name }) => name === policy)) {
    throw new BadFlags(
      `--policy ${policy} is for ${policyKinds[policy]!.actions} actions, which ${world.name} does not have: choose ${list(fitting.map(({ name }) => name))}.`,
    );
  }
  if (gust !== null && !world.inGusts) {
    const windy = Object.values(worlds).filter(({ inGusts }) => inGusts);
    throw new BadFlags(`--gust is for --world ${list(windy.map(({ name }) => name))} alone.`);
  }
  if (command === "clone" && study.query !== undefined) {
    throw new BadFlags("--query is for dagger and shift; clone asks nothing.");
  }
  const query = study.query ?? "every";
  if (decay !== undefined && query !== "betaMixture") {
    throw new BadFlags("--decay is for --query betaMixture.");
  }
  const budget = study.budget ?? (query === "novel" || query === "random" ? 40 : 10_000);
  const options = { policy, query, budget, decay: decay ?? 0, gust, labels, horizon, heldOut };
  return { task: "study", study: { command, ...rest, ...options }, json, report, figure, workers };
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
    ...helpLines(studyFlags),
    "",
    "npm run lab -- recovery [flags]",
    "",
    "  how much a reward recovered from more and more demonstrations is worth",
    "",
    ...helpLines(recoveryFlags),
    "",
    "npm run lab -- coverage [flags]",
    "",
    "  how often the intervals of recovered weights hold the dealt ones",
    "",
    ...helpLines(coverageFlags),
    "",
    "npm run lab -- setbacks [flags]",
    "",
    "  how often a learner is worse after more answers than before them",
    "",
    ...helpLines(setbackFlags),
    "",
    "npm run lab -- endurance [flags]",
    "",
    "  how far learners get before their first fall, with more and more answers",
    "",
    ...helpLines(enduranceFlags),
    "",
    "npm run lab -- irl PROBLEM.json [flags]",
    "",
    "  the reward behind the demonstrations in a file, as JSON (docs/irl.md)",
    "",
    ...helpLines(problemFlags),
    "",
  ].join("\n");
}

function isCommand(word: string): word is Study["command"] {
  return (commands as readonly string[]).includes(word);
}
