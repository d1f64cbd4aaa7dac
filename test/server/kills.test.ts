import { expect, test } from "vitest";
import { kill } from "../faults/kills.ts";

test("killed or replaced at random moments while people teach: nothing promised is lost, nothing is done twice, all hear one history", async () => {
  const count = await kill({ kills: 5, rolls: 2, seed: 1 });
  expect(count).toMatchObject({ lost: 0, twice: 0, broken: 0, split: 0, late: 0, untold: 0 });
  expect(count.kills).toBeGreaterThanOrEqual(5);
  expect(count.acknowledged).toBeGreaterThan(50);
  expect(count.resent, "no kill came between a request and its answer").toBeGreaterThan(0);
});
