import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Budget } from "../../server/door/budget.ts";
import { MessageScheduler } from "../../server/door/messageScheduler.ts";

/**
 * Sources that record their messages and waits. Each message counts for `ms` milliseconds, really takes
 * `slow` of them, and calls `also`.
 */
function bench() {
  let now = 0;
  const budget = new Budget(250, () => now);
  const scheduler = new MessageScheduler(budget);
  const passed: string[] = [];
  const source = (
    address: string,
    name: string,
    messages: number,
    ms = 0,
    slow = 0,
    also = () => {},
  ) => {
    let left = messages;
    scheduler.queue(address, {
      pass() {
        passed.push(name);
        budget.spend(address, ms);
        for (const end = performance.now() + slow; performance.now() < end; );
        also();
        return --left > 0;
      },
      wait: () => void passed.push(`${name} waits`),
      breathe: () => {},
    });
  };
  const later = (by: number) => {
    now += by;
  };
  return { passed, source, later };
}

describe("the message scheduler", () => {
  test("passes a limited number of messages in one turn of the event loop", async () => {
    const { passed, source } = bench();
    for (let i = 0; i < 300; i++) source(`address ${i}`, `${i}`, 1);
    const turns: number[] = [];
    while (passed.length < 300) {
      const before = passed.length;
      await nextTurn();
      turns.push(passed.length - before);
    }
    expect(Math.max(...turns)).toBe(128);
    expect(turns.length).toBeLessThanOrEqual(4);
  });

  test("ends a turn after ten milliseconds", async () => {
    const { passed, source } = bench();
    const slow = 4; // ms
    for (let i = 0; i < 12; i++) source(`address ${i}`, `${i}`, 1, 0, slow);
    while (passed.length < 12) {
      const before = passed.length;
      await nextTurn();
      expect(passed.length - before).toBeLessThanOrEqual(3);
    }
  });

  test("runs other work between two messages", async () => {
    const { passed, source } = bench();
    const between: number[] = [];
    for (let i = 0; i < 3; i++)
      source(`address ${i}`, `${i}`, 1, 0, 0, () =>
        queueMicrotask(() => between.push(passed.length)),
      );
    await expect.poll(() => between).toEqual([1, 2, 3]);
  });

  test("alternates between addresses, however many sockets one has", async () => {
    const { passed, source } = bench();
    for (let i = 0; i < 5; i++) source("many", `m${i}`, 2);
    source("single", "s", 3);
    await expect.poll(() => passed.length).toBe(13);
    expect(passed.slice(0, 6)).toEqual(["m0", "s", "m1", "s", "m2", "s"]);
    // The sources of one address alternate too.
    expect(passed.slice(6)).toEqual(["m3", "m4", "m0", "m1", "m2", "m3", "m4"]);
  });

  test("holds an address over its budget back while others go on", async () => {
    const { passed, source, later } = bench();
    source("greedy", "g", 3, 1100);
    source("other", "o", 5);
    await expect.poll(() => passed.filter((each) => each === "o").length).toBe(5);
    expect(passed.filter((each) => each === "g")).toHaveLength(1);
    expect(passed).toContain("g waits");
    later(10_000);
    await expect
      .poll(() => passed.filter((each) => each === "g").length, { timeout: 5000 })
      .toBe(2);
  });
});
