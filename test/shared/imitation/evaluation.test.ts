import { describe, expect, test } from "vitest";
import { disagreement } from "../../../shared/imitation/disagreement.ts";
import { evaluate, judge, measure, switches } from "../../../shared/imitation/evaluation.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { replay } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { road, roadWith } from "../../../shared/worlds/road/levels.ts";
import { always } from "./always.ts";

const seeds = [0, 1, 2, 3];

test("disagreement is a share of the range, or whether actions differ", () => {
  const space = { kind: "continuous", low: [-1, 0], high: [1, 10] } as const;
  expect(disagreement(space, [-1, 0], [1, 10])).toBe(1);
  expect(disagreement(space, [0, 2], [0.5, 2])).toBe(0.125);
  expect(disagreement(garden.action, [3], [3])).toBe(0);
  expect(disagreement(garden.action, [3], [4])).toBe(1);
});

describe.each(Object.values(worlds))("on $name", (world) => {
  test("the expert agrees with itself, and its measure is that of its episodes", () => {
    for (const seed of seeds) {
      const judged = judge(world, world.expert, seed);
      const episode = replay(world, demonstrate(world, seed));
      expect(judged.disagreement).toBe(0);
      expect(judged.length).toBe(episode.length);
      expect(judged.measure).toBe(world.measure.of(episode));
    }
  });

  test("a policy's evaluation is the mean of its episodes", () => {
    const experts = seeds.map((seed) => replay(world, demonstrate(world, seed)));
    // Something that the expert does as well, at times.
    const policy = always(world.action.kind === "discrete" ? experts[0]!.actions.at(-1)! : 0.2);
    const { measure: mine, onOwnStates, onExpertStates } = evaluate(world, policy, seeds, experts);
    const each = measure(world, policy, seeds);
    expect(mine).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / 4, 12);
    for (const share of [onOwnStates, onExpertStates]) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(onOwnStates).not.toBe(onExpertStates);
  });
});

test("walking down only, one differs from the garden's expert in the steps to the right", () => {
  const experts = [replay(garden, demonstrate(garden, 7))];
  const rights = experts[0]!.actions.filter((action) => action === 3).length;
  const { onExpertStates } = evaluate(garden, always(1), [7], experts);
  expect(onExpertStates).toBe(rights / experts[0]!.length);
});

test("a fall is as far off the line as can be", () => {
  const { falls, cost, deviation } = judge(road, (_, action) => action.fill(0), 3);
  expect(falls.includes(1)).toBe(true);
  cost.forEach((c, t) => {
    if (falls[t]) expect(c).toBe(1);
    else expect(c).toBeLessThanOrEqual(1);
  });
  expect(deviation).toBeCloseTo(cost.reduce((sum, c) => sum + c, 0) / cost.length, 12);
});

test("without wind the road's expert hardly leaves the line, and with more it does", () => {
  const deviation = (gust: number) => judge(roadWith({ gust }), road.expert, 5).deviation!;
  expect(deviation(0)).toBeLessThan(deviation(0.5));
  expect(deviation(0.5)).toBeLessThan(deviation(1));
  expect(deviation(0.5)).toBe(judge(road, road.expert, 5).deviation);
});

test("switches are counted", () => {
  expect(switches({ controllers: Uint8Array.of(1, 1, 1) })).toBe(0);
  expect(switches({ controllers: Uint8Array.of(1, 0, 0, 1, 0) })).toBe(3);
  expect(switches({ controllers: new Uint8Array(0) })).toBe(0);
});
