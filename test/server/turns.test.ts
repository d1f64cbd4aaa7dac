import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { clock, now } from "../../server/time.ts";

/** By the clock that is paid by: the machine may do something else in between. */
const busy = (ms: number) => {
  for (const end = now() + ms; now() < end; );
};

test("of many who go on at once, a turn of the event loop takes some, and each pays for itself", async () => {
  const paid: number[] = [];
  let done = 0;
  const all = Array.from({ length: 9 }, async (_, i) => {
    await clock.turn((ms) => {
      paid[i] = ms;
    });
    busy(4);
    // What follows without a wait counts as well.
    await Promise.resolve();
    busy(i === 2 ? 30 : 0);
    done++;
  });
  const inATurn: number[] = [];
  while (done < all.length) {
    const before = done;
    await nextTurn();
    inATurn.push(done - before);
  }
  await nextTurn();
  expect(Math.max(...inATurn)).toBeLessThanOrEqual(3);
  expect(paid).toHaveLength(9);
  expect(paid[2]).toBeGreaterThan(25);
  for (const ms of paid.toSpliced(2, 1)) expect(ms).toBeLessThan(25);
});
