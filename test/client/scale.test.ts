import { describe, expect, test } from "vitest";
import { rewardColour } from "../../client/drawing/scale.ts";
import { sayWeights } from "../../client/lesson/reward/weights.tsx";
import { formingMap, layersOf } from "../../client/lesson/reward-map.ts";
import { demonstrate, rollout } from "../../shared/imitation/rollout.ts";
import { tileReward, verdictOn, weightBeliefs } from "../../shared/irl/belief.ts";
import { rewardDriver } from "../../shared/irl/driver.ts";
import { inferFrom } from "../../shared/irl/reward.ts";
import { Controller, replay } from "../../shared/worlds/episode.ts";
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

test("a reward map, its frames and its sentence are sure of the same things", () => {
  const duck = rewardDriver(garden, Float64Array.from(garden.tastes!.duck!.weights));
  const inferred = inferFrom(
    garden,
    [5010, 5011, 5012].map((seed) =>
      replay(garden, rollout(garden, duck, Controller.expert, seed)),
    ),
  );
  const [layer] = layersOf(garden, inferred, null);
  const forming = formingMap(garden, inferred);
  const sentences = sayWeights(garden, inferred).split(". ");
  const begins = {
    liked: "You like",
    avoided: "You avoid",
    unsure: "Not sure yet",
    unknown: "Nothing known yet",
  };
  const features = new Float64Array(garden.lattice.nFeatures);
  const seen = new Set<string>();
  garden.lattice.tiles.forEach(({ cell }, i) => {
    garden.lattice.features(cell, features);
    const k = features.indexOf(1);
    const verdict = k < 0 ? "nothing" : verdictOn(weightBeliefs(inferred)[k]!);
    seen.add(verdict);
    const isUnsure = verdict === "unsure";
    const isUnknown = verdict === "unknown";
    const { map } = layer!;
    expect(map.unsure![i], verdict).toBe(isUnsure);
    expect(map.colours[i] === null, verdict).toBe(isUnknown);
    expect(map.numbers[i] === "?", verdict).toBe(isUnsure || isUnknown);
    // Only what may be liked or avoided has a frame.
    expect(forming.unsure![i], verdict).toBe(isUnsure);
    expect(forming.colours[i]).toBe(verdict === "nothing" ? null : map.colours[i]);
    expect(layer!.say(i).endsWith("not sure yet"), verdict).toBe(isUnsure);
    if (verdict === "nothing") return;
    const name = garden.lattice.featureNames[k]!;
    const [said] = sentences.filter((sentence) => sentence.includes(name));
    expect(said).toMatch(new RegExp(`^${begins[verdict]}`));
  });
  expect(seen).toContain("unsure");
  expect(seen.size).toBeGreaterThan(2);
});
