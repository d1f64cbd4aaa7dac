import { describe, expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { refuseHistory } from "../../../shared/lesson/admission.ts";
import { apply, type LessonEvent, type NewEvent } from "../../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../../shared/lesson/lesson.ts";
import { isFulfilled, mayForget, plannedSeed } from "../../../shared/lesson/locks.ts";
import type { LessonPlan } from "../../../shared/lesson/plan.ts";
import { isRefusal } from "../../../shared/lesson/refusal.ts";
import {
  decide,
  type InstantName,
  type Request,
  refuseWork,
} from "../../../shared/lesson/requests.ts";
import { startRound } from "../../../shared/lesson/training.ts";
import { worlds } from "../../../shared/worlds/index.ts";

const learner = { policy: "softmax", query: "novel", budget: 3, drives: 2, spare: 0, repeats: 0 };
const plan: LessonPlan = {
  demonstrations: { least: 1, most: 2, seeds: [5000, 5001] },
  learner,
  rounds: 1,
  corrections: { ways: ["time-stop"], least: 2, most: 3 },
  tools: [],
};
const walk = (seed: number) => ({ key: "a-test-key", episode: demonstrate(worlds.garden!, seed) });
const train = { key: "a-test-key", plan: learner };
const answer = (index: number) => ({ key: "a-test-key", round: 0, index, action: [1] });

/** A lesson in memory, whose requests are decided as a service does. */
class Script {
  lesson: Lesson = emptyLesson;
  readonly events: LessonEvent[] = [];

  constructor(changes: Partial<LessonPlan> = {}) {
    this.write({ type: "created", world: "garden", plan: { ...plan, ...changes } });
  }

  write(event: NewEvent): void {
    const placed = { ...event, seq: this.lesson.seq + 1, at: 0 } as LessonEvent;
    this.events.push(placed);
    this.lesson = apply(this.lesson, placed);
  }

  /** Null where it was done, else why not. */
  ask<N extends InstantName>(name: N, request: Request<N>): string | null {
    const decided = decide(name, this.lesson, request);
    if (isRefusal(decided)) return decided.reason;
    this.write(decided);
    return null;
  }

  train(request = train): string | null {
    const refused = refuseWork("train", this.lesson, request);
    if (refused) return refused.reason;
    const { seq } = this.lesson;
    const { round } = startRound(this.lesson, request.plan, seq);
    const computed = { digest: "0".repeat(64), arithmetic: "test", ms: 1, basis: seq };
    this.write({ type: "trained", v: 2, ...round, ...computed });
    return null;
  }
}

describe("a lesson's plan", () => {
  test("is followed to its end, and nothing else is let through", () => {
    const script = new Script();
    expect(script.train()).toBe("Demonstrate 1 more time first.");
    expect(script.ask("demonstrate", walk(5001))).toMatch(/begins somewhere else/);
    expect(script.ask("demonstrate", walk(5000))).toBeNull();
    expect(script.ask("demonstrate", walk(5000))).toMatch(/begins somewhere else/);
    expect(script.ask("demonstrate", walk(5001))).toBeNull();
    expect(script.ask("demonstrate", walk(5002))).toBe("In this task you demonstrate 2 times.");
    expect(script.train({ ...train, plan: { ...learner, query: "random" } })).toMatch(
      /its own learner/,
    );
    expect(script.train()).toBeNull();
    expect(script.ask("demonstrate", walk(5000))).toMatch(/before the learner is trained/);
    expect(script.ask("label", answer(0))).toBeNull();
    expect(script.train()).toBe("Correct the learner 1 more time first.");
    expect(script.ask("label", answer(1))).toBeNull();
    expect(script.ask("label", answer(2))).toBeNull();
    expect(isFulfilled(script.lesson)).toBe(false);
    expect(script.train()).toBeNull();
    expect(isFulfilled(script.lesson)).toBe(true);
    const late = { ...answer(0), round: 1 };
    expect(script.ask("label", late)).toBe("This task is done.");
    expect(script.train()).toBe("This task is done.");
    expect(refuseHistory(script.events)).toBeNull();
  });

  test.each([
    ["note", { key: "a-test-key", step: "demonstrate", text: "hello" }],
    ["forget", { key: "a-test-key", demonstration: 2 }],
    ["undo", { key: "a-test-key", round: 0, index: 0 }],
    ["retract", { key: "a-test-key", correction: 4 }],
    ["deal", { key: "a-test-key", taste: "gardener" }],
    ["intervene", { ...walk(6000), round: 0 }],
  ] as const)("has no place for %s unless it says so", (name, request) => {
    const script = new Script();
    script.ask("demonstrate", walk(5000));
    script.train();
    script.ask("label", answer(0));
    expect(script.ask(name, request as never)).toMatch(/part of this task\.$/);
  });

  test("has the start of a demonstration that was deleted shown again, and no other twice", () => {
    const script = new Script({ tools: ["delete"] });
    script.ask("demonstrate", walk(5000));
    script.ask("demonstrate", walk(5001));
    expect(plannedSeed(script.lesson)).toBeNull();
    expect(script.ask("forget", { key: "a-test-key", demonstration: 2 })).toBeNull();
    expect(plannedSeed(script.lesson)).toBe(5000);
    expect(script.ask("demonstrate", walk(5001))).toMatch(/begins somewhere else/);
    expect(script.ask("demonstrate", walk(5000))).toBeNull();
    expect(refuseHistory(script.events)).toBeNull();
  });

  test("leaves tools and ways that it names", () => {
    const script = new Script({
      tools: ["notes", "undo", "delete"],
      corrections: { ways: ["takeover"], least: 1, most: 1 },
    });
    script.ask("demonstrate", walk(5000));
    expect(script.ask("forget", { key: "a-test-key", demonstration: 2 })).toBeNull();
    // The first again, as it was deleted.
    expect(script.ask("demonstrate", walk(5000))).toBeNull();
    expect(mayForget(script.lesson)).toBe(true);
    expect(script.train()).toBeNull();
    expect(mayForget(script.lesson)).toBe(false);
    expect(script.ask("forget", { key: "a-test-key", demonstration: 4 })).toMatch(
      /so the demonstration stays\.$/,
    );
    expect(script.ask("label", answer(0))).toMatch(/not part of this task/);
    const correction = { ...walk(6000), round: 0 };
    expect(script.ask("intervene", correction)).toBeNull();
    expect(script.ask("intervene", correction)).toMatch(/all corrections of this round/);
    expect(script.ask("retract", { key: "a-test-key", correction: 6 })).toBeNull();
    expect(script.ask("intervene", correction)).toBeNull();
    expect(refuseHistory(script.events)).toBeNull();
  });

  test("takes nothing more once it is finished, and a file of it neither", () => {
    const script = new Script();
    script.ask("demonstrate", walk(5000));
    script.write({ type: "finished" });
    expect(script.ask("demonstrate", walk(5001))).toMatch(/^This task is finished/);
    expect(script.train()).toMatch(/^This task is finished/);
    expect(refuseHistory(script.events)).toBeNull();
    script.write({ type: "noted", step: "demonstrate", text: "hello" });
    expect(refuseHistory(script.events)).toMatchObject({ seq: 4 });
    const [created, ...others] = script.events;
    const { plan: _, ...free } = created as typeof created & { plan: object };
    expect(refuseHistory([free as LessonEvent, ...others.slice(0, 2)])).toMatchObject({
      seq: 3,
      reason: "only a task is finished",
    });
  });

  test("of a file has a learner that can be asked for", () => {
    const script = new Script();
    const [created] = script.events;
    const { plan } = created as { plan: { learner: object } };
    const learner = { ...plan.learner, policy: "nothing" };
    const other = { ...created, plan: { ...plan, learner } } as typeof created;
    expect(refuseHistory([other!])).toMatchObject({ seq: 1 });
    expect(refuseHistory([created!])).toBeNull();
  });

  test("is looked at where a lesson comes as a file", () => {
    const script = new Script();
    script.ask("demonstrate", walk(5000));
    script.write({ type: "noted", step: "demonstrate", text: "hello" });
    expect(refuseHistory(script.events)).toMatchObject({
      seq: 3,
      reason: "This is not part of this task.",
    });
  });

  test("a lesson without one is nobody's task", () => {
    const lesson = apply(emptyLesson, {
      seq: 1,
      at: 0,
      type: "created",
      world: "garden",
      taste: null,
    });
    expect(isFulfilled(lesson)).toBe(false);
    expect(isRefusal(decide("demonstrate", lesson, walk(9000)))).toBe(false);
  });
});
