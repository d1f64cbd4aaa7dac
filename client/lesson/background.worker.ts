import { expose } from "comlink";
import type { Control } from "../../shared/imitation/control.ts";
import { driveToFall } from "../../shared/imitation/endurance.ts";
import { driverOf, rollout } from "../../shared/imitation/rollout.ts";
import {
  type InformativeStart,
  mostInformativeStart,
  mostInformativeWorld,
  type WeightDistribution,
} from "../../shared/irl/belief.ts";
import { untellableIn } from "../../shared/irl/certainty.ts";
import { rewardDriver } from "../../shared/irl/driver.ts";
import { modelOf } from "../../shared/irl/lattice.ts";
import { type InferredReward, inferFrom } from "../../shared/irl/reward.ts";
import { type RewardScores, scoresOf } from "../../shared/irl/rewardScores.ts";
import { controlOf } from "../../shared/lesson/control.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { heldOutSeeds } from "../../shared/lesson/protocol.ts";
import { policyOf } from "../../shared/policies/index.ts";
import type { PolicyJson } from "../../shared/policies/policy.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { kindOf, worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { type Path, pathOf } from "../drawing/trails.ts";
import type { EarlierWalks } from "./earlier-walks.ts";
import { type Field, fieldOf, placesIn } from "./learned/action-field.ts";
import { beforeAnswer, type OneAnswer } from "./learned/effect.ts";
import { type LabelChanges, newlyAnswered } from "./learned/label-changes.ts";
import { PreviewLearner } from "./learned/preview-learner.ts";

/** What learns from the answers of the round under way, and where one looks at what it would do. */
let preview: {
  readonly world: Level;
  readonly learner: PreviewLearner;
  readonly look: () => Field;
} | null = null;

/** What takes too long to be done between two frames. Plain data in, plain data out. */
const tasks = {
  /**
   * What these episodes, of which the last may be under way, say about the reward.
   * @param earlier in worlds with the same tastes
   */
  infer(
    world: string,
    episodes: readonly Episode[],
    earlier: readonly EarlierWalks[] = [],
  ): InferredReward {
    const shownIn = (name: string, shown: readonly Episode[]) => {
      const place = worlds[name]!;
      return { world: place, trajectories: shown.map((episode) => replay(place, episode)) };
    };
    return inferFrom(
      worlds[world]!,
      shownIn(world, episodes).trajectories,
      undefined,
      earlier.map((walks) => shownIn(walks.world, walks.episodes)),
    );
  },

  scores(
    world: string,
    episodes: readonly Episode[],
    weights: readonly number[],
    taste: string | null,
  ): RewardScores {
    const place = worlds[world]!;
    return scoresOf(
      place,
      episodes.map((episode) => replay(place, episode)),
      weights,
      taste === null ? null : place.tastes![taste]!.weights,
    );
  },

  /** From where one more episode would tell the most, here and in the other worlds of this kind with the same tastes. */
  mostInformative(
    world: string,
    belief: WeightDistribution,
  ): { here: InformativeStart; elsewhere: (InformativeStart & { readonly place: string }) | null } {
    const place = worlds[world]!;
    const here = mostInformativeStart(place, belief);
    const others = kindOf(place).levels.filter(
      ({ name, tastes }) => tastes && tastes === place.tastes && name !== world,
    );
    if (others.length === 0) return { here, elsewhere: null };
    const { world: number, ...start } = mostInformativeWorld(others, belief);
    return { here, elsewhere: { ...start, place: others[number]!.name } };
  },

  /** Directions of the reward's weights of which no episode here can tell anything, [k] each. */
  untellable(world: string): number[][] {
    return untellableIn([modelOf(worlds[world]!)]).map((direction) => [...direction]);
  },

  /** What the learner of the lesson's last round would do by now, place by place; it is kept for what follows. */
  beginPreview(lesson: Lesson): Field {
    const world = worlds[lesson.world]!;
    const learner = new PreviewLearner(lesson);
    const places = placesIn(world, lesson.rounds.at(-1)!);
    preview = { world, learner, look: () => fieldOf(world, learner.policy, places) };
    return preview.look();
  },

  /** The same once some labels were taken back and others added; of a single new one also what it does on the spot. */
  changePreview(changes: LabelChanges): { field: Field; answer: OneAnswer | null } {
    const { world, learner, look } = preview!;
    const label = newlyAnswered(changes);
    const before = label && beforeAnswer(world, learner.policy, label);
    learner.change(changes);
    return { field: look(), answer: before?.(learner.policy) ?? null };
  },

  /**
   * From each held-out start one drive up to its first fall.
   * @param policy its JSON, as text
   */
  heldOutDrives(world: string, policy: string): Path[] {
    const place = worlds[world]!;
    const json: PolicyJson = JSON.parse(policy);
    const driver = driverOf(place, policyOf(json));
    return heldOutSeeds.map((seed) =>
      pathOf(place, driveToFall(place, driver, Controller.learner, seed)),
    );
  },

  /** What this person's demonstrations would come to without a question. */
  control(lesson: Lesson): Control | null {
    return controlOf(lesson);
  },

  /** An episode in another world of this kind, by a learner that is after the reward with these weights. */
  roam(world: string, place: number, seed: number, weights: readonly number[]): Episode {
    const other = worlds[world]!.another!(place);
    const driver = rewardDriver(other, Float64Array.from(weights));
    return rollout(other, driver, Controller.learner, seed);
  },
};

export type BackgroundTasks = typeof tasks;

expose(tasks);
