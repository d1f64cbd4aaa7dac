import { usualRate } from "../lesson/asking.ts";
import { policyKinds } from "../policies/index.ts";
import { worlds } from "../worlds/index.ts";
import { choice, type Flags, file, number, switchFlag, whole } from "./arguments.ts";
import { askingOutputs, beAsked } from "./asking.ts";
import { cover, coverageOutputs } from "./coverage.ts";
import { enduranceOutputs, endure, enduring } from "./endurance.ts";
import { expertsOutputs, foretellPersons } from "./experts.ts";
import { gardensOutputs, walkInGardens, wished } from "./gardens.ts";
import { latenessOutputs, learnLate, places, windy } from "./lateness.ts";
import { labelTwice, noiseOutputs } from "./noise.ts";
import { classes, pooledOutputs, teachTogether } from "./pooled.ts";
import { foretell, foretold, predictionOutputs } from "./prediction.ts";
import { recover, recoveryOutputs } from "./recovery.ts";
import { setbackOutputs, teach } from "./setbacks.ts";
import { takeOver, takeoverOutputs } from "./takeovers.ts";
import { running } from "./teaching.ts";

/** A study whose runs are short, one after the other, each with a number of its own. */
export interface Experiment<S extends { readonly seeds: number }, R> {
  /** What it finds out, in a line. */
  readonly about: string;
  /** Each a parameter of a study, but for `json` and, where there is a figure, `figure`. */
  readonly flags: Flags;
  /** Run number `index`; the result depends on these two alone. */
  run(study: S, index: number): R;
  /** All runs of a study, told. */
  outputs(study: S, runs: readonly R[]): ExperimentOutputs;
}

export interface ExperimentOutputs {
  readonly text: string;
  readonly json: string;
  /** SVG; without it there is none. */
  readonly figure?: string;
}

const seed = whole(0, 2 ** 31)
  .default(1)
  .describe("seed of the first run (1)");
const json = switchFlag.describe("print JSON instead of a table");
const figure = file.optional().describe("write the plot as SVG");
const noise = number(0, 10)
  .default(0.1)
  .describe("the person's noise, as a share of half the range (0.1)");
const policy = choice(
  Object.fromEntries(
    Object.entries(policyKinds).filter(([, { actions }]) => actions === "continuous"),
  ),
)
  .default("gaussianProcess")
  .describe("what learns, where actions are continuous (gaussianProcess)");
const people = (n: number) => whole(1, 1000).default(n).describe(`simulated people (${n})`);
const where = (of: object, first = Object.keys(of)[0]!) =>
  choice(of)
    .default(first)
    .describe(`where to drive (${first}): ${Object.keys(of).join(", ")}`);

const recovery = {
  about: "how much a reward recovered from more and more demonstrations is worth",
  flags: {
    seeds: whole(1, 1000)
      .default(40)
      .describe("independent grids, each with a reward of its own (40)"),
    seed,
    json,
    figure,
  },
  run: recover,
  outputs: recoveryOutputs,
};

const coverage = {
  about: "how often the intervals of recovered weights hold the dealt ones",
  flags: {
    walks: whole(1, 100).default(5).describe("walks shown in a lesson (5)"),
    seeds: whole(1, 1000).default(40).describe("lessons for each taste and player (40)"),
    seed,
    json,
  },
  run: cover,
  outputs: coverageOutputs,
};

const prediction = {
  about: "how well a recovered reward foretells what somebody does, beside simpler ways",
  flags: {
    world: where(foretold),
    demonstrations: whole(2, 100)
      .default(5)
      .describe("demonstrations in a lesson, each left out in turn (5)"),
    seeds: whole(1, 1000).default(20).describe("lessons by each kind of player (20)"),
    seed,
    json,
  },
  run: foretell,
  outputs: predictionOutputs,
};

const setbacks = {
  about: "how often a learner is worse after more answers than before them",
  flags: {
    world: where(running, Object.keys(worlds)[0]!),
    rounds: whole(1, 200).default(7).describe("rounds of answers, after the clone (7)"),
    seeds: people(40),
    seed,
    json,
  },
  run: teach,
  outputs: setbackOutputs,
};

const endurance = {
  about: "how far learners get before their first fall, with more and more answers",
  flags: {
    world: where(enduring),
    policy,
    rounds: whole(1, 200).default(5).describe("rounds of answers, after the clone (5)"),
    noise,
    lag: whole(0, 5000).default(150).describe("how late the person's hands are, ms (150)"),
    seeds: people(10),
    seed,
    json,
  },
  run: endure,
  outputs: enduranceOutputs,
};

