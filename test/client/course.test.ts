import { describe, expect, test } from "vitest";
import { course, nextOf } from "../../client/course/course.ts";
import { type Goal, sayGoal, sayStars } from "../../client/course/goal.ts";
import { levelToPlay } from "../../client/course/progress.ts";
import { starsIn } from "../../client/course/reached.ts";
import { mostSteps } from "../../shared/imitation/endurance.ts";
import { linearReward } from "../../shared/irl/features.ts";
import { modelOf } from "../../shared/irl/lattice.ts";
import { inferFrom } from "../../shared/irl/reward.ts";
import { arriving, regretOf } from "../../shared/irl/taste.ts";
import {
  emptyLesson,
  type Inference,
  type Lesson,
  type Round,
} from "../../shared/lesson/lesson.ts";
import { seeded } from "../../shared/random.ts";
import { replay, Simulation, type Trajectory } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";

describe("each level of the course", () => {
  test.each(course)(
    "is one entry, with a goal that its world can be measured by: $name",
    (level) => {
      const world = worlds[level.world]!;
      expect(level.idea.length).toBeLessThan(80);
      const { goal } = level;
      const bounds = goal.kind === "hold" ? goal.answers : goal.walks;
      expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
      if (goal.kind === "hold") {
        expect(world.canFall && world.laps).toBeTruthy();
        // As far as a drive that holds gets, at the car's speed.
        expect(goal.laps).toBeLessThan(mostSteps / 250);
      } else expect(Object.keys(world.tastes!)).not.toEqual([]);
      expect(sayGoal(goal)).toContain(String(bounds[0]));
      expect(sayStars(goal)).toContain(String(bounds[2]));
    },
  );

  test("has a name of its own, and leads to the next", () => {
    expect(new Set(course.map(({ name }) => name)).size).toBe(course.length);
    expect(course.map(nextOf)).toEqual([...course.slice(1), null]);
  });
});

test("the next level to play is the first without a star", () => {
  expect(levelToPlay({})).toBe(course[0]);
  expect(levelToPlay({ [course[0].name]: 1 })).toBe(course[1]);
  const all = Object.fromEntries(course.map(({ name }) => [name, 3]));
  expect(levelToPlay(all)).toBe(course[0]);
});

