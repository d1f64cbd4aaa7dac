import type { Random } from "../random.ts";
import type { ActionSpace } from "../spaces.ts";

/** Pairs of observation and expert action: what supervised learning learns from. */
export interface Dataset {
  readonly n: number;
  readonly observationSize: number;
  readonly action: ActionSpace;
  /** [n][observationSize] */
  readonly observations: Float64Array;
  /** [n][width] */
  readonly actions: Float64Array;
}

/** Something that acts. It sees observations only, never a world. */
export interface Policy {
  /** Its kind's key in the registry. */
  readonly kind: string;
  /** Writes the action for `observation`. */
  act(observation: Float64Array, action: Float64Array): void;
  /** Writes how probable each action is, where there are a few and it gives each a probability. */
  probabilities?(observation: Float64Array, probabilities: Float64Array): void;
  /**
   * How unfamiliar `observation` is: 1 as before any data, toward 0 as data gathers around it, as far as a
   * policy of bounded size can tell places apart.
   */
  uncertainty(observation: Float64Array): number;
  /** A copy of what {@link uncertainty} knows, on which one may ask "and if this were labelled?". */
  familiarity(): Familiarity;
  /** Where it can learn one pair more, or one less, without being fitted again. */
  readonly incremental?: IncrementalLearner;
  /** Plain JSON, from which the registry's `fromJSON` makes a policy with the same predictions, bit for bit. */
  toJSON(): PolicyJson;
}

/** Learns and unlearns single pairs, in time that does not grow with the data set. */
export interface IncrementalLearner {
  /**
   * Learns one pair: the policy is then as one fitted to all of them at once, up to rounding and to what its kind
   * chooses by all pairs together (inducing points, a scaling).
   */
  add(observation: Float64Array, action: Float64Array): void;
  /**
   * Unlearns one pair that was added.
   * @throws RangeError where no such pair can have been added
   */
  remove(observation: Float64Array, action: Float64Array): void;
}

/** Uncertainty that can be updated with a labelled place, without the label. */
export interface Familiarity {
  uncertainty(observation: Float64Array): number;
  /** From now on counts `observation` as labelled. No place becomes less familiar by it. */
  see(observation: Float64Array): void;
}

export interface PolicyJson {
  readonly kind: string;
  readonly [parameter: string]: unknown;
}

export interface Fit {
  readonly policy: Policy;
  /**
   * Mean loss over the data set, in the units of the action: half squared error, negative
   * log-likelihood (nats, may be below 0) where the policy is a density of continuous actions,
   * cross-entropy (nats) for discrete ones, or half the squared error of their scores where it gives
   * actions scores and no probabilities.
   */
  readonly loss: number;
}

/** A way to learn: an entry of the registry. */
export interface PolicyKind {
  readonly name: string;
  readonly title: string;
  readonly actions: ActionSpace["kind"];
  /** Whether one label more is learned within a second, pair by pair or by fitting again: then it is previewed. */
  readonly learnsAtOnce: boolean;
  /**
   * About how long {@link fit} takes for each pair, microseconds of one core, as measured with 200,000
   * pairs; infinite where the time is not in proportion to the pairs. Whoever shares cores plans by it.
   */
  readonly costAPair: number;
  /**
   * Fits a policy to the data, as a generator that yields the share done, so that whoever runs it
   * may show progress, take a break or stop.
   * @throws RangeError where the data set is empty, not finite or of the wrong kind of action
   */
  fit(dataset: Dataset, random: Random): Generator<number, Fit>;
  fromJSON(json: PolicyJson): Policy;
}

/** Runs a fit to its end. */
export function finish(fit: Generator<number, Fit>, progress?: (share: number) => void): Fit {
  for (;;) {
    const { done, value } = fit.next();
    if (done) return value;
    progress?.(value);
  }
}
