import { beforeAll, describe, expect, test } from "vitest";
import { recordOf } from "../../../shared/data/lessonRecord.ts";
import { tables } from "../../../shared/data/tables/index.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { type Asking, askingBudget, canAsk } from "../../../shared/lesson/asking.ts";
import { lessonFile, readLessonFile } from "../../../shared/lesson/file.ts";
import type { LessonEvent } from "../../../shared/lesson/fold.ts";
import { refuseByPlan } from "../../../shared/lesson/locks.ts";
import { lessonPlan, plannedLevel } from "../../../shared/lesson/plan.ts";
import { isRefusal } from "../../../shared/lesson/refusal.ts";
import { changes } from "../../../shared/lesson/requests.ts";
import { correctionsIn } from "../../../shared/lesson/training.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { History } from "./histories.ts";

const road = worlds.road!;
const key = "asking-key";

/** A drive with a person at these steps. */
function drive(...mine: readonly (readonly [from: number, to: number])[]) {
  const episode = demonstrate(road, 6000);
  const isMine = (t: number) => mine.some(([from, to]) => from <= t && t < to);
  return { ...episode, controllers: episode.controllers.map((_, t) => (isMine(t) ? 0 : 1)) };
}

const episode = drive([10, 25], [60, 80]);
const asking: Asking = {
  rate: 0.2,
  turns: [
    [10, "unfamiliar"],
    [60, "danger"],
  ],
};

let history: History;
beforeAll(async () => {
  history = new History("road");
  history.show(5000);
  await history.train();
  history.ask("intervene", { round: 0, episode });
  history.ask("intervene", { round: 0, episode, asking });
});

describe("a drive in which the learner asked for the wheel", () => {
  test("is a takeover that says so, and teaches what a takeover does", () => {
    const [person, learner] = history.lesson.rounds[0]!.interventions;
    expect(person).toEqual({ seq: 4, episode });
    expect(learner).toEqual({ seq: 5, episode, asking });
    const [first, second] = correctionsIn(road, history.lesson.rounds[0]!);
    expect(second!.labels).toEqual(first!.labels);
    expect(second!.labels).toHaveLength(35);
  });

  test("is the same once it has been a file", () => {
    expect(readLessonFile(lessonFile(history.events))).toEqual(history.events);
  });

  test("is told apart in the data, down to the step", () => {
    const record = { ...recordOf("a", history.events), learners: new Map() };
    const rows = (name: string) => {
      const { columns, rows } = tables.find((table) => table.name === name)!;
      return [...rows(record)].map((row) =>
        Object.fromEntries(columns.map((column) => [column.name, column.of(row as never, 0)])),
      );
    };
    const episodes = rows("episodes").map(({ kind, began, asking_rate }) => [
      kind,
      began,
      asking_rate,
    ]);
    expect(episodes).toEqual([
      ["demonstration", null, null],
      ["rollout", null, null],
      ["rollout", null, null],
      ["takeover", "person", null],
      ["takeover", "learner", 0.2],
    ]);
    const asked = rows("steps").filter(({ asked_for }) => asked_for !== null);
    expect(asked.map(({ episode, t, asked_for }) => [episode, t, asked_for])).toEqual([
      [4, 10, "unfamiliar"],
      [4, 60, "danger"],
    ]);
  });

  test.each([
    ["asks for nothing", { ...asking, turns: [] }],
    ["asks for all of it", { ...asking, rate: 0.6 }],
    ["asks for other reasons", { ...asking, turns: [[10, "bored"]] }],
    ["says something more", { ...asking, budget: 40 }],
    ["asks without end", { ...asking, turns: Array(257).fill([10, "danger"]) }],
  ])("is no request where it %s", (_, asking) => {
    const { schema } = changes.intervene.request;
    expect(schema.safeParse({ key, round: 0, episode, asking }).success).toBe(false);
  });

  test.each([
    ["at another step", [[11, "unfamiliar"], asking.turns[1]], 0.2],
    ["once, where the wheel went over twice", [asking.turns[0]], 0.2],
    ["in another order", [...asking.turns].reverse(), 0.2],
    ["for more than it may", asking.turns, 0.15],
  ] as const)("is refused where it asked %s", (_, turns, rate) => {
    const asked = { rate, turns } as Asking;
    const refused = changes.intervene.decide(history.lesson, { round: 0, episode, asking: asked });
    expect(refused).toMatchObject({ code: "bad-episode" });
    const forged = history.events.map((event) =>
      event.seq === 5 ? ({ ...event, asking: asked } as LessonEvent) : event,
    );
    expect(() => readLessonFile(lessonFile(forged))).toThrow("Line 6");
  });

  test("may take all of its budget, and no step more", () => {
    const most = askingBudget(road, 0.2);
    expect(most).toBe(40);
    const decide = (to: number) =>
      changes.intervene.decide(history.lesson, {
        round: 0,
        episode: drive([0, to]),
        asking: { rate: 0.2, turns: [[0, "unfamiliar"]] },
      });
    expect(isRefusal(decide(most))).toBe(false);
    expect(decide(most + 1)).toMatchObject({ reason: expect.stringContaining("40 steps") });
  });

  test("is nothing for a world that waits", async () => {
    const walk = new History("garden");
    walk.show(5000);
    await walk.train();
    const { actions, controllers, ...rest } = demonstrate(worlds.garden!, 6000);
    const mine = { ...rest, actions, controllers: controllers.map((_, t) => (t === 0 ? 0 : 1)) };
    const asking: Asking = { rate: 0.2, turns: [[0, "unfamiliar"]] };
    expect(changes.intervene.decide(walk.lesson, { round: 0, episode: mine })).toMatchObject({
      type: "intervened",
    });
    expect(
      changes.intervene.decide(walk.lesson, { round: 0, episode: mine, asking }),
    ).toMatchObject({ code: "bad-episode" });
  });
});

