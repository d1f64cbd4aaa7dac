import { expose } from "comlink";
import { rollout } from "../shared/imitation/rollout.ts";
import { mostTelling, type Telling, type Weights } from "../shared/irl/belief.ts";
import { rewardDriver } from "../shared/irl/driver.ts";
import { type InferredReward, inferFrom, type Scores, scoresOf } from "../shared/irl/reward.ts";
import { Controller, type Episode, replay } from "../shared/worlds/episode.ts";
import { worlds } from "../shared/worlds/index.ts";

/** What takes too long to be done between two frames. Plain data in, plain data out. */
const thoughts = {
  /** What these episodes, of which the last may be under way, say about the reward. */
  infer(world: string, episodes: readonly Episode[]): InferredReward {
    const place = worlds[world]!;
    return inferFrom(
      place,
      episodes.map((episode) => replay(place, episode)),
    );
  },

  scores(
    world: string,
    episodes: readonly Episode[],
    weights: readonly number[],
    taste: string | null,
  ): Scores {
    const place = worlds[world]!;
    return scoresOf(
      place,
      episodes.map((episode) => replay(place, episode)),
      weights,
      taste === null ? null : place.tastes![taste]!.weights,
    );
  },

  /** From where one more episode would tell the most. */
  telling(world: string, belief: Weights): Telling {
    return mostTelling(worlds[world]!, belief);
  },

  /** An episode in another world of this kind, by a learner that is after the reward with these weights. */
  roam(world: string, place: number, seed: number, weights: readonly number[]): Episode {
    const other = worlds[world]!.another!(place);
    const driver = rewardDriver(other, Float64Array.from(weights));
    return rollout(other, driver, Controller.learner, seed);
  },
};

export type Thoughts = typeof thoughts;

expose(thoughts);
