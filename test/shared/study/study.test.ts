import { describe, expect, test } from "vitest";
import { isRefusal } from "../../../shared/lesson/refusal.ts";
import { seeded } from "../../../shared/random.ts";
import { simulate } from "../../../shared/study/assignment.ts";
import { decide, turnAway } from "../../../shared/study/decide.ts";
import type { StudyEventBody } from "../../../shared/study/events.ts";
import { flagsOf, overviewOf } from "../../../shared/study/overview.ts";
import { readProtocol } from "../../../shared/study/protocol.ts";
import type { ParticipantRequest } from "../../../shared/study/requests.ts";
import { type Participant, Study } from "../../../shared/study/study.ts";
import { viewOf } from "../../../shared/study/view.ts";
import { fileWith } from "./protocols.ts";

const summary = {
  v: 1,
  demonstrations: 1,
  answers: 12,
  takeovers: 0,
  shadows: 0,
  medianResponse: 1500,
  fast: 0,
  same: 0.2,
  steered: 200,
  still: 0.4,
  away: 0,
} as const;

/** A study in memory, by a clock that the test turns. */
class Script {
  readonly study = new Study();
  readonly events: StudyEventBody[] = [];
  readonly random = seeded(7);
  now = 1_000_000;

  constructor(changes: object = {}) {
    this.write({ type: "protocol", digest: "d", text: fileWith(changes) });
  }

  write(event: StudyEventBody): void {
    this.events.push(event);
    this.study.take({ ...event, seq: this.study.seq + 1, at: this.now });
  }

  arrive(id: string): Participant {
    this.write({ type: "arrived", id, study: null, session: null, protocol: 0 });
    return this.study.find(id)!;
  }

  /** What becomes of a request: the type of the event, a refusal's code, or null where nothing is done. */
  ask(
    one: Participant,
    request: Exclude<ParticipantRequest, { type: "begin" | "finish" }>,
  ): string | null {
    const decided = decide(this.study, one, request, {
      now: this.now,
      draw: this.random.uniform(),
    });
    if (decided === null) return null;
    if (isRefusal(decided)) return decided.code;
    this.write(decided);
    return decided.type;
  }

  consent(id: string): Participant {
    const one = this.arrive(id);
    this.ask(one, { type: "consent", version: "1" });
    return one;
  }

  finishTasks(one: Participant): void {
    for (let task = one.tasks.length; task < 2; task++) {
      this.write({ type: "began", participant: one.number, task, lesson: `l${task}` });
      this.write({ type: "finished", participant: one.number, task, skipped: false, summary });
    }
  }
}

