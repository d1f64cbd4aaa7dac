import { describe, expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import { kindOf, kinds, worlds } from "../../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../../shared/worlds/level.ts";
import { isBetter, scoreOf } from "../../../shared/worlds/measure.ts";
import { crags, gale, path } from "../../../shared/worlds/path/levels.ts";
import { chicane, oval, road } from "../../../shared/worlds/road/levels.ts";
import { lapsOf } from "../../../shared/worlds/road/measure.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

/** A drive that is on the middle of the road after each step of `stride`, and falls at step `fallAt` and in the one after it. */
function along(on: typeof road, steps: number, stride: number, fallAt = steps): Trajectory {
  const states = new Float64Array(3 * (steps + 1));
  const point = { x: 0, y: 0 };
  for (let t = 0; t <= steps; t++) {
    on.track.at(1 + t * stride, point);
    states.set([point.x, point.y, 0], 3 * t);
  }
  return {
    length: steps,
    states,
    actions: new Float64Array(steps),
    controllers: new Uint8Array(steps),
    outcomes: Uint8Array.from({ length: steps }, (_, t) =>
      t === fallAt || t === fallAt + 1 ? Outcome.fell : Outcome.goesOn,
    ),
  };
}

describe("the kinds of worlds", () => {
  test("hold every world there is, once, and say what each of them teaches", () => {
    const levels = kinds.flatMap(({ levels }) => levels);
    const all = new Set([...levels, ...levels.map(demonstrationWorld)].map(({ name }) => name));
    expect([...all].sort()).toEqual(Object.keys(worlds).sort());
    expect(new Set(levels).size).toBe(levels.length);
    for (const { teaches } of levels) expect(teaches).toMatch(/^[A-Z].*\.$/);
    for (const kind of kinds)
      for (const level of kind.levels) {
        expect(level.kind).toBe(kind.name);
        expect(kindOf(level)).toBe(kind);
      }
  });

  test("have no level that is called like a kind or like another level", () => {
    const titles = kinds.flatMap(({ title, levels }) =>
      levels.length > 1 ? [title, ...levels.map(({ title }) => title)] : [title],
    );
    expect(new Set(titles).size).toBe(titles.length);
  });

  test("want the same things: what is wanted on one level can be wanted on the next", () => {
    for (const { levels } of kinds) {
      const wanted = levels.map(({ lattice }) => lattice.featureNames.join());
      expect(new Set(wanted).size).toBe(1);
    }
  });

  test("every world has another of its kind, which is not itself", () => {
    for (const world of Object.values(worlds)) {
      for (const seed of [0, 1, 2, 2 ** 32 - 1]) {
        const other = world.another(seed);
        expect(other.name).not.toBe(world.name);
        expect(other.lattice.featureNames).toEqual(world.lattice.featureNames);
        expect(other.picture.shapes).not.toEqual(world.picture.shapes);
      }
    }
  });
});

describe("laps", () => {
  test.each([oval, road, chicane])("of $name are the way along it over its length", (on) => {
    const laps = (steps: number, stride: number) => lapsOf(on, along(on, steps, stride));
    expect(laps(200, 0.15)).toBeCloseTo(30 / on.track.length, 3);
    // Across where the line begins, several times round, and backwards.
    expect(laps(500, 0.3)).toBeCloseTo(150 / on.track.length, 3);
    expect(laps(200, -0.15)).toBeCloseTo(-30 / on.track.length, 3);
    expect(laps(1, 0)).toBeCloseTo(0, 9);
  });
});

describe("a score", () => {
  const of = (stride: number, fallAt?: number) =>
    scoreOf(road, along(road, 200, stride, fallAt), null)!;

  test("on a road is better with more laps before the first fall", () => {
    const ladder = [of(0.15, 0), of(0.15, 50), of(0.1, 100), of(0.1), of(0.15, 180), of(0.15)];
    ladder.forEach((score, i) => {
      ladder.forEach((other, j) => {
        expect(isBetter(score, other), `${score.words} against ${other.words}`).toBe(i > j);
      });
      expect(isBetter(score, null)).toBe(true);
    });
    const laps = (way: number) => `${(way / road.track.length).toFixed(2)} laps`;
    expect(of(0.15).words).toBe(`${laps(30)} without a crash`);
    expect(of(0.15, 100).words).toBe(`${laps(15)} before the first crash`);
  });

  test("is for a whole drive only", () => {
    expect(scoreOf(road, along(road, 199, 0.15), null)).toBeNull();
  });

  test.each([path, crags, gale])("on the path $name is better closer to the curve", (on) => {
    const scores = [1, 2, 3].map((seed) => {
      const trajectory = replay(on, demonstrate(on, seed));
      return { score: scoreOf(on, trajectory, null)!, off: on.measure.of(trajectory) };
    });
    for (const a of scores)
      for (const b of scores) expect(isBetter(a.score, b.score)).toBe(a.off < b.off);
  });

  test("in a garden is what the walk cost too much, where it got home under a taste", () => {
    const walk = replay(garden, demonstrate(garden, 4));
    expect(walk.outcomes.at(-1)).toBe(Outcome.done);
    const dear = scoreOf(garden, walk, 2.04)!;
    expect(dear.words).toBe("2.0 above the lowest cost");
    expect(scoreOf(garden, walk, 0.04)!.words).toBe("at the lowest cost");
    expect(isBetter(scoreOf(garden, walk, 0)!, dear)).toBe(true);
    expect(isBetter(dear, scoreOf(garden, walk, 0)!)).toBe(false);
    expect(scoreOf(garden, walk, null)).toBeNull();
    const lost = { ...walk, outcomes: walk.outcomes.map(() => Outcome.goesOn) };
    expect(scoreOf(garden, lost, 0)).toBeNull();
  });
});
