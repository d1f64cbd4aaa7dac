import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Adam } from "../../../shared/policies/adam.ts";
import { pair } from "../../../shared/policies/dataset.ts";
import { crossEntropy, gaussian, squared } from "../../../shared/policies/heads.ts";
import { mlp } from "../../../shared/policies/mlp.ts";
import { Network } from "../../../shared/policies/network.ts";
import { finish } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import type { ActionSpace } from "../../../shared/spaces.ts";
import { differences, gap, steering, taught } from "./data.ts";

describe("network", () => {
  // Sizes on both sides of the four rows that the kernels take at a time.
  const size = fc.integer({ min: 1, max: 9 });
  const two: ActionSpace = { kind: "continuous", low: [-1, 0], high: [1, 3] };
  const five: ActionSpace = { kind: "discrete", names: ["a", "b", "c", "d", "e"] };

  test.each([
    ["half the squared error", squared(two), two],
    ["the Gaussian log-likelihood", gaussian(two), two],
    ["the cross-entropy", crossEntropy(five), five],
  ])("gradient of %s is that of finite differences, whatever the sizes", (_, head, space) => {
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 3 }),
        size,
        fc.integer({ min: 0, max: 1e6 }),
        (inner, n, seed) => {
          const random = seeded(seed);
          const sizes = [...inner, head.nOutputs];
          const network = new Network(sizes, n + 2);
          network.initialise(random);
          for (let i = 0; i < network.parameters.length; i++) {
            network.parameters[i]! += 0.1 * random.normal();
          }
          network.input.set(network.input.map(() => random.normal()));
          const targets = head.targets(taught(space, n, seed).actions);
          const gradient = new Float64Array(network.parameters.length).fill(7);
          const loss = (parameters: Float64Array) => {
            const other = new Network(sizes, n, parameters);
            other.input.set(network.input.subarray(0, n * sizes[0]!));
            return head.descend(other.forward(n), targets, n, other.slopes);
          };
          head.descend(network.forward(n), targets, n, network.slopes);
          network.backward(n, gradient);
          expect(gap(gradient, differences(loss, network.parameters))).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("sends each row through by the formulas", () => {
    const network = new Network([1, 2, 1], 3, [0.5, -1, 0.1, 0.2, 2, -3, 0.7]);
    network.input.set([0, 1, -2]);
    const y = (x: number) => 2 * Math.tanh(0.5 * x + 0.1) - 3 * Math.tanh(-x + 0.2) + 0.7;
    expect(gap(network.forward(3), [0, 1, -2].map(y))).toBeLessThan(1e-12);
  });

  test("weights start with the spread that keeps signals the same size", () => {
    const network = new Network([100, 60], 1);
    network.initialise(seeded(1));
    const weights = network.parameters.subarray(0, 6000);
    const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
    expect(variance).toBeCloseTo(2 / 160, 3);
    expect([...network.parameters.subarray(6000)]).toEqual(new Array(60).fill(0));
  });
});

describe("Adam", () => {
  test("steps by its rate against the sign of the first gradient, whatever its size", () => {
    const parameters = Float64Array.of(1, 1, 1);
    new Adam(3).step(parameters, Float64Array.of(1e-4, -50, 0), 0.1);
    expect(gap(parameters, [0.9, 1.1, 1])).toBeLessThan(1e-4);
  });

  test("the second step is the one of the paper", () => {
    const parameters = new Float64Array(1);
    const adam = new Adam(1);
    adam.step(parameters, Float64Array.of(2), 0.1);
    const first = parameters[0]!;
    adam.step(parameters, Float64Array.of(-1), 0.1);
    const mean = (0.9 * 0.1 * 2 + 0.1 * -1) / (1 - 0.9 ** 2);
    const square = (0.999 * 0.001 * 4 + 0.001 * 1) / (1 - 0.999 ** 2);
    expect(parameters[0]! - first).toBeCloseTo((-0.1 * mean) / (Math.sqrt(square) + 1e-8), 10);
  });
});

describe("mlp", () => {
  const data = taught(steering, 300, 1);
  const { policy, loss } = finish(mlp.fit(data, seeded(1)));

  test("learns a smooth function closely, between its data too", () => {
    const action = new Float64Array(2);
    const error = ({ n }: typeof data, of = data) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const [observation, expert] = pair(of, i);
        policy.act(observation, action);
        sum += (0.5 * ((action[0]! - expert[0]!) ** 2 + (action[1]! - expert[1]!) ** 2)) / n;
      }
      return sum;
    };
    expect(error(data)).toBeCloseTo(loss, 10);
    expect(loss).toBeLessThan(1e-4);
    const others = taught(steering, 100, 2);
    expect(error(others, others)).toBeLessThan(5e-4);
  });

  test("knows where it was taught, and that it knows nothing far away", () => {
    for (let i = 0; i < data.n; i++)
      expect(policy.uncertainty(pair(data, i)[0])).toBeLessThan(0.05);
    const near = policy.uncertainty(Float64Array.of(0, 0, 0));
    expect(policy.uncertainty(Float64Array.of(3, 3, -3))).toBeGreaterThan(10 * near);
  });
});
