import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pair } from "../../../shared/policies/dataset.ts";
import { gaussianProcess } from "../../../shared/policies/gaussianProcess.ts";
import { choose } from "../../../shared/policies/inducing.ts";
import { type Dataset, finish, type Policy } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import { type ActionSpace, width } from "../../../shared/spaces.ts";
import { dataset, gap, taught } from "./data.ts";

const lengthScale = 0.45;
const noise = 0.02;
/** Bounds that clip nothing. */
const free: ActionSpace = { kind: "continuous", low: [-99, -99], high: [99, 99] };

const random = seeded(7);
const places = Array.from({ length: 25 }, () =>
  Float64Array.from([0, 0, 0], () => 1.5 * random.normal()),
);
const fit = (data: Dataset, seed = 1) => finish(gaussianProcess.fit(data, seeded(seed))).policy;
const bits = (policy: Policy) => JSON.stringify(policy);

function actAt(policy: Policy, place: Float64Array): Float64Array {
  const action = new Float64Array(2);
  policy.act(place, action);
  return action;
}

const kernel = (a: Float64Array, b: Float64Array) =>
  Math.exp(-a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / (2 * lengthScale ** 2));

/** x of A x = b for each column of b, by Gaussian elimination with pivots. */
function solve(a: readonly number[][], b: readonly number[][]): number[][] {
  const rows = a.map((row, i) => [...row, ...b[i]!]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < rows[k]!.length; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = n; j < rows[k]!.length; j++) {
      for (let i = k + 1; i < n; i++) rows[k]![j]! -= rows[k]![i]! * rows[i]![j]!;
      rows[k]![j]! /= rows[k]![k]!;
    }
  }
  return rows.map((row) => row.slice(n));
}

/** k(K + λI)⁻¹Y and 1 − k(K + λI)⁻¹kᵀ at each place, from the formulas themselves. */
function reference(data: Dataset, at: readonly Float64Array[]) {
  const pairs = Array.from({ length: data.n }, (_, i) => pair(data, i));
  const a = pairs.map(([p], i) => pairs.map(([q], j) => kernel(p, q) + (i === j ? noise : 0)));
  const near = at.map((place) => pairs.map(([p]) => kernel(place, p)));
  const b = pairs.map(([, action], i) => [...action, ...near.map((row) => row[i]!)]);
  const solved = solve(a, b);
  const wide = width(data.action);
  return near.map((row, r) => ({
    action: Array.from({ length: wide }, (_, k) =>
      row.reduce((sum, value, i) => sum + value * solved[i]![k]!, 0),
    ),
    variance: 1 - row.reduce((sum, value, i) => sum + value * solved[i]![wide + r]!, 0),
  }));
}

function expectExact(policy: Policy, data: Dataset, digits: number) {
  reference(data, places).forEach(({ action, variance }, i) => {
    expect(gap(actAt(policy, places[i]!), action)).toBeLessThan(10 ** -digits);
    expect(Math.abs(policy.uncertainty(places[i]!) - variance)).toBeLessThan(10 ** -digits);
  });
}

function rows(data: Dataset, indices: readonly number[]): Dataset {
  const pairs = indices.map((i) => pair(data, i));
  return dataset(
    data.action,
    pairs.map(([observation]) => [...observation]),
    pairs.map(([, action]) => [...action]),
  );
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("against a dense solve of (K + λI) x = y", () => {
  test.each([1, 7, 60, 200])("actions and variances of %d pairs", (n) => {
    const data = taught(free, n, 1);
    expectExact(fit(data), data, 9);
  });

  test("of pairs that repeat each other, and contradict each other", () => {
    const data = taught(free, 40, 2);
    const twice = rows(data, [...upTo(40), ...upTo(40), ...upTo(40)]);
    for (let i = 0; i < 40; i++) twice.actions[2 * i] = -twice.actions[2 * i]!;
    expectExact(fit(twice), twice, 9);
  });

  test("of more pairs than there are inducing points, along a drive that comes round again and again", () => {
    const draws = seeded(3);
    const drive = upTo(600).map((i) => {
      const angle = i / 20;
      return [Math.cos(angle), Math.sin(angle), 0.05 * draws.normal()];
    });
    const data = dataset(
      free,
      drive,
      drive.map(([x, y]) => [x! * y!, x! + 0.1 * draws.normal()]),
    );
    const policy = fit(data);
    expect((policy.toJSON().points as number[]).length / 3).toBeLessThan(256);
    // A place that the others make up for but for 1e-12 is left out, and the root of that is what pairs there may add.
    expectExact(policy, data, 5);
  });

  test("of labels that came one by one, and of fewer once some were taken back", () => {
    const data = taught(free, 120, 4);
    const policy = fit(rows(data, upTo(50)));
    for (let i = 50; i < 120; i++) policy.incremental!.add(...pair(data, i));
    expectExact(policy, data, 9);
    for (const i of [60, 3, 119, 20, 51]) policy.incremental!.remove(...pair(data, i));
    const left = upTo(120).filter((i) => ![60, 3, 119, 20, 51].includes(i));
    expectExact(policy, rows(data, left), 8);
  });

  test("the variance that is left once places are counted as labelled", () => {
    const data = taught(free, 80, 5);
    const familiarity = fit(rows(data, upTo(30))).familiarity();
    for (let i = 30; i < 80; i++) familiarity.see(pair(data, i)[0]);
    reference(data, places).forEach(({ variance }, i) => {
      expect(familiarity.uncertainty(places[i]!)).toBeCloseTo(variance, 9);
    });
  });
});

test("no seed and no state of the machine is in it: the same pairs give the same bits", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (one, other) => {
      const data = taught(free, 70, 6);
      expect(bits(fit(data, one))).toBe(bits(fit(data, other)));
    }),
    { numRuns: 10 },
  );
});

