import { expect, test } from "vitest";
import { count, grouped, plural } from "../../shared/plural.ts";

test.each([
  [0, "0 labels"],
  [1, "1 label"],
  [2, "2 labels"],
  [1000, "1,000 labels"],
])("%i is said as %s", (n, words) => {
  expect(count(n, "label")).toBe(words);
});

test("a plural of its own is said, without a number too", () => {
  expect(count(2, "policy", "policies")).toBe("2 policies");
  expect(count(1, "policy", "policies")).toBe("1 policy");
  expect([1, 3].map((n) => plural(n, "is", "are"))).toEqual(["is", "are"]);
});

test("thousands have commas", () => {
  expect([999, 1000, 1234567].map(grouped)).toEqual(["999", "1,000", "1,234,567"]);
});
