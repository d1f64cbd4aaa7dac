import { log } from "../arithmetic.ts";
import type { ActionSpace } from "../spaces.ts";
import { check, pair } from "./dataset.ts";
import type { Familiarity, Policy, PolicyJson, PolicyKind } from "./policy.ts";

/** Answers that each action is given before any are counted (Laplace's rule of succession). */
const smoothing = 1;
/** How many labels the prior is worth, where it is asked what is familiar. */
const doubt = 1.5;
/** Pairs between two reports. */
const stride = 64;

/**
 * A table of how often the expert took each action in each observation. It acts greedily, by the first
 * of the most frequent actions; in an observation that is not in the table, it does what was done most
 * over all. Nothing is carried over from one observation to the next, however near.
 */
export const tabular: PolicyKind = {
  name: "tabular",
  title: "Table of counts",
  actions: "discrete",
  learnsAtOnce: true,
  costAPair: 4,

  *fit(dataset) {
    check(dataset, "discrete");
    const { n, observationSize, action } = dataset;
    const nActions = countActions(action);
    const table = new Map<string, Row>();
    for (let i = 0; i < n; i++) {
      const [observation, expert] = pair(dataset, i);
      const key = observation.join();
      let row = table.get(key);
      if (!row) {
        row = { observation, counts: new Array<number>(nActions).fill(0) };
        table.set(key, row);
      }
      row.counts[expert[0]!]!++;
      if (i % stride === stride - 1) yield (i + 1) / n;
    }
    const policy = new TabularPolicy(action, observationSize, [...table.values()]);
    let loss = 0;
    for (const { counts } of table.values()) {
      const total = sum(counts) + smoothing * nActions;
      for (const count of counts) loss -= (count * log((count + smoothing) / total)) / n;
    }
    return { policy, loss };
  },

  fromJSON(json) {
    const { action, observationSize, observations, counts } = json as TabularJson;
    const nActions = countActions(action);
    const n = counts.length / nActions;
    if (!Number.isInteger(n) || observations.length !== n * observationSize) {
      throw new RangeError(
        `${observations.length} numbers of observations and ${counts.length} counts are no table`,
      );
    }
    const rows = Array.from({ length: n }, (_, i) => ({
      observation: Float64Array.from(
        observations.slice(i * observationSize, (i + 1) * observationSize),
      ),
      counts: counts.slice(i * nActions, (i + 1) * nActions),
    }));
    return new TabularPolicy(action, observationSize, rows);
  },
};

interface Row {
  /** [observationSize] */
  readonly observation: Float64Array;
  /** [nActions] */
  readonly counts: number[];
}

interface TabularJson extends PolicyJson {
  readonly action: ActionSpace;
  readonly observationSize: number;
  /** Flat, [rows][observationSize]. */
  readonly observations: readonly number[];
  /** Flat, [rows][nActions]. */
  readonly counts: readonly number[];
}

class TabularPolicy implements Policy {
  readonly kind = "tabular";
  readonly #action: ActionSpace;
  readonly #observationSize: number;
  readonly #rows: readonly Row[];
  readonly #best = new Map<string, number>();
  readonly #bestOverall: number;
  /** Labels for each observation in the table. */
  readonly #seen = new Map<string, number>();

  constructor(action: ActionSpace, observationSize: number, rows: readonly Row[]) {
    this.#action = action;
    this.#observationSize = observationSize;
    this.#rows = rows;
    const overall = new Array<number>(countActions(action)).fill(0);
    for (const { observation, counts } of rows) {
      const key = observation.join();
      this.#best.set(key, highest(counts));
      this.#seen.set(key, sum(counts));
      counts.forEach((count, a) => {
        overall[a]! += count;
      });
    }
    this.#bestOverall = highest(overall);
  }

  act(observation: Float64Array, action: Float64Array): void {
    action[0] = this.#best.get(observation.join()) ?? this.#bestOverall;
  }

  uncertainty(observation: Float64Array): number {
    return doubtAfter(this.#seen, observation);
  }

  familiarity(): Familiarity {
    const seen = new Map(this.#seen);
    return {
      uncertainty: (observation) => doubtAfter(seen, observation),
      see(observation) {
        const key = observation.join();
        seen.set(key, (seen.get(key) ?? 0) + 1);
      },
    };
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.#action,
      observationSize: this.#observationSize,
      observations: this.#rows.flatMap(({ observation }) => [...observation]),
      counts: this.#rows.flatMap(({ counts }) => counts),
    };
  }
}

/** λ / (n + λ) after n labels for an observation: what `softmax` has for a tile. */
function doubtAfter(seen: ReadonlyMap<string, number>, observation: Float64Array): number {
  return doubt / ((seen.get(observation.join()) ?? 0) + doubt);
}

/** Index of the highest count, the first of equals. */
function highest(counts: readonly number[]): number {
  return counts.indexOf(Math.max(...counts));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function countActions(action: ActionSpace): number {
  if (action.kind !== "discrete") throw new RangeError("a table chooses among discrete actions");
  return action.names.length;
}
