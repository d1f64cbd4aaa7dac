import fc from "fast-check";
import { expect, test } from "vitest";
import {
  atan2,
  cos,
  exp,
  hypot,
  log,
  log1p,
  power,
  sin,
  writeCosSin,
} from "../../shared/arithmetic.ts";
import { computeBits } from "./bits.ts";

// Made anew, where a result is meant to change and the arithmetic's name with it, by
// `npx vitest run --project shared test/shared/arithmetic.test.ts -u`.
test("drives, policies and questions have the bits that they have in every engine", async () => {
  const bits = `${JSON.stringify(await computeBits(), null, 2)}\n`;
  await expect(bits).toMatchFileSnapshot("fixtures/bits.json");
});

const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
function isNear(value: number, reference: number): void {
  expect(Math.abs(value - reference)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(reference));
}

test.each([
  ["sin", sin, Math.sin],
  ["cos", cos, Math.cos],
  ["exp", exp, Math.exp],
  ["log", (x: number) => log(Math.abs(x)), (x: number) => Math.log(Math.abs(x))],
  ["log1p", (x: number) => log1p(Math.abs(x)), (x: number) => Math.log1p(Math.abs(x))],
] as const)("%s is that of Math, nearly", (_, ours, theirs) => {
  fc.assert(
    fc.property(number, (x) => {
      const [value, reference] = [ours(x), theirs(x)];
      if (Number.isFinite(reference)) isNear(value, reference);
      else expect(value).toBe(reference);
    }),
  );
});

test("atan2 and hypot are those of Math, nearly", () => {
  fc.assert(
    fc.property(number, number, (y, x) => {
      fc.pre(Math.abs(y / x) > 1e-300); // where the quotient vanishes, so does its sign
      isNear(atan2(y, x), Math.atan2(y, x));
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), number, (x, y) => {
      isNear(hypot(x, y + 1e-9), Math.hypot(x, y + 1e-9));
    }),
  );
});

test("cos and sin come together, near those of Math", () => {
  const pair = new Float64Array(4);
  fc.assert(
    fc.property(number, (x) => {
      writeCosSin(x, pair, 1);
      isNear(pair[1]!, Math.cos(x));
      isNear(pair[2]!, Math.sin(x));
      expect([pair[0], pair[3]]).toEqual([0, 0]);
    }),
  );
});

test("exp keeps its precision out to where it overflows and vanishes", () => {
  fc.assert(
    fc.property(fc.double({ min: -708, max: 709.78, noNaN: true }), (x) =>
      isNear(exp(x), Math.exp(x)),
    ),
  );
  fc.assert(
    fc.property(fc.double({ min: -746, max: -708, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(2 * Number.MIN_VALUE);
    }),
  );
  const ends = [709.79, Infinity, -745.3, -Infinity, 0, -0, Number.NaN];
  expect(ends.map(exp)).toEqual([Infinity, Infinity, 0, 0, 1, 1, Number.NaN]);
});

test("a power is a product", () => {
  expect(power(3, 13)).toBe(1_594_323);
  expect(power(0.5, 20)).toBe(2 ** -20);
  expect([power(0, 0), power(0, 1)]).toEqual([1, 0]);
});
