import { describe, expect, test } from "vitest";
import { rewardColour } from "../../client/drawing/scale.ts";
import { layersOf } from "../../client/lesson/reward-map.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { tileReward } from "../../shared/irl/belief.ts";
import { inferFrom } from "../../shared/irl/reward.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";

type Colour = readonly [red: number, green: number, blue: number];

const seen = (colour: string) => colour.match(/\d+/g)!.map(Number) as unknown as Colour;
const rewards = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];

/** Relative luminance (WCAG 2). */
const luminance = (colour: Colour) => {
  const [red, green, blue] = colour.map((part) => (part / 255) ** 2.2) as unknown as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

describe("the colour of a reward", () => {
  test("is a grey at 0, bluer the less it is, and yellower the more", () => {
    const [red, green, blue] = seen(rewardColour(0));
    expect([green, blue]).toEqual([red, red]);
    const yellows = rewards.map((reward) => {
      const [red, green, blue] = seen(rewardColour(reward));
      return Math.min(red, green) - blue;
    });
    expect(yellows).toEqual(yellows.toSorted((a, b) => a - b));
    expect(yellows.map(Math.sign)).toEqual(rewards.map(Math.sign));
  });

  test("grows lighter all the way, for eyes that see no colours", () => {
    const light = rewards.map((reward) => luminance(seen(rewardColour(reward))));
    for (let i = 1; i < light.length; i++)
      expect((light[i]! + 0.05) / (light[i - 1]! + 0.05)).toBeGreaterThan(1.15);
  });
});

test("a reward map has its grey where the reward is 0, in the middle of its scale", () => {
  const inferred = inferFrom(garden, [replay(garden, demonstrate(garden, 5010))]);
  const { map, scale } = layersOf(garden, inferred, null)[0]!;
  expect(scale.least).toBe(-scale.most);
  const values = tileReward(garden, inferred.weights);
  const greys = values.flatMap((value, i) => (value === 0 ? [map.colours[i]] : []));
  expect(new Set(greys)).toEqual(new Set([rewardColour(0)]));
  values.forEach((value, i) => {
    const colour = map.colours[i];
    if (colour) expect(colour, String(value)).toBe(rewardColour(value / scale.most));
  });
});
