import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { affine } from "../../../shared/policies/affine.ts";
import { solve } from "../../../shared/policies/cholesky.ts";
import { fourier } from "../../../shared/policies/fourier.ts";
import { type FourierJson, fourierFeatures } from "../../../shared/policies/fourierFeatures.ts";
import { linear } from "../../../shared/policies/linear.ts";
import { finish } from "../../../shared/policies/policy.ts";
import type { FeatureMap, RidgeJson, RidgePolicy } from "../../../shared/policies/ridge.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, gap, steering } from "./data.ts";

type Pair = readonly [Float64Array, Float64Array];

/** The observations that a person's driving gives: some often repeated, one number that never changes. */
function pairs(n: number, seed: number): Pair[] {
  const random = seeded(seed);
  const places = Array.from({ length: 1 + n / 3 }, () => [
    2 * random.uniform() - 1,
    0.7,
    random.normal(),
  ]);
  return Array.from({ length: n }, () => [
    Float64Array.from(places[random.below(places.length)]!),
    Float64Array.of(2 * random.uniform() - 1, 3 * random.uniform()),
  ]);
}

/** The weights that minimise the penalised squares of all of `data` at once, from the normal equations. */
function batch(features: FeatureMap, lambda: number, data: readonly Pair[], k: number) {
  const { size } = features;
  const a = new Float64Array(size * size);
  const b = new Float64Array(size);
  for (let i = 0; i < size; i++) a[i * size + i] = lambda;
  for (const [observation, action] of data) {
    const row = features.of(observation);
    for (let i = 0; i < size; i++) {
      b[i]! += row[i]! * action[k]!;
      for (let j = 0; j <= i; j++) a[i * size + j]! += row[i]! * row[j]!;
    }
  }
  solve(a, b);
  return b;
}

describe.each([
  ["fourier", fourier, 150, 6],
  ["linear", linear, 300, 30],
] as const)("%s", (_, kind, most, numRuns) => {
  test("is the batch solution of what is left to 1e-8, after adds and undos in any order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        // How often an answer is taken back, from never to nearly every time.
        fc.constantFrom(0, 0.3, 0.48),
        (seed, undo) => {
          const random = seeded(seed, 1);
          const waiting = pairs(most, seed);
          const first = waiting.pop()!;
          const start = dataset(steering, [[...first[0]]], [[...first[1]]]);
          const policy = finish(kind.fit(start, seeded(seed))).policy as RidgePolicy;
          const json = policy.toJSON() as RidgeJson & FourierJson;
          const features = json.frequencies ? fourierFeatures(json) : affine(3);
          const here: Pair[] = [first];
          while (waiting.length > 0) {
            if (here.length > 0 && random.uniform() < undo) {
              const [gone] = here.splice(random.below(here.length), 1);
              policy.remove(...gone!);
            } else {
              const pair = waiting.pop()!;
              policy.add(...pair);
              here.push(pair);
            }
          }
          const check = () => {
            for (const k of [0, 1]) {
              const weights = batch(features, json.lambda, here, k);
              expect(gap(policy.weights[k]!, weights)).toBeLessThan(1e-8);
            }
          };
          check();
          while (here.length > 1) policy.remove(...here.splice(random.below(here.length), 1)[0]!);
          check();
          policy.remove(...here.pop()!);
          check();
        },
      ),
      { numRuns },
    );
  });
});