test("the order of the pairs changes it by rounding alone", () => {
  const data = taught(free, 150, 7);
  const draws = seeded(8);
  const shuffled = upTo(150)
    .map((i) => [draws.uniform(), i] as const)
    .sort(([a], [b]) => a - b)
    .map(([, i]) => i);
  const [one, other] = [fit(data), fit(rows(data, shuffled))];
  for (const place of places) {
    expect(gap(actAt(one, place), actAt(other, place))).toBeLessThan(1e-9);
    expect(Math.abs(one.uncertainty(place) - other.uncertainty(place))).toBeLessThan(1e-9);
  }
});

describe("what is taken back in the order of adding is gone to the last bit", () => {
  test.each([
    ["where each label is at a new place", 100, 140],
    ["where there is no room for more places", 330, 350],
  ])("%s", (_, from, to) => {
    const data = taught(free, to, 9);
    const policy = fit(rows(data, upTo(from)));
    const before: string[] = [];
    for (let i = from; i < from + 20; i++) {
      before.push(bits(policy));
      policy.incremental!.add(...pair(data, i));
    }
    for (let i = from + 19; i >= from; i--) {
      policy.incremental!.remove(...pair(data, i));
      expect(bits(policy) === before.pop()).toBe(true);
    }
  });

  test("and so is one of the last thirty, with the others learned as if it had never been", () => {
    const data = taught(free, 150, 16);
    const [plain, troubled] = [fit(rows(data, upTo(100))), fit(rows(data, upTo(100)))];
    for (let i = 100; i < 130; i++) troubled.incremental!.add(...pair(data, i));
    troubled.incremental!.remove(...pair(data, 105));
    for (let i = 100; i < 130; i++) if (i !== 105) plain.incremental!.add(...pair(data, i));
    expect(bits(troubled)).toBe(bits(plain));
  });

  test("and what is learned after it is learned as if nothing had been", () => {
    const data = taught(free, 90, 10);
    const [plain, troubled] = [fit(rows(data, upTo(60))), fit(rows(data, upTo(60)))];
    for (let i = 60; i < 70; i++) troubled.incremental!.add(...pair(data, i));
    for (let i = 69; i >= 60; i--) troubled.incremental!.remove(...pair(data, i));
    for (let i = 70; i < 90; i++) {
      for (const policy of [plain, troubled]) policy.incremental!.add(...pair(data, i));
    }
    expect(bits(troubled)).toBe(bits(plain));
    expect(actAt(troubled, places[0]!)).toEqual(actAt(plain, places[0]!));
  });
});

test("goes on from its JSON as it would have gone on itself", () => {
  const data = taught(free, 320, 11);
  const policy = fit(rows(data, upTo(280)));
  const copy = gaussianProcess.fromJSON(JSON.parse(bits(policy)));
  for (let i = 280; i < 320; i++) {
    for (const learner of [policy, copy]) learner.incremental!.add(...pair(data, i));
  }
  expect(bits(copy) === bits(policy)).toBe(true);
});

