import { policyKinds } from "../policies/index.ts";
import { queries } from "../queries/index.ts";
import { worlds } from "../worlds/index.ts";
import { mostHeldOut } from "./run.ts";
import { commands, type Study } from "./study.ts";

/** What was asked for: a study and where its result goes, or help. */
export interface Asked {
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

/** The flags cannot be followed; the message is a sentence for whoever typed them. */
export class BadFlags extends Error {}

interface Flag {
  readonly help: string;
  /** A number from `least` to `most`, one of `choices`, or any text. */
  readonly takes:
    | { readonly kind: "whole" | "number"; readonly least: number; readonly most: number }
    | { readonly kind: "choice"; readonly choices: readonly string[] }
    | { readonly kind: "file" }
    | { readonly kind: "nothing" };
}

const whole = (least: number, most: number) => ({ kind: "whole", least, most }) as const;
const number = (least: number, most: number) => ({ kind: "number", least, most }) as const;
const choice = (of: object) => ({ kind: "choice", choices: Object.keys(of) }) as const;

const flags: Readonly<Record<string, Flag>> = {
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
  json: { takes: { kind: "nothing" }, help: "print JSON instead of a table" },
  report: { takes: { kind: "file" }, help: "write a page with plots, all in one file" },
  figure: { takes: { kind: "file" }, help: "write the first plot as SVG" },
  help: { takes: { kind: "nothing" }, help: "print this" },
};

const names = Object.keys(flags).map((name) => `--${name}`);

/**
 * @param args as typed: the command and its flags
 * @returns null where help is asked for
 * @throws BadFlags
 */
export function parse(args: readonly string[]): Asked | null {
  const [command, ...rest] = args;
  if (args.includes("--help") || args.includes("-h")) return null;
  if (command === undefined || command.startsWith("-")) {
    throw new BadFlags(`Say what to study: ${list(commands)}.`);
  }
  if (!isCommand(command)) {
    throw new BadFlags(`There is no study "${command}": choose ${list(commands)}.`);
  }
  const given = valuesOf(rest);
  const text = (name: string, usual: string) => (given.get(name) as string) ?? usual;
  const value = <T>(name: string, usual: T) => (given.has(name) ? Number(given.get(name)) : usual);

  const world = worlds[text("world", "road")]!;
  const { kind } = world.action;
  const fitting = Object.values(policyKinds).filter(({ actions }) => actions === kind);
  const policy = text("policy", kind === "continuous" ? "fourier" : "softmax");
  if (!fitting.some(({ name }) => name === policy)) {
    throw new BadFlags(
      `--policy ${policy} is for ${policyKinds[policy]!.actions} actions, which ${world.name} does not have: choose ${list(fitting.map(({ name }) => name))}.`,
    );
  }
  if (given.has("gust") && world.name !== "road") {
    throw new BadFlags("--gust is for --world road; no other world has wind.");
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
  const width = Math.max(...names.map((name) => name.length));
  return [
    `npm run lab -- ${commands.join("|")} [flags]`,
    "",
    "  dagger  DAgger round by round, and cloning with as many labels beside it",
    "  clone   cloning alone, with more and more demonstrations",
    "  shift   how the error grows along an episode, for both",
    "",
    ...Object.entries(flags).map(
      ([name, { help, takes }]) =>
        `  ${`--${name}`.padEnd(width)}  ${help}${takes.kind === "choice" ? `: ${takes.choices.join(", ")}` : ""}`,
    ),
    "",
  ].join("\n");
}

/** The flags in `args`, each checked on its own. */
function valuesOf(args: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const [, name = "", attached] = /^--([^=]*)(?:=(.*))?$/s.exec(args[i]!) ?? [];
    const flag = Object.hasOwn(flags, name) ? flags[name]! : null;
    if (!flag)
      throw new BadFlags(`There is no flag "${args[i]}": there are ${list(names, "and")}.`);
    if (values.has(name)) throw new BadFlags(`--${name} is given twice.`);
    if (flag.takes.kind === "nothing") {
      if (attached !== undefined) throw new BadFlags(`--${name} takes no value.`);
      values.set(name, "");
      continue;
    }
    const value = attached ?? args[++i];
    const complaint = complain(value, flag.takes);
    if (complaint) {
      throw new BadFlags(
        `--${name} takes ${complaint}${value === undefined ? "" : `, not "${value}"`}.`,
      );
    }
    values.set(name, value!);
  }
  return values;
}

/** What would have been right, or null where `value` is. */
function complain(value: string | undefined, takes: Flag["takes"]): string | null {
  switch (takes.kind) {
    case "nothing":
      return null;
    case "file":
      return value && !value.startsWith("--") ? null : "the name of a file";
    case "choice":
      return takes.choices.includes(value ?? "") ? null : list(takes.choices);
    default: {
      const { kind, least, most } = takes;
      const number = value?.trim() ? Number(value) : Number.NaN;
      const right = number >= least && number <= most && (kind === "number" || number % 1 === 0);
      const range = `from ${least} to ${Number.isInteger(most) ? most : most.toFixed(2)}`;
      return right ? null : `a ${kind === "whole" ? "whole " : ""}number ${range}`;
    }
  }
}

function isCommand(word: string): word is Study["command"] {
  return (commands as readonly string[]).includes(word);
}

function list(words: readonly string[], last = "or"): string {
  return words.length < 2
    ? words.join()
    : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
