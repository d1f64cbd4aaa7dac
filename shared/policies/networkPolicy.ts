import type { ActionSpace } from "../spaces.ts";
import { check, meanLoss } from "./dataset.ts";
import type { Head } from "./heads.ts";
import { Network } from "./network.ts";
import { Novelty, type NoveltyJson } from "./novelty.ts";
import type { Familiarity, Policy, PolicyJson, PolicyKind } from "./policy.ts";
import { checkScaling, type Scaling, scale, scaled, standardise } from "./scaling.ts";
import { sizesFor, train } from "./training.ts";

/**
 * A kind of policy that is one network, trained from scratch by Adam. What is familiar to it is
 * judged by the observation, with the posterior variance that `fourier` has: the network's own last
 * layer puts places that it never saw on top of places that it did (feature collapse, van Amersfoort
 * et al. 2020).
 */
export function networkKind(
  { name, title, actions }: Pick<PolicyKind, "name" | "title" | "actions">,
  headOf: (action: ActionSpace) => Head,
): PolicyKind {
  return {
    name,
    title,
    actions,
    learnsAtOnce: false,
    costAPair: Number.POSITIVE_INFINITY,

    *fit(dataset, random) {
      check(dataset, actions);
      const { observationSize, action } = dataset;
      const head = headOf(action);
      const scaling = standardise(dataset);
      const inputs = scaled(dataset.observations, scaling);
      const targets = head.targets(dataset.actions);
      const network = yield* train(observationSize, head, inputs, targets, random);
      const novelty = Novelty.of(dataset, random);
      const policy = new NetworkPolicy(name, action, head, scaling, network.parameters, novelty);
      const loss = (observation: Float64Array, expert: Float64Array) =>
        head.loss(policy.output(observation), expert);
      return { policy, loss: meanLoss(dataset, loss) };
    },

    fromJSON(json) {
      const { action, observationSize, middle, half, parameters } = json as NetworkJson;
      const scaling = checkScaling({ middle, half }, observationSize);
      const novelty = Novelty.fromJSON(json as NetworkJson);
      return new NetworkPolicy(name, action, headOf(action), scaling, parameters, novelty);
    },
  };
}

interface NetworkJson extends PolicyJson, NoveltyJson, Scaling {
  readonly action: ActionSpace;
  readonly parameters: readonly number[];
}

export class NetworkPolicy implements Policy {
  readonly kind: string;
  readonly #action: ActionSpace;
  readonly #head: Head;
  /** Of the observations. */
  readonly #scaling: Scaling;
  readonly #network: Network;
  readonly #novelty: Novelty;

  constructor(
    kind: string,
    action: ActionSpace,
    head: Head,
    scaling: Scaling,
    parameters: ArrayLike<number>,
    novelty: Novelty,
  ) {
    this.kind = kind;
    this.#action = action;
    this.#head = head;
    this.#scaling = scaling;
    this.#network = new Network(sizesFor(scaling.middle.length, head), 1, parameters);
    this.#novelty = novelty;
  }

  act(observation: Float64Array, action: Float64Array): void {
    this.#head.act(this.output(observation), action);
  }

  /** What the network puts out for `observation`; overwritten by the next call. */
  output(observation: Float64Array): Float64Array {
    scale(observation, this.#scaling, this.#network.input);
    return this.#network.forward(1);
  }

  uncertainty(observation: Float64Array): number {
    return this.#novelty.uncertainty(observation);
  }

  familiarity(): Familiarity {
    return this.#novelty.copy();
  }

  toJSON(): PolicyJson {
    return {
      kind: this.kind,
      action: this.#action,
      observationSize: this.#scaling.middle.length,
      ...this.#scaling,
      parameters: [...this.#network.parameters],
      ...this.#novelty.toJSON(),
    };
  }
}