const lateness = {
  about: "what late hands cost, for cloning, noise-injected cloning, and DAgger in two ways",
  flags: {
    world: where(windy),
    policy,
    demonstrated: choice(places)
      .default("gusty")
      .describe("the air that demonstrations are given in (gusty): still, gusty"),
    drives: whole(2, 100)
      .default(4)
      .describe("drives with a label at each step, the first a demonstration (4)"),
    injected: number(0, 10)
      .default(0.5)
      .describe("noise added in the noise-injected demonstrations, of half the range (0.5)"),
    noise,
    seeds: people(10),
    seed,
    json,
    figure,
  },
  run: learnLate,
  outputs: latenessOutputs,
};

const noiseFromRepeats = {
  about: "what questions that come again, and drives steered along with twice, tell of noise",
  flags: {
    world: where(running, Object.keys(worlds)[0]!),
    policy,
    noise,
    inconsistency: number(0, 10)
      .default(0)
      .describe("offset of a round of answers or a drive, of half the range (0)"),
    lag: whole(0, 5000).default(150).describe("how late the person's hands are, ms (150)"),
    questions: whole(5, 1000).default(40).describe("questions, one in five of them again (40)"),
    seeds: people(20),
    seed,
    json,
  },
  run: labelTwice,
  outputs: noiseOutputs,
};

const pooled = {
  about: "one learner for several teachers, who differ, against learners of one each",
  flags: {
    world: where(enduring),
    policy,
    teachers: whole(2, 100).default(6).describe("teachers in a class (6)"),
    hands: choice(classes)
      .default("unlike")
      .describe("hands of those who take care (unlike): unlike, like"),
    careless: whole(0, 100).default(1).describe("of them, whose hands do anything (1)"),
    rounds: whole(1, 200).default(3).describe("rounds of answers, after the clone (3)"),
    seeds: whole(1, 1000).default(10).describe("classes (10)"),
    seed,
    json,
    figure,
  },
  run: teachTogether,
  outputs: pooledOutputs,
};

const takeovers = {
  about: "what to make of takeovers, at as many labels: whose steps count, and who takes the wheel",
  flags: {
    world: where(enduring),
    policy,
    rounds: whole(1, 200).default(4).describe("rounds of drives, after the clone (4)"),
    labels: whole(1, 10_000).default(20).describe("labels of the expert's in a round (20)"),
    rate: number(0.001, 0.5)
      .default(0.1)
      .describe(
        "share of places that a learner who asks for the wheel finds novel, or risky (0.1)",
      ),
    noise,
    seeds: people(10),
    seed,
    json,
  },
  run: takeOver,
  outputs: takeoverOutputs,
};

const asking = {
  about:
    "what it is worth that the learner says when: it asks for the wheel, or has it taken at random",
  flags: {
    world: where(enduring),
    policy,
    rounds: whole(1, 200).default(4).describe("drives under two, after the clone (4)"),
    rate: number(0.01, 0.5)
      .default(usualRate)
      .describe(`share of the steps of a drive that it may ask for (${usualRate})`),
    noise,
    seeds: people(10),
    seed,
    json,
  },
  run: beAsked,
  outputs: askingOutputs,
};

const gardens = {
  about: "where walks tell the most about a wish: in one garden, or in several",
  flags: {
    world: where(wished),
    walks: whole(1, 100).default(4).describe("walks in a lesson (4)"),
    gardens: whole(2, 100).default(5).describe("gardens to choose from (5)"),
    seeds: whole(1, 1000).default(20).describe("lessons with each taste (20)"),
    seed,
    json,
  },
  run: walkInGardens,
  outputs: gardensOutputs,
};

const experts = {
  about:
    "what the others of a class tell about a person: nothing, all, or as much as they are alike",
  flags: {
    world: where(wished),
    people: whole(3, 100).default(8).describe("people in a class, each left out in turn (8)"),
    walks: whole(1, 100).default(4).describe("walks that each of the others showed (4)"),
    seeds: whole(1, 1000).default(20).describe("classes of each kind (20)"),
    seed,
    json,
  },
  run: foretellPersons,
  outputs: expertsOutputs,
};

export const experiments = {
  recovery,
  coverage,
  prediction,
  setbacks,
  endurance,
  lateness,
  noise: noiseFromRepeats,
  pooled,
  takeovers,
  asking,
  gardens,
  experts,
} satisfies Record<string, Experiment<never, unknown>>;

export type ExperimentName = keyof typeof experiments;
