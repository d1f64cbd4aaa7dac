import { pairOf } from "../../../shared/imitation/dataset.ts";
import { rounds } from "../../../shared/imitation/round.ts";
import { type Lesson, networkOf } from "../../../shared/lesson/lesson.ts";
import { firstOpenSeed } from "../../../shared/lesson/protocol.ts";
import {
  type Correction,
  correctionsIn,
  demonstrationsOf,
  kindFor,
} from "../../../shared/lesson/training.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import { queries } from "../../../shared/queries/index.ts";
import type { Trajectory } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import type { LabelChanges, NumberedLabel } from "./label-changes.ts";

/**
 * The learner of a lesson's last round, which goes on learning while one answers. It starts as that
 * round's policy and draws what that one drew, so that whatever changes is the labels' doing.
 */
export class PreviewLearner {
  readonly #lesson: Lesson;
  readonly #world: Level;
  readonly #lastRound: Lesson["rounds"][number];
  readonly #demonstrations: readonly Trajectory[];
  /** What there is to learn of each correction, by the number of the event that brought it, in order. */
  readonly #labels: Map<number, Correction>;
  #policy: Policy;

  /** @param lesson with a round at least; whatever labels it has are learned */
  constructor(lesson: Lesson) {
    const world = worlds[lesson.world]!;
    this.#world = world;
    this.#lastRound = lesson.rounds.at(-1)!;
    // A network that has come since is for the next round.
    const { basis } = this.#lastRound;
    this.#lesson = { ...lesson, networks: lesson.networks?.filter(({ seq }) => seq <= basis) };
    this.#demonstrations = demonstrationsOf(lesson);
    this.#labels = new Map(
      lesson.rounds
        .flatMap((round) => correctionsIn(world, round))
        .map((correction) => [correction.seq, correction]),
    );
    this.#policy = this.#fit();
  }

  /** The policy by now. */
  get policy(): Policy {
    return this.#policy;
  }

  /** Unlearns the labels that were taken back and learns those that were added, each of them once. */
  change({ removed, added }: LabelChanges): void {
    for (const seq of removed) if (this.#labels.has(seq)) this.#remove(seq);
    for (const label of added) if (!this.#labels.has(label.seq)) this.#add(label);
  }

  #add(label: NumberedLabel): void {
    this.#labels.set(label.seq, { seq: label.seq, labels: [label] });
    const { incremental } = this.#policy;
    if (incremental) incremental.add(...pairOf(this.#world, label));
    else this.#policy = this.#fit();
  }

  #remove(seq: number): void {
    const { labels } = this.#labels.get(seq)!;
    this.#labels.delete(seq);
    const { incremental } = this.#policy;
    // What a network from elsewhere was trained on was not learned as one learns here.
    const isKnown = seq <= (networkOf(this.#lesson)?.basis ?? 0);
    if (!incremental || isKnown) this.#policy = this.#fit();
    else for (const label of labels) incremental.remove(...pairOf(this.#world, label));
  }

  /** The round's own fit; nobody drives, and nobody is asked. */
  #fit(): Policy {
    const { plan, seed, learningSeed = seed } = this.#lastRound;
    const corrections = [...this.#labels.values()];
    const method = {
      kind: kindFor(this.#lesson, plan.policy, corrections),
      query: queries[plan.query]!,
      budget: 0,
      drives: 0,
    };
    const labels = corrections.flatMap(({ labels }) => labels);
    const options = { firstSeed: firstOpenSeed, labels, learningSeed };
    return rounds(this.#world, this.#demonstrations, method, seed, options).next().value.policy;
  }
}
