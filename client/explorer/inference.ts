import { certaintyOf, intervalOf } from "../../shared/irl/certainty.ts";
import { featureMatching } from "../../shared/irl/featureMatching.ts";
import { evidenceOf } from "../../shared/irl/features.ts";
import {
  cornerFeatures,
  kingGrid,
  nCornerFeatures,
  paddedWithStays,
} from "../../shared/irl/grid.ts";
import { maxEnt } from "../../shared/irl/maxent.ts";
import type { Mdp } from "../../shared/irl/mdp.ts";
import { nCells, side } from "./waypoints.ts";

export type Method = "entropy" | "matching";

export interface Recovered {
  readonly method: Method;
  /** [3]; nats a visit by maximum entropy, of length 1 by feature matching. */
  readonly weights: ArrayLike<number>;
  /** [3], each 90 % of what is believed of a weight; null where the method says nothing of it. */
  readonly intervals: readonly (readonly [low: number, high: number])[] | null;
  /** [cell] */
  readonly reward: Float64Array;
  readonly iterations: number;
  /** What is left between the expert's features and the learner's. */
  readonly gap: number;
}

/** What each feature says of a cell, [3]. */
export const featureNames = ["further down", "further right", "closer to home"] as const;

/** [cell][3] */
export const features = cornerFeatures(side);

/** @param paths at least one, each with at least one move */
export function recover(method: Method, paths: readonly (readonly number[])[]): Recovered {
  const ways = paddedWithStays(paths);
  const demonstrations = ways.map((states) => ({ states }));
  const mdp = gridOf(ways);
  if (method === "matching") {
    const { weights, reward, gap, iterations } = featureMatching(mdp, features, demonstrations);
    return { method, weights, intervals: null, reward, iterations, gap };
  }
  const l2 = 1 / ways.length;
  const { weights, reward, gradientNorm, iterations } = maxEnt(mdp, features, demonstrations, {
    l2,
  });
  const evidence = evidenceOf(mdp, features, nCornerFeatures, demonstrations);
  const { covariance } = certaintyOf(mdp, features, evidence, weights, {
    demonstrations: ways.length,
    l2,
  });
  const intervals = Array.from(weights, (weight, k) =>
    intervalOf(weight, covariance[k * nCornerFeatures + k]!),
  );
  return { method, weights, intervals, reward, iterations, gap: gradientNorm };
}

/** The grid on which these ways of one length begin where they do. */
function gridOf(ways: readonly (readonly number[])[]): Mdp {
  const start = new Float64Array(nCells);
  for (const [first] of ways) start[first!]! += 1 / ways.length;
  return kingGrid(side, ways[0]!.length - 1, start);
}
