import { describe, expect, it } from "vitest";
import { sayRationality } from "../../client/lesson/reward/rationality.ts";

describe("the sentence about rationality", () => {
  it("has the interval, and says where there is no end", () => {
    const said = (value: number, low: number, high: number) =>
      sayRationality({ value, interval: [low, high] });
    expect(said(1.84, 1.2, 2.61)).toBe(
      "You followed your card about as closely as β = 1.8 (90 %: 1.2 to 2.6). β = 0 means walking at random. A higher β means fewer mistakes.",
    );
    expect(said(1.84, 0.2, Number.POSITIVE_INFINITY)).toContain("(90 %: above 0.2)");
    expect(said(-0.51, -1, -0.1)).toContain(
      "You went against your card about as closely as β = −0.5 (90 %: −1.0 to −0.1)",
    );
    expect(said(Number.POSITIVE_INFINITY, 2.26, Number.POSITIVE_INFINITY)).toContain(
      "You made no mistake against your card: β is above 2.3 (95 %)",
    );
    expect(said(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0)).toContain("β is below 0.0");
  });
});
