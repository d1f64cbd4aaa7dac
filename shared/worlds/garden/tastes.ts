import type { Taste } from "../level.ts";

/**
 * Home is worth 1 a move, for as long as one is there, so that a move spent on the lawn costs 1 and
 * one spent on anything else costs 1 minus its weight. In the order of the reward features.
 */
export const tastes: Readonly<Record<string, Taste>> = {
  gardener: {
    words: "You love to walk among flowers, and you can't stand mud.",
    weights: [0.5, -4, -1, -0.5, 1],
  },
  duck: {
    words: "You splash through every puddle, and gravel hurts your feet.",
    weights: [-0.5, -1, 0.5, -4, 1],
  },
  dandy: {
    words: "Gravel keeps your shoes clean; a puddle would ruin them.",
    weights: [-0.5, -1, -4, 0.5, 1],
  },
  bee: {
    words: "You go from flower to flower, and hot gravel is no place to land.",
    weights: [0.5, -0.5, -1, -4, 1],
  },
};
