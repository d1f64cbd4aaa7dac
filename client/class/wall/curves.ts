import { median } from "../../../shared/imitation/statistics.ts";

/** A learner of a pupil's: how many labels it was trained with, and what it scored. */
export interface CurvePoint {
  readonly labels: number;
  readonly score: number;
}

/**
 * The median of the pupils' scores at each number of labels at which some learner was trained. A pupil counts as
 * far as their last learner came, with the score of the last learner up to there; where fewer than half of those
 * who have a learner came, there is no median, as it would be one of the fastest alone.
 */
export function medianCurve(curves: readonly (readonly CurvePoint[])[]): CurvePoint[] {
  const all = curves.filter((curve) => curve.length > 0);
  const places = [...new Set(all.flatMap((curve) => curve.map(({ labels }) => labels)))];
  places.sort((a, b) => a - b);
  return places.flatMap((labels) => {
    const there = all.filter(
      (curve) => curve[0]!.labels <= labels && curve.at(-1)!.labels >= labels,
    );
    if (2 * there.length < all.length) return [];
    const scores = there.map((curve) => curve.findLast((point) => point.labels <= labels)!.score);
    return [{ labels, score: median(scores) }];
  });
}