describe("inducing points", () => {
  const all = (data: Dataset, most: number) => {
    const choosing = choose(data.observations, data.observationSize, most);
    let step = choosing.next();
    while (!step.done) step = choosing.next();
    return step.value;
  };

  test("each is where those before it leave the most variance, the first of equals", () => {
    const data = taught(free, 60, 12);
    const twice = rows(data, [...upTo(60), ...upTo(60)]);
    const chosen = all(twice, 20);
    const place = (i: number) => pair(twice, i)[0];
    chosen.forEach((index, k) => {
      const before = chosen.slice(0, k).map(place);
      const matrix = before.map((p) => before.map((q) => kernel(p, q)));
      const left = upTo(120).map((i) => {
        const near = before.map((p) => kernel(place(i), p));
        const solved = solve(
          matrix,
          near.map((value) => [value]),
        );
        return 1 - near.reduce((sum, value, j) => sum + value * solved[j]![0]!, 0);
      });
      expect(left[index]).toBeGreaterThan(Math.max(...left) - 1e-9);
      expect(index).toBeLessThan(60);
    });
    expect(chosen[0]).toBe(0);
    expect(new Set(chosen).size).toBe(20);
  });

  test("are spread over data that are looked at part by part, too", () => {
    const draws = seeded(13);
    const line = upTo(9000).map((i) => [i / 1000 + 1e-3 * draws.uniform()]);
    const data = dataset(
      free,
      line,
      line.map(() => [0, 0]),
    );
    const chosen = all(data, 40).map((i) => line[i]![0]!);
    for (const [x] of line) {
      expect(Math.min(...chosen.map((place) => Math.abs(place - x!)))).toBeLessThan(lengthScale);
    }
  });

  test("keep the JSON of any number of pairs within what a lesson may keep", () => {
    const policy = fit(taught(free, 3000, 14));
    expect(policy.toJSON().observationSize).toBe(3);
    expect(bits(policy).length).toBeLessThan(800_000);
    const more = taught(free, 200, 15);
    for (let i = 0; i < 200; i++) policy.incremental!.add(...pair(more, i));
    expect(bits(policy).length).toBeLessThan(2_500_000);
  });
});

describe("beyond what the inducing points can tell apart", () => {
  const data = taught(free, 1200, 17);
  const all = fit(rows(data, upTo(1000)));

  test("a pair of the fit, or an old label, can be taken back after others came", () => {
    const points = all.toJSON().points as number[];
    const ofFit = upTo(1000).find((i) => !points.includes(pair(data, i)[0][0]!))!;
    for (const gone of [ofFit, 1003]) {
      const policy = fit(rows(data, upTo(1000)));
      const plain = fit(rows(data, upTo(1000)));
      for (let i = 1000; i < 1060; i++) policy.incremental!.add(...pair(data, i));
      policy.incremental!.remove(...pair(data, gone));
      if (gone < 1000) plain.incremental!.remove(...pair(data, gone));
      for (let i = 1000; i < 1060; i++) if (i !== gone) plain.incremental!.add(...pair(data, i));
      // The point that an old label made stays, and knows what was learned there since.
      const tolerance = gone < 1000 ? 1e-9 : 0.05;
      for (const place of places) {
        expect(gap(actAt(policy, place), actAt(plain, place))).toBeLessThan(tolerance);
      }
    }
  });

  test("as many new places can be labelled as one may be asked about, each of them learned", () => {
    const policy = gaussianProcess.fromJSON(JSON.parse(bits(all)));
    const familiarity = all.familiarity();
    for (let i = 0; i < 190; i++) {
      const far = Float64Array.of(10 + 2 * i, 0, 0);
      expect(familiarity.uncertainty(far)).toBeGreaterThan(0.9);
      familiarity.see(far);
      expect(familiarity.uncertainty(far)).toBeLessThan(0.1);
      policy.incremental!.add(far, Float64Array.of(1, -1));
      expect(gap(actAt(policy, far), [1, -1])).toBeLessThan(0.1);
    }
  });
});

test("what is not a pair is refused, and changes nothing", () => {
  const policy = fit(taught(free, 30, 18));
  const before = bits(policy);
  const here = Float64Array.of(0, 0, 0);
  const { incremental } = policy;
  expect(() => incremental!.add(Float64Array.of(0, Number.NaN, 0), here.subarray(1))).toThrow(
    RangeError,
  );
  expect(() => incremental!.add(here, Float64Array.of(0, Number.POSITIVE_INFINITY))).toThrow(
    RangeError,
  );
  expect(() => incremental!.add(here.subarray(1), here.subarray(1))).toThrow(RangeError);
  expect(bits(policy)).toBe(before);
});

test("a pair that is no longer there cannot be taken back", () => {
  const data = dataset(
    free,
    [
      [0, 0, 0],
      [3, 3, 3],
    ],
    [
      [1, 1],
      [2, 2],
    ],
  );
  const policy = fit(data);
  policy.incremental!.remove(...pair(data, 1));
  expect(() => policy.incremental!.remove(...pair(data, 1))).toThrow(RangeError);
});
