import { describe, expect, test } from "vitest";
import { verdictOn } from "../../client/lesson/watch/verdict.ts";
import { mostSteps } from "../../shared/imitation/endurance.ts";
import { emptyLesson, type Lesson, type Round } from "../../shared/lesson/lesson.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { byKeys, fair, oval } from "../../shared/worlds/road/levels.ts";
import type { Road } from "../../shared/worlds/road/road.ts";
import { Outcome } from "../../shared/worlds/world.ts";
import { drive } from "./script.ts";
import { recordedBy } from "./someone.ts";

/** A learner that got so many laps from every start, and held nowhere. */
function round(laps: number, more: Partial<Round> = {}): Round {
  const starts = Array.from({ length: 20 }, () => laps);
  return {
    seq: 3,
    heldOut: starts,
    validation: starts,
    endurance: { laps: starts, steps: starts.map(() => 9) },
    episodes: [],
    queries: [],
    answers: [],
    answered: [],
    interventions: [],
    shadows: [],
    labels: 0,
    ...more,
  } as unknown as Round;
}

function lessonIn(world: Road, rounds: readonly Round[], late = 3): Lesson {
  const hands = { ahead: 1, late, noise: 0.03, slack: 0.15 };
  const episode = recordedBy((world.demonstratedIn ?? world) as Road, hands, 5);
  return { ...emptyLesson, world: world.name, demonstrations: [{ seq: 2, episode }], rounds };
}

const said = (world: Road, ...rounds: readonly Round[]) =>
  verdictOn(lessonIn(world, rounds), world).words;

describe("why the clone crashes", () => {
  test("is said where the wind blows for both", () => {
    expect(said(oval, round(0.4))).toMatch(/The wind pushes it to places where you never were\.$/);
    expect(said(fair, round(0.4))).toContain("you never showed it");
  });

  test("is said where hands are late, with how late they are", () => {
    const words = said(byKeys, round(0.4));
    const [, seconds] = words.match(
      /You steered about (\d\.\d\d) s late\. Your clone copied that/,
    )!;
    expect(Number(seconds)).toBeGreaterThan(0.05);
    expect(Number(seconds)).toBeLessThan(0.6);
  });

  test("is not said where it does not crash", () => {
    const endurance = { laps: Array(20).fill(9), steps: Array(20).fill(mostSteps) };
    for (const world of [oval, byKeys])
      expect(said(world, round(9, { endurance }))).toMatch(/did not crash in 20 of 20 tries\.$/);
  });
});

describe("a round after which an earlier learner is still the best", () => {
  const own = drive(worlds.road!, 5001);
  const { outcomes } = replay(worlds.road!, own);
  const fall = outcomes.indexOf(Outcome.fell);
  const answered = (t: number) => ({
    episodes: [own],
    queries: [[0, t]],
    answers: [{ action: own.actions.slice(t, t + 1) }],
  });
  const worse = (t: number) =>
    said(
      worlds.road as Road,
      round(0.9, answered(t) as unknown as Partial<Round>),
      round(0.7, { episodes: [own] } as unknown as Partial<Round>),
    );

  test("says how the newest did, why it is not shown, and what is next", () => {
    const words = worse(0);
    expect(words).toContain("Your last answers are kept. The new learner: 0.7 laps");
    expect(words).toContain("no better than in round 1");
    expect(words).toMatch(/The next questions are from its newest drives\. .* train again\.$/);
  });

  test("says whether it crashes where one answered", () => {
    expect(worse(0)).toContain("It crashes at places where you have not answered.");
    expect(worse(fall)).toContain("It still crashes near places where you answered");
  });
});