describe("stars", () => {
  const hold: Goal = { kind: "hold", laps: 5, answers: [40, 24, 12] };

  /** A lesson whose learner got so many laps from every start, after so many answers, round by round. */
  const driven = (...rounds: (readonly [labels: number, laps: number])[]): Lesson => ({
    ...emptyLesson,
    world: "road",
    demonstrations: [0, 1].map(() => ({
      episode: { controllers: new Uint8Array(200) },
    })) as unknown as Lesson["demonstrations"],
    rounds: rounds.map(
      ([labels, laps]) =>
        ({
          labels,
          pairs: 400 + labels,
          endurance: { laps: [laps, laps, laps], steps: [9, 9, 9] },
        }) as unknown as Round,
    ),
  });

  test("are for laps with few answers; a later round does not take them away", () => {
    expect(starsIn(hold, driven([0, 1]))).toBe(0);
    expect(starsIn(hold, driven([0, 1], [41, 9]))).toBe(0);
    expect(starsIn(hold, driven([0, 1], [40, 5]))).toBe(1);
    // As it is told: to a tenth of a lap.
    expect(starsIn(hold, driven([24, 4.96]))).toBe(2);
    expect(starsIn(hold, driven([24, 4.94]))).toBe(0);
    expect(starsIn(hold, driven([12, 6], [24, 3]))).toBe(3);
  });

  test("are not for more demonstrations than the goal allows, nor where no laps were recorded", () => {
    expect(starsIn({ ...hold, drives: 1 }, driven([12, 6]))).toBe(0);
    expect(starsIn({ ...hold, drives: 2 }, driven([12, 6]))).toBe(3);
    const older = { ...emptyLesson, world: "road", rounds: [{ labels: 0 } as unknown as Round] };
    expect(starsIn(hold, older)).toBe(0);
  });

  test("are not for what was learned from demonstrations that are deleted by now", () => {
    const drive = (steps: number) => ({ episode: { controllers: new Uint8Array(steps) } });
    const from = (pairs: number) => ({ ...driven([12, 6]).rounds[0]!, pairs }) as unknown as Round;
    const lesson = (rounds: Round[], ...drives: object[]) =>
      ({ ...driven(), rounds, demonstrations: drives }) as unknown as Lesson;
    const goal = { ...hold, drives: 1 };
    expect(starsIn(goal, lesson([from(200 + 12)], drive(200)))).toBe(3);
    expect(starsIn(goal, lesson([from(1000 + 12)], drive(200)))).toBe(0);
    expect(starsIn(goal, lesson([from(1000 + 12), from(200 + 12)], drive(200)))).toBe(3);
  });

  test("are for a map that finds the taste that was dealt, here or in other gardens, from few walks", () => {
    let world = "garden";
    const walked = (weights: readonly number[], demonstrations: number, taste: string | null) => ({
      ...emptyLesson,
      world,
      taste,
      inference: { weights, demonstrations } as unknown as Inference,
    });
    const { gardener, duck } = garden.tastes!;
    for (const elsewhere of [false, true]) {
      world = elsewhere ? "maze" : "garden";
      const wish: Goal = { kind: "wish", walks: [8, 5, 3], elsewhere };
      expect(starsIn(wish, walked(gardener!.weights, 8, "gardener"))).toBe(1);
      expect(starsIn(wish, walked(gardener!.weights, 2, "gardener"))).toBe(3);
      expect(starsIn(wish, walked(gardener!.weights, 9, "gardener"))).toBe(0);
      expect(starsIn(wish, walked(duck!.weights, 2, "gardener"))).toBe(0);
      // A taste of one's own is known to nobody else.
      expect(starsIn(wish, walked(gardener!.weights, 2, null))).toBe(0);
      expect(starsIn(wish, { ...emptyLesson, world: "garden", taste: "gardener" })).toBe(0);
    }
  });

  test.each(
    course.flatMap(({ goal, world, name }) =>
      goal.kind === "wish"
        ? Object.keys(worlds[world]!.tastes!).map((taste) => ({ name, taste, goal, world }))
        : [],
    ),
  )("for the best walks home, on the level $name for a $taste", ({ goal, world, taste }) => {
    const garden = worlds[world]!;
    const { weights } = garden.tastes![taste]!;
    const most = goal.walks[0];
    const walks = Array.from({ length: most }, (_, i) => bestWalk(garden, weights, 3000 + i));
    for (const walk of walks) expect(regretOf(garden, weights, walk)).toBeCloseTo(0, 6);
    const inference = { ...inferFrom(garden, walks), demonstrations: most } as unknown as Inference;
    expect(starsIn(goal, { ...emptyLesson, world, taste, inference })).toBe(1);
    const home = garden.lattice.featureNames.map((_, i) => Number(i === garden.lattice.task));
    const straight = { ...inference, weights: home };
    expect(starsIn(goal, { ...emptyLesson, world, taste, inference: straight })).toBe(0);
  });
});

/** The best walk home; ties are broken at random. */
function bestWalk(garden: Level, weights: readonly number[], seed: number): Trajectory {
  const { mdp, features } = modelOf(garden);
  const { policy } = arriving(mdp, linearReward(features, Float64Array.from(weights)));
  const random = seeded(seed);
  const walk = new Simulation(garden, seed);
  const actions: number[] = [];
  while (!walk.over) {
    const row = (walk.time * mdp.nStates + garden.lattice.cellOf(walk.state)) * mdp.nActions;
    const best = Array.from({ length: mdp.nActions }, (_, a) => a).filter(
      (a) => policy[row + a]! > 0,
    );
    actions.push(best[random.below(best.length)]!);
    walk.step(Float64Array.of(actions.at(-1)!));
  }
  const controllers = actions.map(() => 0);
  return replay(garden, { world: garden.name, seed, actions, controllers });
}