describe("a plan", () => {
  const level = (
    world: string,
    way: string | string[],
    policy = world === "garden" ? "softmax" : "fourier",
  ) =>
    plannedLevel.safeParse({
      world,
      learner: {
        policy,
        query: "novel",
        budget: 8,
        drives: 2,
      },
      rounds: 1,
      corrections: { ways: [way].flat() },
    });

  test("may have this way, where the world does not wait", () => {
    expect(level("road", "when-asked").success).toBe(true);
    expect(level("garden", "when-asked").error?.message).toContain("nobody has to be asked");
  });

  test("has another way beside it where the learner may never ask", () => {
    for (const [world, policy] of [
      ["mountain", "softmax"],
      ["mountain", "tabular"],
      ["path", "fourier"],
    ] as const) {
      const alone = level(world, ["when-asked", "when-asked"], policy);
      expect(alone.error?.issues, world).toEqual([
        expect.objectContaining({
          path: ["corrections", "ways"],
          message: `${policy} may never ask in ${world}, and then nobody gets on; add another way`,
        }),
      ]);
      expect(level(world, ["when-asked", "takeover"], policy).success, world).toBe(true);
      expect(level(world, "takeover", policy).success, world).toBe(true);
    }
    expect(canAsk(worlds.road!, "gaussianProcess")).toBe(true);
    expect(canAsk(worlds.road!, "tabular")).toBe(false);
  });

  test("lets pass what is asked for in its way, and nothing else", () => {
    for (const [way, passes] of [
      ["when-asked", [false, true]],
      ["takeover", [true, false]],
    ] as const) {
      const plan = lessonPlan(level("road", way).data!, () => 0);
      const lesson = { ...history.lesson, rounds: history.lesson.rounds.slice(0, 1), plan };
      const requests = [{ episode }, { episode, asking }];
      const found = requests.map((one) => refuseByPlan(lesson, "intervene", one) === null);
      expect(found, way).toEqual(passes);
    }
  });
});