describe("a participant's way", () => {
  test("goes from consent to the end, and nothing is done twice", () => {
    const script = new Script();
    const one = script.arrive("anna");
    expect(one.step).toBe("consent");
    expect(script.ask(one, { type: "instructed" })).toBeNull();
    expect(script.ask(one, { type: "consent", version: "0" })).toBe("stale-round");
    expect(script.ask(one, { type: "consent", version: "1" })).toBe("consented");
    expect(script.ask(one, { type: "consent", version: "1" })).toBeNull();
    expect(script.ask(one, { type: "decline" })).toBeNull();
    expect(one.step).toBe("instructions");
    expect(script.ask(one, { type: "instructed" })).toBe("instructed");
    expect(script.ask(one, { type: "check", tries: 0, answers: [1] })).toBe("malformed");
    expect(script.ask(one, { type: "check", tries: 0, answers: [0, 0] })).toBe("checked");
    // The same once more is no second try.
    expect(script.ask(one, { type: "check", tries: 0, answers: [0, 0] })).toBeNull();
    expect(one.step).toBe("check");
    expect(script.ask(one, { type: "check", tries: 1, answers: [1, 0] })).toBe("checked");
    expect(one.step).toBe("task");
    script.finishTasks(one);
    expect(one.step).toBe("questions");
    expect(script.ask(one, { type: "answer", answers: { easier: 0 } })).toBe("malformed");
    expect(script.ask(one, { type: "answer", answers: { easier: 0, trust: 8 } })).toBe("malformed");
    expect(script.ask(one, { type: "answer", answers: { easier: 0, trust: 7, who: 1 } })).toBe(
      "malformed",
    );
    const answers = { easier: 0, trust: 7, remarks: "مرحبا <b>" };
    expect(script.ask(one, { type: "answer", answers })).toBe("answered");
    expect(one).toMatchObject({ step: "completed", answers });
    expect(script.ask(one, { type: "answer", answers })).toBeNull();
  });

  test("ends where the check has been answered wrong as often as one may", () => {
    const script = new Script();
    const one = script.consent("anna");
    script.ask(one, { type: "instructed" });
    for (const tries of [0, 1]) script.ask(one, { type: "check", tries, answers: [0, 0] });
    expect(one.step).toBe("screened");
    expect(script.study.counts(one, script.now)).toBe(false);
  });

  test("nothing is recorded of how somebody takes part who has not agreed, or is done", () => {
    const script = new Script();
    const away = { type: "away", recording: { v: 1, times: 1, ms: 900 } } as const;
    const recording = {
      v: 1,
      device: "phone",
      viewport: [390, 844],
      pixelRatio: 1,
      engine: "Blink",
      timeZoneOffset: 0,
      roundTrip: null,
    } as const;
    const one = script.arrive("anna");
    const record = () => [script.ask(one, { type: "device", recording }), script.ask(one, away)];
    expect(record()).toEqual([null, null]);
    script.ask(one, { type: "consent", version: "1" });
    expect(record()).toEqual(["device", "away"]);
    script.ask(one, { type: "instructed" });
    for (const tries of [0, 1]) script.ask(one, { type: "check", tries, answers: [0, 0] });
    expect(one.step).toBe("screened");
    expect(record()).toEqual([null, null]);
    const other = script.arrive("bert");
    script.ask(other, { type: "decline" });
    expect(script.ask(other, away)).toBeNull();
  });

  test("ends where its time is over, whatever is asked for", () => {
    const script = new Script({ minutes: 1 });
    const one = script.consent("anna");
    script.now += 60_001;
    expect(script.study.counts(one, script.now)).toBe(false);
    expect(script.ask(one, { type: "instructed" })).toBe("timed-out");
    expect(script.ask(one, { type: "instructed" })).toBeNull();
    expect(one.step).toBe("timed-out");
  });

  test("tells no page which answers to the check are right, nor what comes later", () => {
    const script = new Script();
    const one = script.consent("anna");
    script.ask(one, { type: "instructed" });
    const view = viewOf(script.study, one, null);
    expect(view.check!.questions).toHaveLength(2);
    expect(JSON.stringify(view)).not.toMatch(/correct"|EXAMPLE|trust|conditions/);
  });
});

describe("assignment", () => {
  const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);

  test("has all cells within one of each other, for all who arrive before anybody does anything", () => {
    const script = new Script();
    const all = Array.from({ length: 50 }, (_, i) => script.arrive(`p${i}`));
    for (const one of all) script.ask(one, { type: "consent", version: "1" });
    expect(spread(script.study.taken(0, script.now))).toBeLessThanOrEqual(1);
  });

  test("stays balanced where everybody in one condition leaves", () => {
    const script = new Script({ minutes: 10, participants: 1000 });
    for (let i = 0; i < 120; i++) {
      const one = script.consent(`p${i}`);
      script.ask(one, { type: "instructed" });
      // The second condition is tedious: two of three leave.
      if (one.cell!.condition === 0 || i % 3 === 0) {
        script.ask(one, { type: "check", tries: 0, answers: [1, 0] });
        script.finishTasks(one);
        script.ask(one, { type: "answer", answers: { easier: 0, trust: 1 } });
      }
      script.now += 60_000;
    }
    script.now += 600_000;
    const done = [0, 1].map(
      (condition) =>
        [...script.study.participants.values()].filter(
          ({ step, cell }) => step === "completed" && cell!.condition === condition,
        ).length,
    );
    // Those who are at it count as if they stayed, so that it lags behind by as many.
    expect(spread(done)).toBeLessThanOrEqual(10);
    expect(Math.min(...done)).toBeGreaterThan(20);
  });

  test("follows the weights of the conditions", () => {
    const conditions = [
      { name: "a", weight: 2 },
      { name: "b", weight: 1 },
    ];
    const cells = simulate(readProtocol(fileWith({ conditions })), 1000, 0.2, 1);
    const of = (name: string) =>
      cells
        .filter(({ condition }) => condition === name)
        .reduce((sum, cell) => sum + cell.finished, 0);
    expect(of("a") / of("b")).toBeCloseTo(2, 1);
    expect(cells.reduce((sum, { assigned }) => sum + assigned, 0)).toBe(1000);
  });

  test("draws between cells that are equally far behind", () => {
    const first = (seed: number) => simulate(readProtocol(fileWith({})), 1, 0, seed);
    const cells = Array.from({ length: 40 }, (_, i) =>
      first(i).findIndex(({ assigned }) => assigned > 0),
    );
    expect(new Set(cells)).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe("who is let in", () => {
  test("is nobody beyond the cap, and somebody again once one has left", () => {
    const script = new Script({ participants: 2, minutes: 10 });
    const protocol = script.study.protocols[0]!.protocol;
    script.consent("a");
    script.now += 300_000;
    script.consent("b");
    expect(turnAway(script.study, protocol, script.now)).toBe("full");
    script.now += 300_001;
    expect(turnAway(script.study, protocol, script.now)).toBeNull();
  });

  test("is nobody before it opens, after it closes, and while the researcher has closed it", () => {
    const script = new Script({ opens: "2030-01-01T00:00:00Z", closes: "2030-02-01T00:00:00Z" });
    const protocol = script.study.protocols[0]!.protocol;
    const at = (date: string) => turnAway(script.study, protocol, Date.parse(date));
    expect(at("2029-12-31T23:59:59Z")).toBe("closed");
    expect(at("2030-01-15T00:00:00Z")).toBeNull();
    expect(at("2030-02-01T00:00:00Z")).toBe("closed");
    script.write({ type: "closed" });
    expect(at("2030-01-15T00:00:00Z")).toBe("closed");
    script.write({ type: "reopened" });
    expect(at("2030-01-15T00:00:00Z")).toBeNull();
  });

  test("is decided when they agree, by the newest file", () => {
    const script = new Script({ participants: 2 });
    const consent = { type: "consent", version: "1" } as const;
    const [a, b, c] = ["a", "b", "c"].map((id) => script.arrive(id));
    expect(script.ask(a!, consent)).toBe("consented");
    expect(script.ask(b!, consent)).toBe("consented");
    expect(script.ask(c!, consent)).toBeNull();
    script.write({ type: "protocol", digest: "e", text: fileWith({ participants: 3 }) });
    script.write({ type: "closed" });
    expect(script.ask(c!, consent)).toBeNull();
    script.write({ type: "reopened" });
    expect(script.ask(c!, consent)).toBe("consented");
  });

  test("nothing is left of who is erased, and they may come again", () => {
    const script = new Script();
    const one = script.consent("anna");
    script.write({ type: "erased", participant: one.number });
    expect(script.study.find("anna")).toBeUndefined();
    expect(script.study.participants.size).toBe(0);
    // What another process was about to write of them changes nothing.
    script.write({ type: "began", participant: one.number, task: 0, lesson: "l" });
    script.write({ type: "timed-out", participant: one.number });
    expect(script.arrive("anna").number).not.toBe(one.number);
  });
});

describe("what the researcher sees", () => {
  test("where people are, where they left, and how long it took", () => {
    const script = new Script({ minutes: 10 });
    const [a, b, c] = ["a", "b", "c"].map((id) => script.consent(id));
    script.ask(script.arrive("d"), { type: "decline" });
    for (const one of [a!, b!]) {
      script.ask(one, { type: "instructed" });
      script.ask(one, { type: "check", tries: 0, answers: [1, 0] });
    }
    script.now += 120_000;
    script.finishTasks(a!);
    script.ask(a!, { type: "answer", answers: { easier: 1, trust: 1 } });
    script.now += 600_000;
    const overview = overviewOf(script.study, script.now)!;
    expect(overview).toMatchObject({ arrived: 4, taken: 1, completed: 1 });
    const inCells = overview.cells.map((cell) => [cell.assigned, cell.taken, cell.completed]);
    // Three are shared out among four cells, and one of them is done.
    expect(inCells.sort()).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
      [1, 1, 1],
    ]);
    const done = overview.cells.find(({ completed }) => completed > 0)!;
    const { condition, order } = a!.cell!;
    const { conditions, orders } = script.study.protocolOf(a!);
    expect(done.condition).toBe(conditions[condition]!.name);
    expect(done.order).toEqual(orders[order]);
    const places = Object.fromEntries(
      overview.places.map(({ place, here, left }) => [place, [here, left]]),
    );
    expect(places).toMatchObject({
      instructions: [0, 1],
      "task 1": [0, 1],
      completed: [1, 0],
      declined: [1, 0],
    });
    expect(overview.medians[0]).toEqual({ what: "From consent to the end", ms: 120_000 });
    expect(c!.step).toBe("instructions");
  });

  test("flags of those who were away, answered faster than one can see, or always the same", () => {
    const script = new Script();
    const one = script.consent("anna");
    expect(flagsOf(one)).toEqual([]);
    script.write({
      type: "away",
      participant: one.number,
      recording: { v: 1, times: 2, ms: 20_000 },
    });
    script.write({ type: "began", participant: one.number, task: 0, lesson: "l" });
    script.write({
      type: "finished",
      participant: one.number,
      task: 0,
      skipped: false,
      summary: { ...summary, fast: 0.5, same: 1, still: 0.99 },
    });
    expect(flagsOf(one)).toEqual([
      "away 2 times, 20 s",
      "task 1: the wheel stood still for 99 % of the way",
      "task 1: 50 % of answers took less than 250 ms",
      "task 1: 100 % of answers the same",
    ]);
  });
});
