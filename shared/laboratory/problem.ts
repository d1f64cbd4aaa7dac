import * as z from "zod";
import type { Demonstration } from "../irl/features.ts";
import { type Mdp, mdp, type Transition } from "../irl/mdp.ts";
import { count } from "../plural.ts";
import { faultOf } from "./json.ts";

/** What a person brings: a model, its features and, unless weights are given, demonstrations. */
export interface Problem {
  readonly mdp: Mdp;
  /** [s][k] */
  readonly features: Float64Array;
  readonly nFeatures: number;
  readonly demonstrations: readonly Required<Demonstration>[];
  /** Null for 1 / number of demonstrations. */
  readonly l2: number | null;
  /** Steps of the demonstrations that the model cannot produce; these are left out. */
  readonly impossibleSteps: number;
  /** What of the file is not used, each with its place. */
  readonly warnings: readonly string[];
}

/** A file is not what it should be; each complaint names its place, in one sentence. */
export class BadFile extends Error {
  readonly complaints: readonly string[];
  constructor(complaints: readonly string[]) {
    super(complaints.join("\n"));
    this.complaints = complaints;
  }
}

/** Complaints about one file, at most. */
const mostComplaints = 10;
/** Probabilities of a policy, at most: 2 GB. */
const mostChoices = 2 ** 28;

// A message says what would have been right.
const from1 = z.int("a whole number from 1").min(1, "a whole number from 1");
const index = z.int("a whole number");
const numbers = z.array(z.number("a finite number"), "a list of numbers");
const shape = z.strictObject(
  {
    nStates: from1,
    nActions: from1,
    transitions: z.array(
      z.tuple(
        [index, index, index, z.number("a finite number")],
        "[state, action, next state, probability]",
      ),
      "a list of [state, action, next state, probability]",
    ),
    features: z.array(numbers, "a list of lists of numbers, one for each state"),
    start: numbers.optional(),
    terminals: z.array(index, "a list of states").optional(),
    discount: z.number("a number in (0, 1]"),
    horizon: from1.optional(),
    demonstrations: z
      .array(
        z.array(
          z.tuple([index, index.optional()], "[state, action], or [state] at the end"),
          "a list of [state, action] that ends with [state]",
        ),
        "a list of demonstrations",
      )
      .optional(),
    l2: z.number("a number from 0").min(0, "a number from 0").optional(),
  },
  "an object",
);
type File = z.infer<typeof shape>;

/**
 * Reads a problem (docs/irl.md says what it looks like) and finds as much of what is wrong with it as
 * it can at once.
 *
 * @param demonstrated whether it is of use only with demonstrations
 * @throws BadFile
 */
export function readProblem(text: string, demonstrated: boolean): Problem {
  const data = parsed(text);
  const issues = shape.safeParse(data, { reportInput: true }).error?.issues ?? [];
  if (issues.some(({ path, code }) => path.length === 0 && code !== "unrecognized_keys")) {
    throw new BadFile(issues.flatMap(complaintsOf));
  }
  const misshapen = new Set(issues.map(({ path }) => path[0]));
  const file = data as File; // of which only keys that are well shaped are looked at
  const fits = (...keys: (keyof File)[]) => !keys.some((key) => misshapen.has(key));
  refuse(
    (function* () {
      for (const issue of issues) yield* complaintsOf(issue);
      if (fits("nStates", "features")) yield* featureFaults(file);
      if (fits("nStates", "terminals")) yield* terminalFaults(file);
      if (fits("nStates", "nActions", "transitions", "terminals")) yield* transitionFaults(file);
      if (fits("nStates", "start") && file.start) yield* startFaults(file.start, file);
      if (fits("discount", "horizon")) yield* discountFaults(file);
      if (fits("nStates", "nActions", "horizon")) yield* sizeFaults(file);
      if (fits("nStates", "nActions", "terminals", "horizon", "demonstrations")) {
        yield* demonstrationFaults(file, demonstrated);
      }
    })(),
  );

  const model = modelOf(file);
  const demonstrations = (file.demonstrations ?? []).map((steps) => demonstrationOf(model, steps));
  const warnings = [...idle(file), ...impossible(demonstrations)];
  const nSteps = demonstrations.reduce((sum, { actions }) => sum + actions.length, 0);
  const impossibleSteps = demonstrations.reduce((sum, { leftOut }) => sum + total(leftOut), 0);
  if (demonstrated && impossibleSteps === nSteps) {
    throw new BadFile([...warnings, "demonstrations: no step is left that the model can produce"]);
  }
  return {
    mdp: model,
    features: Float64Array.from(file.features.flat()),
    nFeatures: file.features[0]!.length,
    demonstrations,
    l2: file.l2 ?? null,
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
  const data = parsed(text);
  const { error } = numbers.safeParse(data, { reportInput: true });
  if (error) refuse(error.issues.flatMap((issue) => complaintsOf(issue)));
  const weights = data as z.infer<typeof numbers>;
  if (weights.length !== nFeatures) {
    throw new BadFile([`${count(weights.length, "weight")} for ${count(nFeatures, "feature")}`]);
  }
  return Float64Array.from(weights);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadFile([faultOf(text)]);
  }
}

