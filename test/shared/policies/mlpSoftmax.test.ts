import { expect, test } from "vitest";
import { mlpSoftmax } from "../../../shared/policies/mlpSoftmax.ts";
import type { NetworkPolicy } from "../../../shared/policies/networkPolicy.ts";
import { finish } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, moves, taught } from "./data.ts";

test("mlpSoftmax learns what no linear score can: one action inside a ring, another outside", () => {
  const { observations } = taught(moves, 300, 1);
  const rows = Array.from({ length: 300 }, (_, i) => [...observations.subarray(3 * i, 3 * i + 3)]);
  const ring = ([x, y]: readonly number[]) => (x! * x! + y! * y! < 0.5 ? 2 : 0);
  const data = dataset(
    moves,
    rows,
    rows.map((row) => [ring(row)]),
  );
  const { policy, loss } = finish(mlpSoftmax.fit(data, seeded(1)));
  expect(loss).toBeLessThan(0.02);
  const action = new Float64Array(1);
  const others = taught(moves, 200, 2).observations;
  let right = 0;
  for (let i = 0; i < 200; i++) {
    const row = others.subarray(3 * i, 3 * i + 3);
    policy.act(row, action);
    if (action[0] === ring([...row])) right++;
  }
  expect(right).toBeGreaterThan(180);
});

test("its outputs are log-odds: contradictions end at the share of each answer", () => {
  const place = [0.2, -0.3, 0.5];
  const answers = [1, 1, 1, 2];
  const data = dataset(
    moves,
    answers.map(() => place),
    answers.map((a) => [a]),
  );
  const { policy, loss } = finish(mlpSoftmax.fit(data, seeded(1)));
  const output = (policy as NetworkPolicy).output(Float64Array.from(place));
  expect(output[1]! - output[2]!).toBeCloseTo(Math.log(3), 2);
  expect(loss).toBeCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), 2);
});
