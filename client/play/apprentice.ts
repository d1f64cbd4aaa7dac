import { clone } from "../../shared/imitation/dagger.ts";
import { aggregate, type Label, pairsOf } from "../../shared/imitation/dataset.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { labelsOf } from "../../shared/lesson/training.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import type { Dataset, Policy, PolicyKind } from "../../shared/policies/policy.ts";
import { RidgePolicy } from "../../shared/policies/ridge.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";

/**
 * The learner of a lesson's last round, which goes on learning while one answers. It starts as that
 * round's policy and draws what that one drew, so that whatever changes is the labels' doing.
 */
export class Apprentice {
  readonly #world: Level;
  readonly #kind: PolicyKind;
  readonly #seed: number;
  readonly #demonstrations: Dataset;
  #labels: readonly Label[];
  #policy: Policy;

  constructor(lesson: Lesson) {
    const { plan, seed } = lesson.rounds.at(-1)!;
    const world = worlds[lesson.world]!;
    this.#world = world;
    this.#kind = policyKinds[plan.policy]!;
    this.#seed = seed;
    this.#demonstrations = pairsOf(
      world,
      lesson.demonstrations.map(({ episode }) => replay(world, episode)),
    );
    this.#labels = labelsOf(world, lesson);
    this.#policy = this.#fit();
  }

  /** The policy that all labels in `lesson` make of it; the lesson is the same but for its labels. */
  after(lesson: Lesson): Policy {
    const labels = labelsOf(this.#world, lesson);
    const same = firstDifference(this.#labels, labels);
    const [gone, fresh] = [this.#labels.slice(same), labels.slice(same)];
    this.#labels = labels;
    if (gone.length + fresh.length === 0) return this.#policy;
    if (this.#policy instanceof RidgePolicy) {
      for (const label of gone.reverse()) this.#policy.remove(...this.#pair(label));
      for (const label of fresh) this.#policy.add(...this.#pair(label));
    } else this.#policy = this.#fit();
    return this.#policy;
  }

  #fit(): Policy {
    const data = aggregate(this.#world, this.#demonstrations, this.#labels);
    return clone(data, this.#kind, this.#seed).policy;
  }

  #pair({ state, action }: Label): [Float64Array, Float64Array] {
    const observation = new Float64Array(this.#world.observationSize);
    this.#world.observe(state, observation);
    return [observation, Float64Array.from(action)];
  }
}

function firstDifference(some: readonly Label[], others: readonly Label[]): number {
  const i = some.findIndex((label, i) => !others[i] || say(label) !== say(others[i]));
  return i < 0 ? some.length : i;
}

function say({ state, action }: Label): string {
  return `${state.join()} ${Array.from(action).join()}`;
}