/** @throws BadFile where there is any complaint */
function refuse(complaints: Iterable<string>): void {
  const some: string[] = [];
  for (const complaint of complaints) {
    if (some.length === mostComplaints) {
      some.push("There is more after these.");
      break;
    }
    some.push(complaint);
  }
  if (some.length > 0) throw new BadFile(some);
}

function complaintsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(shape.shape).join(", ");
    return issue.keys.map((key) => `there is no key ${JSON.stringify(key)}: there are ${known}`);
  }
  const place = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : key)).join("");
  if (issue.input === undefined) return [`${place} is missing`];
  return [`${place || "the file"} is ${shown(issue.input)}, not ${issue.message}`];
}

function shown(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function within(i: number, n: number): boolean {
  return i >= 0 && i < n;
}

function* featureFaults({ nStates, features }: File): Generator<string> {
  if (features.length !== nStates)
    yield `features has ${count(features.length, "row")} for ${count(nStates, "state")}`;
  const wide = features[0]?.length;
  if (wide === 0) yield "features[0] has no numbers";
  for (let s = 1; s < features.length; s++) {
    const { length } = features[s]!;
    if (length === wide) continue;
    yield `features[${s}] has ${count(length, "number")}, features[0] has ${wide}`;
  }
}

function* terminalFaults({ nStates, terminals = [] }: File): Generator<string> {
  for (const [i, s] of terminals.entries())
    if (!within(s, nStates)) yield `terminals[${i}]: state ${s} is not in [0, ${nStates})`;
}

function* transitionFaults({
  nStates,
  nActions,
  transitions,
  terminals = [],
}: File): Generator<string> {
  const ends = new Set(terminals);
  /** Of each action in each state; NaN, and no further complaint, where a summand is one already. */
  const sums = new Map<number, number>();
  /** States that some action leads on from. */
  const left = new Set<number>();
  for (const [i, [s, a, next, p]] of transitions.entries()) {
    const place = `transitions[${i}]`;
    if (!within(s, nStates)) yield `${place}: state ${s} is not in [0, ${nStates})`;
    if (!within(a, nActions)) yield `${place}: action ${a} is not in [0, ${nActions})`;
    if (!within(next, nStates)) yield `${place}: next state ${next} is not in [0, ${nStates})`;
    const fits = p >= 0 && p <= 1;
    if (!fits) yield `${place}: probability ${p} is not in [0, 1]`;
    if (!within(s, nStates) || !within(a, nActions)) continue;
    left.add(s);
    const row = s * nActions + a;
    sums.set(row, (sums.get(row) ?? 0) + (fits ? p : Number.NaN));
  }
  for (let s = 0; s < nStates; s++) {
    if (ends.has(s)) continue;
    if (!left.has(s)) {
      yield `state ${s} has no transitions and is not among the terminals`;
      continue;
    }
    for (let a = 0; a < nActions; a++) {
      const sum = sums.get(s * nActions + a);
      if (sum === undefined) yield `state ${s}, action ${a}: there is no transition`;
      else if (Math.abs(sum - 1) > slack) {
        yield `state ${s}, action ${a}: probabilities sum to ${tidy(sum)}, not to 1`;
      }
    }
  }
}

function* startFaults(start: readonly number[], { nStates }: File): Generator<string> {
  if (start.length !== nStates)
    yield `start has ${count(start.length, "number")} for ${count(nStates, "state")}`;
  let sum = 0;
  for (const [s, p] of start.entries()) {
    const fits = p >= 0 && p <= 1;
    if (!fits) yield `start[${s}]: probability ${p} is not in [0, 1]`;
    sum += fits ? p : Number.NaN;
  }
  if (Math.abs(sum - 1) > slack) yield `start: probabilities sum to ${tidy(sum)}, not to 1`;
}

function* discountFaults({ discount, horizon }: File): Generator<string> {
  if (!(discount > 0 && discount <= 1)) yield `discount is ${discount}, not a number in (0, 1]`;
  if (discount === 1 && horizon === undefined) {
    yield "discount is 1 over an infinite horizon, where values have no bound: give a horizon or a discount below 1";
  }
}

function* sizeFaults({ nStates, nActions, horizon = 1 }: File): Generator<string> {
  if (horizon * nStates * nActions <= mostChoices) return;
  yield `horizon is ${horizon}, and a policy over it for ${count(nStates, "state")} and ${count(nActions, "action")} has no room in memory`;
}

function* demonstrationFaults(file: File, demonstrated: boolean): Generator<string> {
  const { nStates, nActions, terminals = [], horizon = Number.POSITIVE_INFINITY } = file;
  const { demonstrations } = file;
  if (demonstrated && demonstrations === undefined) yield "demonstrations is missing";
  if (demonstrated && demonstrations?.length === 0) yield "demonstrations is empty";
  const ends = new Set(terminals);
  for (const [n, steps] of (demonstrations ?? []).entries()) {
    const last = steps.length - 1;
    if (last < 0) yield `demonstrations[${n}] is empty`;
    if (last > horizon) {
      yield `demonstrations[${n}] has ${count(last, "step")}, more than the horizon of ${horizon}`;
    }
    for (const [t, [s, a]] of steps.entries()) {
      const place = `demonstrations[${n}][${t}]`;
      if (!within(s, nStates)) yield `${place}: state ${s} is not in [0, ${nStates})`;
      if (a !== undefined && !within(a, nActions))
        yield `${place}: action ${a} is not in [0, ${nActions})`;
      if (a === undefined && t < last) yield `${place} has no action, and more follows`;
      if (a !== undefined && t === last)
        yield `${place} has an action, and no [state] follows that it led to`;
      if (ends.has(s) && t < last) yield `${place}: state ${s} is a terminal, and more follows`;
    }
  }
}

/** How far a sum of probabilities may be from one; see `mdp`. */
const slack = 1e-9;

/** Without the last digits, which are rounding. */
function tidy(sum: number): number {
  return Number(sum.toPrecision(12));
}

/** @throws BadFile */
function modelOf({ nStates, nActions, transitions, terminals = [], ...rest }: File): Mdp {
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
  steps: NonNullable<File["demonstrations"]>[number],
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

function* impossible(demonstrations: readonly Required<Demonstration>[]): Generator<string> {
  for (const [n, { states, actions, leftOut }] of demonstrations.entries()) {
    for (let t = 0; t < actions.length; t++) {
      if (!leftOut[t]) continue;
      yield `demonstrations[${n}][${t}]: action ${actions[t]} in state ${states[t]} cannot lead to state ${states[t + 1]}; the step is left out`;
    }
  }
}

/** A model written out in full may have transitions from terminals too. */
function idle({ transitions, terminals = [] }: File): string[] {
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
