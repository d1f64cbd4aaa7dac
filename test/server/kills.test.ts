import { expect, test } from "vitest";
import { kill } from "../faults/kills.ts";

test("a server that is killed or replaced at random loses nothing acknowledged, does nothing twice, and tells all clients one history", async () => {
  const count = await kill({ kills: 5, rolls: 2, seed: 1 });
  expect(count).toMatchObject({ lost: 0, twice: 0, broken: 0, split: 0, late: 0, untold: 0 });
  expect(count.kills).toBeGreaterThanOrEqual(5);
  expect(count.acknowledged).toBeGreaterThan(50);
  expect(count.resent, "no kill came between a request and its answer").toBeGreaterThan(0);
});
