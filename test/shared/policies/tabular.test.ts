import { describe, expect, test } from "vitest";
import { finish } from "../../../shared/policies/policy.ts";
import { tabular } from "../../../shared/policies/tabular.ts";
import { seeded } from "../../../shared/random.ts";
import { dataset, moves } from "./data.ts";

const shown = (pairs: readonly (readonly [place: number, action: number])[]) =>
  finish(
    tabular.fit(
      dataset(
        moves,
        pairs.map(([place]) => [place, 0.5]),
        pairs.map(([, action]) => [action]),
      ),
      seeded(1),
    ),
  );
const place = (i: number) => Float64Array.of(i, 0.5);

function chosen({ policy }: ReturnType<typeof shown>, i: number) {
  const action = new Float64Array(1);
  policy.act(place(i), action);
  return action[0];
}

describe("tabular", () => {
  const pairs = [
    [0, 2],
    [0, 1],
    [0, 1],
    [1, 2],
    [1, 0],
    [2, 2],
    [3, 2],
  ] as const;
  const fitted = shown(pairs);

  test("does what was done most, by the first of equals, whatever their order", () => {
    expect([0, 1, 2].map((i) => chosen(fitted, i))).toEqual([1, 0, 2]);
    const backwards = shown(pairs.toReversed());
    expect([0, 1, 2].map((i) => chosen(backwards, i))).toEqual([1, 0, 2]);
  });

  test("where it was never shown anything does what was done most over all", () => {
    expect(chosen(fitted, 9)).toBe(2);
  });

  test("its loss is the cross-entropy under Laplace's rule of succession", () => {
    const p = (count: number, total: number) => -Math.log((count + 1) / (total + 3));
    const sum = 2 * p(2, 3) + p(1, 3) + 2 * p(1, 2) + 2 * p(1, 1);
    expect(fitted.loss).toBeCloseTo(sum / 7, 12);
  });

  test("is as uncertain as the labels there are few, whatever was shown next door", () => {
    const { policy } = fitted;
    expect([9, 2, 1, 0].map((i) => policy.uncertainty(place(i)))).toEqual([
      1,
      1.5 / 2.5,
      1.5 / 3.5,
      1.5 / 4.5,
    ]);
  });

  test("0 and −0 are one place", () => {
    expect(fitted.policy.uncertainty(Float64Array.of(-0, 0.5))).toBe(1.5 / 4.5);
  });

  test("refuses a table with a row that is not whole", () => {
    const json = JSON.parse(JSON.stringify(fitted.policy.toJSON()));
    expect(() => tabular.fromJSON({ ...json, counts: json.counts.slice(3) })).toThrow(/no table/);
    expect(() => tabular.fromJSON({ ...json, observations: json.observations.slice(2) })).toThrow(
      /no table/,
    );
  });
});
