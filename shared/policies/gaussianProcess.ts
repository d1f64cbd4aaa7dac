import type { ActionSpace } from "../spaces.ts";
import { clip, width } from "../spaces.ts";
import { check, halfSquaredError, meanLoss, pair } from "./dataset.ts";
import { Gram } from "./gram.ts";
import { choose, InducingPoints } from "./inducing.ts";
import { ridge, writeKernel } from "./kernel.ts";
import type {
  Dataset,
  Familiarity,
  IncrementalLearner,
  Policy,
  PolicyJson,
  PolicyKind,
} from "./policy.ts";
import { Precision } from "./precision.ts";

/** Most inducing points of a fit. */
const mostChosen = 256;
/** Most inducing points there are when labels have come one by one after it: about as many as one may be asked. */
const most = 448;
/** How many labels back one can be taken back to the last bit. */
const mostUndone = 32;
/** Pairs between two reports of progress. */
const stride = 64;

/**
 * A Gaussian process with the kernel that `fourier` approximates and the noise that it takes: nothing
 * is drawn, so that the same pairs give the same policy. Where the pairs are at no more different places than
 * there are inducing points, it is exact but for rounding and for places so near each other that they are taken
 * for one (Rasmussen & Williams 2006, §2.2). Beyond that it knows the function at those of which the others say
 * least, and takes all pairs for what they say about it there; the variance that this leaves elsewhere stays in
 * its uncertainty (the deterministic training conditional: Quiñonero-Candela & Rasmussen 2005, §5). So a label,
 * an action and the policy's JSON cost no more after 100,000 labels than after 500.
 *
 * Labels that come one by one make inducing points of their own places while there is room. What is learned at
 * a new place after that is learned by the next fit only, which chooses anew.
 */
export const gaussianProcess: PolicyKind = {
  name: "gaussianProcess",
  title: "Gaussian process",
  actions: "continuous",
  learnsAtOnce: true,
  costAPair: 200,

  *fit(dataset) {
    check(dataset, "continuous");
    const policy = yield* posterior(dataset);
    return { policy, loss: meanLoss(dataset, (...one) => policy.loss(...one)) };
  },

  fromJSON(json) {
    const { action, observationSize, points: flat, moments, precision } = json as ProcessJson;
    const size = flat.length / observationSize;
    if (!(Number.isInteger(size) && size <= most)) {
      throw new RangeError(`${flat.length} numbers are no inducing points`);
    }
    if (moments.length !== width(action) * size) {
      throw new RangeError(`there are ${width(action) * size} moments, not ${moments.length}`);
    }
    const points = new InducingPoints(observationSize, most);
    const all = Float64Array.from(flat);
    points.addChosen(
      Array.from({ length: size }, (_, i) =>
        all.subarray(i * observationSize, (i + 1) * observationSize),
      ),
    );
    return new GaussianProcess(
      action,
      points,
      new Precision(points.size, ridge, precision),
      Array.from({ length: width(action) }, (_, k) =>
        Float64Array.from(moments.slice(k * size, (k + 1) * size)),
      ),
    );
  },
};

/**
 * The process that knows these pairs; of no pairs it is the prior, whose mean is zero. Yields the share done.
 * @param dataset one that `check` lets pass, but for being empty
 */
export function* posterior(dataset: Dataset): Generator<number, GaussianProcess> {
  const { n, observationSize, observations, action } = dataset;
  const choosing = choose(observations, observationSize, mostChosen);
  let step = choosing.next();
  for (; !step.done; step = choosing.next()) yield step.value / 2;

  const points = new InducingPoints(observationSize, most);
  points.addChosen(step.value.map((i) => pair(dataset, i)[0]));
  const gram = new Gram(points.size, width(action));
  for (let i = 0; i < n; i++) {
    const [observation, target] = pair(dataset, i);
    gram.add(points.of(observation), target);
    if (i % stride === stride - 1) yield (1 + (i + 1) / n) / 2;
  }
  const { precision, moments } = gram.finish(ridge);
  return new GaussianProcess(action, points, precision, moments);
}

interface ProcessJson extends PolicyJson {
  readonly action: ActionSpace;
  readonly observationSize: number;
  /** Flat, [points][observationSize]. */
  readonly points: readonly number[];
  /** Flat, [width][points]. */
  readonly moments: readonly number[];
  readonly precision: readonly number[];
}

/** What is known about the function at the inducing points. */
interface Knowledge {
  readonly precision: Precision;
  /** [width] of [points]: see {@link Precision.addTarget} */
  readonly moments: readonly Float64Array[];
}

/** A pair that was added. */
interface Addition {
  readonly observation: Float64Array;
  readonly action: Float64Array;
  /** Inducing points there were with it. */
  readonly size: number;
  /** What was known before; null where many others were added after it. */
  before: Knowledge | null;
}

