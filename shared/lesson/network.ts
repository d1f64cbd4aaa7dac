import * as z from "zod";
import {
  type Affine,
  activations,
  type DenseLayer,
  type ForeignNetwork,
} from "../policies/foreignNetwork.ts";
import type { World } from "../worlds/world.ts";

/** Networks from elsewhere: which of them a lesson takes, and what is wrong with the others. */

/** Most layers, numbers in one of their rows, and numbers in all: what acts 100,000 times to be measured has to be small. */
const mostLayers = 8;
const widest = 512;
const mostParameters = 20_000;
/** Beyond it, nothing that was trained has a weight. */
const largest = 1e6;
/** A number that varies less is to be left out, not blown up. */
const leastDeviation = 1e-6;
/** Complaints after which nothing is looked at any more. */
const mostComplaints = 10;
/** Characters of a message, which may quote what it is about. */
const longestMessage = 200;

/** What is wrong with a network, in sentences, each with the place that it is about. */
export class BadNetwork extends Error {
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(complaints.join("\n"));
    this.complaints = complaints;
  }
}

/** What is in a list is looked at by {@link problemsOf}, which names its place and takes less time. */
const list = z.array(z.unknown()).readonly();
const row = list as unknown as z.ZodType<readonly number[]>;
const rows = list as unknown as z.ZodType<readonly (readonly number[])[]>;
const affine = z.strictObject({ mean: row, deviation: row });
const layer = z.strictObject({
  weights: rows,
  bias: row,
  activation: z.enum(Object.keys(activations) as (keyof typeof activations)[]).optional(),
});

/** What a request says of a network; {@link problemsOf} says the rest. */
export const network = z.strictObject({
  normalise: affine.optional(),
  layers: z.array(layer).min(1).max(mostLayers).readonly(),
  scale: affine.optional(),
});

/** What a program sent as a network for `world`. @throws BadNetwork */
export function readNetwork(value: unknown, world: World): ForeignNetwork {
  return fitting(accept(network, value), world);
}

/** Why no lesson in `world` can have this network, each reason with its place; nothing where it can. */
export function* problemsOf(
  { normalise, layers, scale }: ForeignNetwork,
  { observationSize, action, name }: World,
): Generator<string> {
  const outputs = action.kind === "discrete" ? action.names.length : action.low.length;
  if (normalise) yield* problemsOfAffine(normalise, "normalise", observationSize, "observed");
  let size = observationSize;
  let parameters = 0;
  for (const [l, each] of layers.entries()) {
    const place = `layers[${l}]`;
    const isLast = l === layers.length - 1;
    const nOut = each.weights.length;
    if (nOut === 0 || nOut > widest)
      return yield `${place}.weights: There are ${nOut} rows; 1 to ${widest} can be.`;
    if (isLast && nOut !== outputs)
      yield `${place}.weights: There are ${nOut} rows, and ${name} takes ${outputs}: ${
        action.kind === "discrete" ? "a score for each action" : "a number for each of an action's"
      }.`;
    yield* problemsOfLayer(each, place, size, l === 0 ? `${name} shows` : "the layer before gives");
    parameters += nOut * (size + 1);
    if (parameters > mostParameters)
      return yield `${place}: With this layer there are ${parameters} weights; ${mostParameters} are the most.`;
    size = nOut;
  }
  if (scale) yield* problemsOfAffine(scale, "scale", outputs, "put out");
}

function* problemsOfLayer(
  { weights, bias }: DenseLayer,
  place: string,
  nIn: number,
  from: string,
): Generator<string> {
  for (const [i, each] of weights.entries())
    yield* problemsOfRow(each, `${place}.weights[${i}]`, nIn, from);
  yield* problemsOfRow(bias, `${place}.bias`, weights.length, "the layer gives");
}

function* problemsOfAffine(
  { mean, deviation }: Affine,
  place: string,
  size: number,
  verb: string,
): Generator<string> {
  yield* problemsOfRow(mean, `${place}.mean`, size, `are ${verb}:`);
  yield* problemsOfRow(deviation, `${place}.deviation`, size, `are ${verb}:`);
  const k = Array.isArray(deviation)
    ? deviation.findIndex((d) => typeof d === "number" && d < leastDeviation)
    : -1;
  if (k >= 0)
    yield `${place}.deviation[${k}]: It is ${deviation[k]}; ${leastDeviation} is the least.`;
}

/** @param from who wants or has so many numbers, before their number */
function* problemsOfRow(
  values: readonly number[],
  place: string,
  size: number,
  from: string,
): Generator<string> {
  if (!Array.isArray(values)) return yield `${place}: It is not a list of numbers.`;
  if (values.length !== size)
    yield `${place}: It has ${values.length} numbers, and ${from} ${size}.`;
  const k = values.slice(0, size).findIndex((value) => !isWeight(value));
  if (k >= 0) yield `${place}[${k}]: It is not a number within ±${largest}.`;
}

function isWeight(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= largest;
}

/** The network as it will be read again, where a lesson in `world` can have it. @throws BadNetwork */
export function fitting(network: ForeignNetwork, world: World): ForeignNetwork {
  const complaints: string[] = [];
  for (const problem of problemsOf(network, world)) {
    complaints.push(problem);
    if (complaints.length === mostComplaints) break;
  }
  if (complaints.length > 0) throw new BadNetwork(complaints);
  // What is stored as JSON has no zero below zero.
  return JSON.parse(JSON.stringify(network));
}

/** What a schema makes of a value as JSON has it. @throws BadNetwork */
export function accept<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const complaints = read.error.issues.slice(0, mostComplaints).map(({ path, message }) => {
    const said = message.slice(0, longestMessage);
    return path.length > 0 ? `${placeOf(path)}: ${said}.` : `${said}.`;
  });
  throw new BadNetwork(complaints);
}

/** As in `layers[0].bias`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) =>
      typeof step === "number" ? `[${step}]` : `${i > 0 ? "." : ""}${String(step)}`,
    )
    .join("");
}
