import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { squared } from "../shared/policies/heads.ts";
import { recipe, sizesFor, train } from "../shared/policies/training.ts";
import { seeded } from "../shared/random.ts";
import { type Bench, holds, interleave, ratio } from "./bench/harness.ts";
import { PlainNetwork } from "./bench/plainNetwork.ts";
import { report } from "./bench/report.ts";

describe("interleave", () => {
  test("runs tasks in turn, drops the first round, and does not time the resets", () => {
    let now = 0;
    const order: string[] = [];
    const task = (name: string, ms: number, times: number) => ({
      times,
      run() {
        order.push(name);
        now += ms * order.length;
      },
      after() {
        now += 1000;
      },
    });
    const times = interleave({ a: task("a", 1, 1), b: task("b", 10, 2) }, 2, () => now);
    expect(order.join("")).toBe("abbabbabb");
    expect(times).toEqual({ a: [4, 7], b: [55, 85] });
  });
});

describe("ratio", () => {
  test("is the median of the repeats' ratios, with the lowest and the highest", () => {
    expect(ratio("x", [10, 9, 40], [10, 3, 20])).toEqual({ name: "x", value: 2, range: [1, 3] });
    expect(ratio("x", [1, 3], [1, 1]).value).toBe(2);
  });

  test("a claim holds up to its bound", () => {
    const claimed = (value: number, claim: object) => holds(ratio("x", [value], [1], claim));
    expect([1.9, 2, 2.1].map((value) => claimed(value, { atLeast: 2 }))).toEqual([
      false,
      true,
      true,
    ]);
    expect([1.9, 2, 2.1].map((value) => claimed(value, { atMost: 2 }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(claimed(Number.NaN, { atMost: 2 })).toBe(false);
    expect(holds(ratio("x", [1], [1]))).toBeNull();
  });
});

describe("report", () => {
  const benches: Bench[] = [
    {
      name: "Topic",
      run: (clock) => [
        ratio("plain", [1234], [clock()]),
        ratio("fast enough", [3], [1], { atLeast: 2 }),
        ratio("too slow", [2.5], [1], { atMost: 1.5 }),
      ],
    },
  ];

  test("is JSON with every figure, its range and whether its claim holds", async () => {
    expect(JSON.parse(await report(benches, true, () => 1))).toEqual([
      {
        name: "Topic",
        figures: [
          { name: "plain", value: 1234, range: [1234, 1234], holds: null },
          { name: "fast enough", value: 3, range: [3, 3], claim: { atLeast: 2 }, holds: true },
          { name: "too slow", value: 2.5, range: [2.5, 2.5], claim: { atMost: 1.5 }, holds: false },
        ],
      },
    ]);
  });

  test("is a table without --json", async () => {
    expect(await report(benches, false, () => 1)).toBe(`\
Each figure a ratio  median  lowest–highest  claim
Topic
  plain               1234×       1234–1234
  fast enough         3.00×       3.00–3.00  ≥ 2: holds
  too slow            2.50×       2.50–2.50  ≤ 1.5: FAILS
`);
  });
});

test("the plain training loop gives the same network", () => {
  const head = squared({ kind: "continuous", low: [-1], high: [1] });
  const inputs = Float64Array.of(0.5, -1, 0.3, 0.8, -0.9, 0.1);
  const targets = Float64Array.of(0.4, -0.6, 0.1);
  const training = train(2, head, inputs, targets, seeded(3));
  let step = training.next();
  while (!step.done) step = training.next();

  const draws = seeded(3);
  const plain = new PlainNetwork(sizesFor(2, head), draws);
  const rows = [0, 1, 2].map((i) => inputs.subarray(2 * i, 2 * i + 2));
  plain.train(
    rows,
    [0, 1, 2].map((i) => targets.subarray(i, i + 1)),
    recipe,
    draws,
  );
  for (const row of [...rows, Float64Array.of(2, -3)]) {
    step.value.input.set(row);
    expect(plain.forward(row).at(-1)![0]).toBeCloseTo(step.value.forward(1)[0]!, 3);
  }
});

test("the command rejects an unknown argument with one sentence", () => {
  const script = join(import.meta.dirname, "../scripts/bench.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--jsn"], {
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(
    /^Unknown argument "--jsn": there are --json, and the benches labels, [\w, ]+\.\n$/,
  );
});
