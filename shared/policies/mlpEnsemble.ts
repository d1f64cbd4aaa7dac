import { type ActionSpace, width } from "../spaces.ts";
import { check, meanLoss } from "./dataset.ts";
import { EnsembleVariance } from "./ensembleVariance.ts";
import { type Head, squared } from "./heads.ts";
import { Network } from "./network.ts";
import { Novelty, type NoveltyJson } from "./novelty.ts";
import type { Familiarity, Policy, PolicyJson, PolicyKind } from "./policy.ts";
import { checkScaling, type Scaling, scale, scaled, standardise } from "./scaling.ts";
import { part, sizesFor, train } from "./training.ts";

const nMembers = 5;

/**
 * Five small networks that differ in where they start and in the order of their data; the action is
 * the mean of theirs (Lakshminarayanan et al. 2017, who find that bootstrapping the data as well makes
 * the members worse). A place is unfamiliar where they disagree, and also where nobody has been:
 * far from all data, members may saturate and agree about nothing in particular.
 */
export const mlpEnsemble: PolicyKind = {
  name: "mlpEnsemble",
  title: "Five neural networks",
  actions: "continuous",
  learnsAtOnce: false,
  costAPair: Number.POSITIVE_INFINITY,

  *fit(dataset, random) {
    check(dataset, "continuous");
    const { observationSize, action } = dataset;
    const head = squared(action);
    const scaling = standardise(dataset);
    const inputs = scaled(dataset.observations, scaling);
    const targets = head.targets(dataset.actions);
    const parameters: number[] = [];
    for (let m = 0; m < nMembers; m++) {
      const training = train(observationSize, head, inputs, targets, random);
      const member = yield* part(training, m / nMembers, (m + 1) / nMembers);
      parameters.push(...member.parameters);
    }
    const novelty = Novelty.of(dataset, random);
    const policy = new EnsemblePolicy(action, scaling, parameters, novelty);
    const loss = (observation: Float64Array, expert: Float64Array) =>
      head.loss(policy.output(observation), expert);
    return { policy, loss: meanLoss(dataset, loss) };
  },

  fromJSON(json) {
    const { action, observationSize, middle, half, parameters } = json as EnsembleJson;
    const scaling = checkScaling({ middle, half }, observationSize);
    return new EnsemblePolicy(action, scaling, parameters, Novelty.fromJSON(json as EnsembleJson));
  },
};

interface EnsembleJson extends PolicyJson, NoveltyJson, Scaling {
  readonly action: ActionSpace;
  readonly parameters: readonly number[];
}

class EnsemblePolicy implements Policy {
  readonly kind = "mlpEnsemble";
  readonly #action: ActionSpace;
  readonly #head: Head;
  /** Of the observations. */
  readonly #scaling: Scaling;
  readonly #members: readonly Network[];
  readonly #novelty: Novelty;
  readonly #spread: EnsembleVariance;
  readonly #mean: Float64Array;

  /** @param parameters flat, [nMembers][numbers in a network] */
  constructor(
    action: ActionSpace,
    scaling: Scaling,
    parameters: readonly number[],
    novelty: Novelty,
  ) {
    const head = squared(action);
    const sizes = sizesFor(scaling.middle.length, head);
    const size = Math.ceil(parameters.length / nMembers);
    this.#action = action;
    this.#head = head;
    this.#scaling = scaling;
    this.#members = Array.from(
      { length: nMembers },
      (_, m) => new Network(sizes, 1, parameters.slice(m * size, (m + 1) * size)),
    );
    this.#novelty = novelty;
    this.#mean = new Float64Array(width(action));
    this.#spread = new EnsembleVariance(width(action), nMembers);
  }

  act(observation: Float64Array, action: Float64Array): void {
    this.#head.act(this.output(observation), action);
  }

  /** The mean of the members' outputs; overwritten by the next call. */
  output(observation: Float64Array): Float64Array {
    this.#ask(observation);
    const mean = this.#mean.fill(0);
    for (const { output } of this.#members) {
      for (let k = 0; k < mean.length; k++) mean[k] = mean[k]! + output[k]! / nMembers;
    }
    return mean;
  }

  uncertainty(observation: Float64Array): number {
    return this.#either(observation, this.#novelty, this.#spread);
  }

  familiarity(): Familiarity {
    const novelty = this.#novelty.copy();
    const spread = this.#spread.copy();
    return {
      uncertainty: (observation) => this.#either(observation, novelty, spread),
      see: (observation) => {
        novelty.see(observation);
        spread.see(this.#ask(observation));
      },
    };
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.#action,
      observationSize: this.#scaling.middle.length,
      ...this.#scaling,
      parameters: this.#members.flatMap(({ parameters }) => [...parameters]),
      ...this.#novelty.toJSON(),
    };
  }

  /** Unfamiliar by one measure or the other: both are shares of a variance, and both fall as labels come. */
  #either(observation: Float64Array, novelty: Novelty, spread: EnsembleVariance): number {
    const known = 1 - spread.uncertainty(this.#ask(observation));
    return 1 - known * (1 - novelty.uncertainty(observation));
  }

  /** What each member puts out, [nMembers] of [width]; overwritten by the next call. */
  #ask(observation: Float64Array): Float64Array[] {
    return this.#members.map((member) => {
      scale(observation, this.#scaling, member.input);
      return member.forward(1);
    });
  }
}
