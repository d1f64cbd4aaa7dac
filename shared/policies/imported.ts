import { exp } from "../arithmetic.ts";
import { type ActionSpace, clip, width } from "../spaces.ts";
import { check, halfSquaredError, meanLoss, pair } from "./dataset.ts";
import { type ForeignNetwork, ForwardPass } from "./foreignNetwork.ts";
import { type GaussianProcess, gaussianProcess, posterior } from "./gaussianProcess.ts";
import type {
  Dataset,
  Familiarity,
  IncrementalLearner,
  Policy,
  PolicyJson,
  PolicyKind,
} from "./policy.ts";

/**
 * A network that was trained elsewhere, and what it is corrected by. The network stays as it came; the pairs
 * are learned by a Gaussian process whose prior mean it is (Rasmussen & Williams 2006, §2.7): where nothing is
 * near, the network acts, and near a label the label does. So nothing that it can do is forgotten, nothing is drawn,
 * and without a pair it is the network itself. Where it was trained on a pair, nothing is missing from it: the process
 * knows the place, and that what the network does there stays.
 *
 * Of discrete actions the process is over a score for each: the network's probabilities, and what is missing
 * from them to 1 for the label and 0 for the others (least-squares classification: ibid., §6.5). The highest score acts.
 */
export const imported = {
  name: "imported",
  title: "Network from elsewhere",
  learnsAtOnce: true,
  costAPair: 200,

  /**
   * The kind of policy that begins with `network` and learns what differs from it.
   * @param isKnown whether the network was trained on pair number `i` of a data set
   * @throws RangeError where the network is none for these actions
   */
  correcting(
    network: ForeignNetwork,
    action: ActionSpace,
    isKnown: (i: number) => boolean = () => false,
  ): PolicyKind {
    const base = new Base(network, action);
    const { name, title, learnsAtOnce, costAPair } = imported;
    return {
      name,
      title,
      actions: action.kind,
      learnsAtOnce,
      costAPair,

      *fit(dataset) {
        if (dataset.n > 0) check(dataset, action.kind);
        const missing = yield* posterior(base.residuals(dataset, isKnown));
        const policy = new CorrectedNetwork(base, missing);
        const loss = (observation: Float64Array, done: Float64Array) =>
          halfSquaredError(policy.scores(observation), base.target(done));
        return { policy, loss: dataset.n === 0 ? 0 : meanLoss(dataset, loss) };
      },

      fromJSON: imported.fromJSON,
    };
  },

  fromJSON(json: PolicyJson): Policy {
    const { action, network, missing } = json as ImportedJson;
    const base = new Base(network, action);
    return new CorrectedNetwork(base, gaussianProcess.fromJSON(missing) as GaussianProcess);
  },
} as const;

interface ImportedJson extends PolicyJson {
  readonly action: ActionSpace;
  readonly network: ForeignNetwork;
  /** Of the process over what is missing. */
  readonly missing: PolicyJson;
}

/** The network by itself, as scores: the action where it is continuous, else a score for each. */
class Base {
  readonly network: ForeignNetwork;
  readonly action: ActionSpace;
  /** In which the missing scores are. */
  readonly missing: ActionSpace;
  readonly #pass: ForwardPass;

  constructor(network: ForeignNetwork, action: ActionSpace) {
    this.network = network;
    this.action = action;
    this.#pass = new ForwardPass(network);
    const size = action.kind === "discrete" ? action.names.length : width(action);
    if (this.#pass.nOutputs !== size)
      throw new RangeError(`the network puts out ${this.#pass.nOutputs} numbers, not ${size}`);
    this.missing =
      action.kind === "discrete"
        ? { kind: "continuous", low: Array(size).fill(-1), high: Array(size).fill(1) }
        : {
            kind: "continuous",
            low: action.low.map((low, k) => low - action.high[k]!),
            high: action.high.map((high, k) => high - action.low[k]!),
          };
  }

  /** The network's own scores; overwritten by the next call. */
  scores(observation: Float64Array): Float64Array {
    const scores = this.#pass.of(observation);
    if (this.action.kind === "continuous") clip(this.action, scores);
    else toProbabilities(scores);
    return scores;
  }

  /** The scores of somebody who does this. */
  target(action: Float64Array): Float64Array {
    if (this.action.kind === "continuous") return action;
    const scores = new Float64Array(this.action.names.length);
    scores[action[0]!] = 1;
    return scores;
  }

  /** What is missing from the network's scores in each pair: nothing in those that it was trained on. */
  residuals(dataset: Dataset, isKnown: (i: number) => boolean): Dataset {
    const size = width(this.missing);
    const actions = new Float64Array(dataset.n * size);
    for (let i = 0; i < dataset.n; i++)
      if (!isKnown(i)) actions.set(this.residual(...pair(dataset, i)), i * size);
    return { ...dataset, action: this.missing, actions };
  }

  residual(observation: Float64Array, action: Float64Array): Float64Array {
    const scores = this.scores(observation);
    return this.target(action).map((value, k) => value - scores[k]!);
  }
}

class CorrectedNetwork implements Policy {
  readonly kind = imported.name;
  readonly #base: Base;
  readonly #missing: GaussianProcess;
  readonly #scores: Float64Array;

  constructor(base: Base, missing: GaussianProcess) {
    this.#base = base;
    this.#missing = missing;
    this.#scores = new Float64Array(width(base.missing));
  }

  get incremental(): IncrementalLearner {
    const base = this.#base;
    return {
      add: (observation, action) =>
        this.#missing.add(observation, base.residual(observation, action)),
      remove: (observation, action) =>
        this.#missing.remove(observation, base.residual(observation, action)),
    };
  }

  act(observation: Float64Array, row: Float64Array): void {
    const { action } = this.#base;
    const scores = this.scores(observation);
    if (action.kind === "continuous") {
      row.set(scores);
      clip(action, row);
    } else row[0] = scores.indexOf(scores.reduce((most, score) => Math.max(most, score)));
  }

  /** Overwritten by the next call. */
  scores(observation: Float64Array): Float64Array {
    const own = this.#base.scores(observation);
    this.#missing.act(observation, this.#scores);
    for (let k = 0; k < own.length; k++) this.#scores[k] = this.#scores[k]! + own[k]!;
    return this.#scores;
  }

  uncertainty(observation: Float64Array): number {
    return this.#missing.uncertainty(observation);
  }

  familiarity(): Familiarity {
    return this.#missing.familiarity();
  }

  toJSON(): PolicyJson {
    const { action, network } = this.#base;
    return { kind: this.kind, action, network, missing: this.#missing.toJSON() };
  }
}

/** Makes scores the probabilities that they are the logarithms of, but for a constant; in place. */
function toProbabilities(scores: Float64Array): void {
  let most = scores[0]!;
  for (const score of scores) most = Math.max(most, score);
  let sum = 0;
  for (let a = 0; a < scores.length; a++) {
    scores[a] = exp(scores[a]! - most);
    sum += scores[a]!;
  }
  for (let a = 0; a < scores.length; a++) scores[a] = scores[a]! / sum;
}
