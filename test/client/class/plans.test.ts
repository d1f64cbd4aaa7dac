import { signal } from "@preact/signals";
import { describe, expect, test, vi } from "vitest";
import type { Asking } from "../../../client/class/asking.ts";
import type { ClassConnection } from "../../../client/class/connection.ts";
import { classOf, suits } from "../../../client/class/door/own-plan.ts";
import { leadingOf } from "../../../client/class/pupil/pace.ts";
import type { ClassView, PupilView } from "../../../client/class/view.ts";
import { heldAt, stepOf } from "../../../client/class/where.ts";
import { sayScore, sayTime } from "../../../client/class/words.ts";
import { newClass } from "../../../shared/class/requests.ts";
import type { Activity } from "../../../shared/class/room.ts";
import { stepsOf } from "../../../shared/class/steps.ts";
import { plannedLevel, ways } from "../../../shared/lesson/plan.ts";
import { kinds, worlds } from "../../../shared/worlds/index.ts";

describe("a plan of one's own", () => {
  const levels = kinds.flatMap(({ levels }) => levels);

  test("is one that the server takes, in every world and way", () => {
    for (const level of levels) {
      for (const way of ways.filter((way) => suits(way, level))) {
        for (const questions of [4, 24]) {
          const plan = classOf({ world: level.name, way, questions, rounds: 2 });
          const read = newClass.safeParse(plan);
          expect(read.success, `${level.name}, ${way}: ${read.error?.message}`).toBe(true);
        }
      }
    }
    expect(levels.some((level) => !suits("shadow", level))).toBe(true);
  });
});

describe("where a pupil is", () => {
  const read = classOf({
    world: kinds[0]!.levels[0].name,
    way: "time-stop",
    questions: 8,
    rounds: 2,
  });
  const level = plannedLevel.parse("level" in read ? read.level : null);
  const steps = stepsOf(level, 2);
  const at = (activity: Activity, trained: number) => ({ activity, trained }) as PupilView;

  test("is a step of the plan", () => {
    const found = (["demonstrating", "cloning"] as const).map((one) => stepOf(at(one, 0), steps));
    expect(found).toEqual([0, 1]);
    expect(stepOf(at("correcting", 1), steps)).toBe(2);
    expect(stepOf(at("retraining", 2), steps)).toBe(3);
    expect(stepOf(at("done", 3), steps)).toBeNull();
  });

  test("may be further than the teacher lets all go", () => {
    const upTo = (step: number) => ({ step, steps }) as unknown as ClassView;
    expect(heldAt(upTo(0), at("cloning", 0))).toEqual({ name: "clone", round: 0 });
    expect(heldAt(upTo(1), at("cloning", 0))).toBeNull();
    expect(heldAt(upTo(-1), at("correcting", 1))).toBeNull();
    expect(heldAt(upTo(0), at("done", 3))).toBeNull();
  });
});

describe("what a pupil's page says of a guess", () => {
  const seen = signal<ClassView | null>(null);
  const ask = vi.fn();
  const connection = { view: seen, isTimeUp: signal(false) } as unknown as ClassConnection;
  const leading = leadingOf(connection, { ask } as unknown as Asking, {
    class: "c",
    pupil: 2,
    secret: "s",
  });
  const see = (guessClone: number, isEnded = false, number = 2) => {
    const own = { number, guessClone, guessCorrected: Number.NaN } as PupilView;
    seen.value = { isEnded, pupils: [own] } as unknown as ClassView;
    return [leading.lacksGuess("clone"), leading.lacksGuess("corrected")];
  };

  test("is worth saying again where the class is known not to have heard it", () => {
    expect(leading.lacksGuess("clone")).toBe(false);
    expect(see(Number.NaN)).toEqual([true, true]);
    expect(see(3)).toEqual([false, true]);
    // Who went on without a guess has said that.
    expect(see(-1)).toEqual([false, true]);
    expect(see(Number.NaN, true)).toEqual([false, false]);
    expect(see(Number.NaN, false, 3)).toEqual([false, false]);
  });
});

test("numbers are said as one reads them", () => {
  expect(sayScore(worlds.road!, 1.04)).toBe("1.0 lap");
  expect(sayScore(worlds.road!, 0.26)).toBe("0.3 laps");
  expect(sayScore(worlds.garden!, 0.26)).toBe("26 %");
  expect([0, 59.2, 60, 245].map(sayTime)).toEqual(["0:00", "1:00", "1:00", "4:05"]);
});
