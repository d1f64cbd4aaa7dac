import { describe, expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { road } from "../../../shared/worlds/road/levels.ts";

describe.each(Object.values(worlds))("episodes of $name", (world) => {
  test("replay bit for bit, also after a journey through JSON", () => {
    for (let seed = 0; seed < 10; seed++) {
      const episode = demonstrate(world, seed);
      const first = replay(world, episode);
      const again = replay(world, JSON.parse(JSON.stringify(episode)));
      expect(again).toEqual(first);
      expect(first.states.length).toBe((first.length + 1) * world.stateSize);
      expect(first.length).toBe(episode.controllers.length);
    }
  });

  test("may be broken off, but not go on past their end", () => {
    const { actions, controllers, ...rest } = demonstrate(world, 5);
    const wide = actions.length / controllers.length;
    const half = Math.ceil(controllers.length / 2);
    const part = {
      ...rest,
      actions: actions.slice(0, half * wide),
      controllers: controllers.slice(0, half),
    };
    expect(replay(world, part).length).toBe(half);
    const more = {
      ...rest,
      actions: [...actions, ...actions.slice(0, wide)],
      controllers: [...controllers, Controller.expert],
    };
    expect(() => replay(world, more)).toThrow(RangeError);
    expect(() => replay(world, { ...rest, actions: [], controllers: [] })).toThrow(RangeError);
    expect(() => replay(world, { ...rest, actions, controllers: controllers.slice(1) })).toThrow(
      RangeError,
    );
  });
});

test("a last bit that engines disagree on in an action's effect is forgotten by the state", () => {
  const episode = demonstrate(road, 3);
  const nudged = {
    ...episode,
    actions: episode.actions.map((turn) => turn * (1 + Number.EPSILON)),
  };
  expect(replay(road, nudged).states).toEqual(replay(road, episode).states);
});
