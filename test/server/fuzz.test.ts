import { expect, test } from "vitest";
import { fuzz } from "../fuzz/fuzz.ts";

test("no input crashes the server, makes it reveal its paths, or disturbs a lesson", async () => {
  const { findings, downs, sent, acknowledged, memory } = await fuzz({ inputs: 2000, seed: 1 });
  expect(findings).toEqual([]);
  expect(downs).toBe(0);
  expect(sent).toBe(2000);
  expect(acknowledged).toBeGreaterThan(20);
  const [early, , late] = memory.map(({ heapUsed }) => heapUsed);
  expect(late! - early!, "bytes of heap that 2,000 inputs left behind").toBeLessThan(20e6);
});
