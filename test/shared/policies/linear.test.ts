import { expect, test } from "vitest";
import { linear } from "../../../shared/policies/linear.ts";
import { finish } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, gap, steering, taught } from "./data.ts";

test("linear finds the line that the data lie on, and its intercept", () => {
  const { observations } = taught(steering, 50, 1);
  const rows = Array.from({ length: 50 }, (_, i) => [...observations.subarray(3 * i, 3 * i + 3)]);
  const line = ([x, y, z]: readonly number[]) => [0.2 * x! - 0.1 * y!, 1.2 + 0.5 * z! + 0.3 * x!];
  const { policy, loss } = finish(linear.fit(dataset(steering, rows, rows.map(line)), seeded(1)));
  const action = new Float64Array(2);
  policy.act(Float64Array.of(0.7, -0.4, 0.9), action);
  expect(gap(action, line([0.7, -0.4, 0.9]))).toBeLessThan(1e-4);
  expect(loss).toBeLessThan(1e-9);
});

test("linear does not bend: of a product it learns nothing", () => {
  const data = taught(steering, 400, 1);
  const { loss } = finish(linear.fit(data, seeded(1)));
  const spread = data.actions.reduce((sum, a, i) => sum + (i % 2 === 0 ? a * a : 0), 0) / data.n;
  expect(loss).toBeGreaterThan(0.4 * spread);
});
