import type * as z from "zod";
import type { Demonstration, EvidenceOptions } from "../irl/features.ts";
import { type Mdp, mdp, type Transition } from "../irl/mdp.ts";
import { count } from "../plural.ts";
import {
  demonstrationFaults,
  discountFaults,
  featureFaults,
  sizeFaults,
  startFaults,
  terminalFaults,
  transitionFaults,
} from "./problemFaults.ts";
import {
  BadFile,
  complaintsOf,
  fileSchema,
  numbersSchema,
  type ProblemFile,
  parseJson,
  throwIfAny,
} from "./problemFile.ts";

/** A problem of inverse reinforcement learning: a model, its features and, unless weights are given, demonstrations. */
export interface Problem {
  readonly mdp: Mdp;
  /** [s][k] */
  readonly features: Float64Array;
  readonly nFeatures: number;
  readonly demonstrations: readonly Required<Demonstration>[];
  /** Null for 1 / number of demonstrations. */
  readonly l2: number | null;
  readonly outcomes: NonNullable<EvidenceOptions["outcomes"]>;
  /** Steps of the demonstrations that the model cannot produce; these are left out. */
  readonly impossibleSteps: number;
  /** Parts of the file that are not used, each with its place. */
  readonly warnings: readonly string[];
}

/**
 * Reads a problem, in the format of docs/irl.md, and reports as many faults as it can at once.
 *
 * @param needsDemonstrations whether demonstrations are required
 * @throws BadFile
 */
export function readProblem(text: string, needsDemonstrations: boolean): Problem {
  const data = parseJson(text);
  const issues = fileSchema.safeParse(data, { reportInput: true }).error?.issues ?? [];
  if (issues.some(({ path, code }) => path.length === 0 && code !== "unrecognized_keys")) {
    throw new BadFile(issues.flatMap(complaintsOf));
  }
  const misshapen = new Set(issues.map(({ path }) => path[0]));
  const file = data as ProblemFile; // only its keys without an issue are read
  const fits = (...keys: (keyof ProblemFile)[]) => !keys.some((key) => misshapen.has(key));
  throwIfAny(
    (function* () {
      for (const issue of issues) yield* complaintsOf(issue);
      if (fits("nStates", "features")) yield* featureFaults(file);
      if (fits("nStates", "terminals")) yield* terminalFaults(file);
      if (fits("nStates", "nActions", "transitions", "terminals")) yield* transitionFaults(file);
      if (fits("nStates", "start") && file.start) yield* startFaults(file.start, file);
      if (fits("discount", "horizon")) yield* discountFaults(file);
      if (fits("nStates", "nActions", "horizon")) yield* sizeFaults(file);
      if (fits("nStates", "nActions", "terminals", "horizon", "demonstrations")) {
        yield* demonstrationFaults(file, needsDemonstrations);
      }
    })(),
  );

  const model = modelOf(file);
  const demonstrations = (file.demonstrations ?? []).map((steps) => demonstrationOf(model, steps));
  const warnings = [...terminalTransitionWarnings(file), ...impossibleStepWarnings(demonstrations)];
  const nSteps = demonstrations.reduce((sum, { actions }) => sum + actions.length, 0);
  const impossibleSteps = demonstrations.reduce((sum, { leftOut }) => sum + total(leftOut), 0);
  if (needsDemonstrations && impossibleSteps === nSteps) {
    throw new BadFile([...warnings, "demonstrations: no step is left that the model can produce"]);
  }
  return {
    mdp: model,
    features: Float64Array.from(file.features.flat()),
    nFeatures: file.features[0]!.length,
    demonstrations,
    l2: file.l2 ?? null,
    outcomes: file.outcomes ?? "expected",
    impossibleSteps,
    warnings,
  };
}

/**
 * Reads a list of weights.
 * @returns [k]
 * @throws BadFile
 */
export function readWeights(text: string, nFeatures: number): Float64Array {
  const data = parseJson(text);
  const { error } = numbersSchema.safeParse(data, { reportInput: true });
  if (error) throwIfAny(error.issues.flatMap((issue) => complaintsOf(issue)));
  const weights = data as z.infer<typeof numbersSchema>;
  if (weights.length !== nFeatures) {
    throw new BadFile([`${count(weights.length, "weight")} for ${count(nFeatures, "feature")}`]);
  }
  return Float64Array.from(weights);
}

/** @throws BadFile */
function modelOf({ nStates, nActions, transitions, terminals = [], ...rest }: ProblemFile): Mdp {
  const rows = new Map<number, Transition[]>();
  for (const [s, a, next, probability] of transitions) {
    const row = s * nActions + a;
    const others = rows.get(row);
    if (others) others.push({ next, probability });
    else rows.set(row, [{ next, probability }]);
  }
  const { start, discount, horizon } = rest;
  try {
    return mdp({
      nStates,
      nActions,
      transitions: (s, a) => rows.get(s * nActions + a)!,
      terminals,
      ...(start && { start }),
      discount,
      ...(horizon && { horizon }),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new BadFile([error.message]);
    throw error;
  }
}

function demonstrationOf(
  model: Mdp,
  steps: NonNullable<ProblemFile["demonstrations"]>[number],
): Required<Demonstration> {
  const states = Int32Array.from(steps, ([s]) => s);
  const actions = Int32Array.from(steps.slice(0, -1), ([, a]) => a!);
  const leftOut = Uint8Array.from(actions, (a, t) =>
    mayFollow(model, states[t]!, a, states[t + 1]!) ? 0 : 1,
  );
  return { states, actions, leftOut };
}

function mayFollow({ nActions, offsets, next }: Mdp, s: number, a: number, s2: number): boolean {
  const row = s * nActions + a;
  return next.subarray(offsets[row]!, offsets[row + 1]!).includes(s2);
}

function* impossibleStepWarnings(
  demonstrations: readonly Required<Demonstration>[],
): Generator<string> {
  for (const [n, { states, actions, leftOut }] of demonstrations.entries()) {
    for (let t = 0; t < actions.length; t++) {
      if (!leftOut[t]) continue;
      yield `demonstrations[${n}][${t}]: action ${actions[t]} in state ${states[t]} cannot lead to state ${states[t + 1]}; the step is left out`;
    }
  }
}

/** A warning where there are transitions from terminals, which are not used. */
function terminalTransitionWarnings({ transitions, terminals = [] }: ProblemFile): string[] {
  const ends = new Set(terminals);
  const first = transitions.findIndex(([s]) => ends.has(s));
  if (first < 0) return [];
  const more = transitions.filter(([s]) => ends.has(s)).length - 1;
  const others = more > 0 ? ` and ${more} more like it` : "";
  return [
    `transitions[${first}]${others}: state ${transitions[first]![0]} is a terminal, where an episode ends; left out`,
  ];
}

function total(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}