export class GaussianProcess implements Policy, IncrementalLearner {
  readonly kind = "gaussianProcess";
  readonly #action: ActionSpace;
  readonly #points: InducingPoints;
  #knowledge: Knowledge;
  /** Inducing points before any pair was added. */
  readonly #fitted: number;
  /** All pairs that were added, the last of them last. */
  readonly #added: Addition[] = [];
  /** [width] of [points], for the kernel's values; null until they are asked for after a change. */
  #weights: readonly Float64Array[] | null = null;
  /** The kernel's values at the place that was asked for last. */
  readonly #similarities = new Float64Array(most);

  constructor(
    action: ActionSpace,
    points: InducingPoints,
    precision: Precision,
    moments: readonly Float64Array[],
  ) {
    this.#action = action;
    this.#points = points;
    this.#knowledge = { precision, moments };
    this.#fitted = precision.size;
  }

  get incremental(): IncrementalLearner {
    return this;
  }

  /** @throws RangeError where it is no pair that can be learned from */
  add(observation: Float64Array, action: Float64Array): void {
    const { observationSize } = this.#points;
    const one = { n: 1, observationSize, action: this.#action };
    check({ ...one, observations: observation, actions: action }, "continuous");
    const before = this.#knowledge;
    const precision = seen(this.#points, before.precision, observation);
    const moments = before.moments.map((known, k) => {
      const row = new Float64Array(precision.size);
      row.set(known);
      precision.addTarget(row, action[k]!);
      return row;
    });
    this.#know({ precision, moments });

    const { size } = precision;
    const [copy, answer] = [observation.slice(), action.slice()];
    this.#added.push({ observation: copy, action: answer, size, before });
    const old = this.#added.at(-1 - mostUndone);
    if (old) old.before = null;
  }

  remove(observation: Float64Array, action: Float64Array): void {
    const at = this.#added.findLastIndex(
      (added) => same(added.observation, observation) && same(added.action, action),
    );
    const addition = this.#added[at];
    if (addition?.before) {
      const later = this.#added.splice(at).slice(1);
      this.#points.truncate(addition.before.precision.size);
      this.#know(addition.before);
      for (const pair of later) this.add(pair.observation, pair.action);
      return;
    }
    const precision = this.#knowledge.precision.copy();
    // When it came, there were no other points than these.
    const features = this.#points.of(observation).fill(0, addition?.size ?? this.#fitted);
    precision.remove(features);
    const moments = this.#knowledge.moments.map((known, k) => {
      const row = known.slice();
      precision.removeTarget(row, action[k]!);
      return row;
    });
    this.#know({ precision, moments });
    if (addition) this.#added.splice(at, 1);
    // What was known before the others were added was known with this one.
    for (const other of this.#added) other.before = null;
  }

  act(observation: Float64Array, action: Float64Array): void {
    this.#predict(observation, action);
    clip(this.#action, action);
  }

  uncertainty(observation: Float64Array): number {
    return variance(this.#points, this.#knowledge.precision, observation);
  }

  familiarity(): Familiarity {
    const points = this.#points.copy();
    let precision = this.#knowledge.precision;
    return {
      uncertainty: (observation) => variance(points, precision, observation),
      see: (observation) => {
        precision = seen(points, precision, observation);
      },
    };
  }

  /** Half the squared error of one pair, before the action is clipped. */
  loss(observation: Float64Array, action: Float64Array): number {
    const predicted = new Float64Array(action.length);
    this.#predict(observation, predicted);
    return halfSquaredError(predicted, action);
  }

  toJSON(): PolicyJson {
    const { precision, moments } = this.#knowledge;
    return {
      kind: this.kind,
      action: this.#action,
      observationSize: this.#points.observationSize,
      points: [...this.#points.points],
      moments: moments.flatMap((row) => [...row]),
      precision: [...precision.triangle],
    };
  }

  #know(knowledge: Knowledge): void {
    this.#knowledge = knowledge;
    this.#weights = null;
  }

  #predict(observation: Float64Array, action: Float64Array): void {
    this.#weights ??= weightsOf(this.#points, this.#knowledge);
    const values = this.#similarities;
    const { size } = this.#points;
    writeKernel(observation, this.#points.points, size, values);
    for (let k = 0; k < action.length; k++) {
      const row = this.#weights[k]!;
      let sum = 0;
      for (let i = 0; i < size; i++) sum += row[i]! * values[i]!;
      action[k] = sum;
    }
  }
}

/** What is known once `observation` is labelled; it becomes an inducing point where it can be one. */
function seen(points: InducingPoints, precision: Precision, observation: Float64Array): Precision {
  const next = points.add(observation) ? precision.grown() : precision.copy();
  next.add(points.of(observation));
  return next;
}

/** The posterior variance of the function, where its prior variance is 1. */
function variance(points: InducingPoints, precision: Precision, observation: Float64Array): number {
  const known = precision.variance(points.of(observation));
  return Math.min(1, points.left + known);
}

/** The mean's weights, one row for each number of the action. */
function weightsOf(points: InducingPoints, { precision, moments }: Knowledge): Float64Array[] {
  return moments.map((row) => {
    const weights = new Float64Array(precision.size);
    precision.solve(row, weights);
    points.toKernel(weights);
    return weights;
  });
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
