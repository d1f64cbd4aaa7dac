import { describe, expect, it } from "vitest";
import { NumpyRandom } from "../../../shared/article/numpyRandom.ts";
import golden from "./golden.json" with { type: "json" };

const many = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw);
const last = (values: number[]): number => values[values.length - 1]!;

describe("numpy's legacy generator", () => {
  it("draws the same uniforms, bit for bit", () => {
    const random = new NumpyRandom(42);
    expect(many(4, () => random.uniform())).toEqual(golden.numpyRandom.seed42Uniform);
  });

  it("draws the same uniforms after several turns of its state, and from the edge seeds", () => {
    const zero = new NumpyRandom(0);
    expect(last(many(2000, () => zero.uniform()))).toBe(0.5017731306999452);
    const most = new NumpyRandom(2 ** 32 - 1);
    expect(many(3, () => most.uniform())).toEqual([
      0.0976320289940138, 0.9123828453026218, 0.78903530185164,
    ]);
  });

  it("draws the same normals", () => {
    const random = new NumpyRandom(42);
    golden.numpyRandom.seed42Normal.forEach((value) => {
      expect(random.normal()).toBeCloseTo(value, 12);
    });
    const long = new NumpyRandom(5);
    expect(last(many(5000, () => long.normal()))).toBeCloseTo(0.7747025440955946, 12);
  });

  it("keeps the second normal of a pair while uniforms are drawn", () => {
    const random = new NumpyRandom(5);
    const drawn = [
      random.normal(),
      random.uniform(),
      random.uniform(),
      random.normal(),
      random.normal(),
    ];
    const wanted = [
      0.44122748688504143, 0.20671915533942642, 0.9186109079379216, -0.33087015189408764,
      2.43077118700778,
    ];
    drawn.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 12);
    });
  });

  it("makes the same choices, never one of probability 0", () => {
    const { p, draws } = golden.numpyRandom.seed7Choice;
    const random = new NumpyRandom(7);
    expect(many(draws.length, () => random.choice(p))).toEqual(draws);
    const sparse = new NumpyRandom(3);
    expect(many(12, () => sparse.choice([0.5, 0, 0.5, 0]))).toEqual([
      2, 2, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it("passes an entry whose cumulative sum the draw equals", () => {
    const draw = new NumpyRandom(42).uniform();
    expect(new NumpyRandom(42).choice([draw, 1 - draw])).toBe(1);
  });

  it("rejects what numpy rejects", () => {
    for (const seed of [-1, 2 ** 32, 0.5, Number.NaN]) {
      expect(() => new NumpyRandom(seed)).toThrow(RangeError);
    }
    const random = new NumpyRandom(1);
    for (const p of [[0.5, 0.4], [1.5, -0.5], [Number.NaN, 1], []]) {
      expect(() => random.choice(p)).toThrow(RangeError);
    }
  });
});
