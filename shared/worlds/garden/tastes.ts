import type { Taste } from "../level.ts";

/**
 * Home is worth 1 a move, for as long as one is there, so that a move spent on the lawn costs 1 and
 * one spent on anything else costs 1 minus its weight. In the order of the reward features.
 */
export const tastes: Readonly<Record<string, Taste>> = {
  gardener: {
    words: "You love flowers. You hate mud.",
    weights: [0.5, -4, -1, -0.5, 1],
  },
  duck: {
    words: "You love puddles. Gravel hurts your feet.",
    weights: [-0.5, -1, 0.5, -4, 1],
  },
  dandy: {
    words: "You love gravel, because your shoes stay clean. You hate puddles.",
    weights: [-0.5, -1, -4, 0.5, 1],
  },
  bee: {
    words: "You love flowers. Gravel is too hot for your feet.",
    weights: [0.5, -0.5, -1, -4, 1],
  },
};
