import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonError } from "../../../shared/laboratory/json.ts";

describe("jsonError", () => {
  test.each([
    ['{"a": [1,\n 2, NaN]}', 'line 2, column 5: "NaN" is no JSON here'],
    ['{"a": -Infinity}', 'line 1, column 7: "-Infinity" is no JSON here'],
    ['{"a": 1,}', 'line 1, column 9: "}" is no JSON here'],
    ["[1,]", 'line 1, column 4: "]" is no JSON here'],
    ["[1 2]", 'line 1, column 4: "2" is no JSON here'],
    ["[01]", 'line 1, column 3: "1" is no JSON here'],
    ["{a: 1}", 'line 1, column 2: "a" is no JSON here'],
    ['{"a" 1}', 'line 1, column 6: "1" is no JSON here'],
    ["{1: 1}", 'line 1, column 2: "1" is no JSON here'],
    ["['a']", 'line 1, column 2: "\'" is no JSON here'],
    ["[1}", 'line 1, column 3: "}" is no JSON here'],
    ["{} x", 'line 1, column 4: "x" is no JSON here'],
    ["[1]]", 'line 1, column 4: "]" is no JSON here'],
    ["[1\n", "line 2, column 1: the file ends too early"],
    ["", "line 1, column 1: the file ends too early"],
  ])("%j", (text, sentence) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonError(text)).toBe(sentence);
  });

  test("finds an invalid word in place of any number", () => {
    const numbers = fc.array(fc.array(fc.integer()), { minLength: 1 });
    fc.assert(
      fc.property(fc.json(), numbers, fc.nat(), (before, rows, pick) => {
        const text = JSON.stringify([JSON.parse(before), { "\u007f": rows, "": 0 }], null, 1);
        const places = [...text.matchAll(/(?<=\n *)-?\d/g)].map(({ index }) => index);
        const at = places[pick % places.length]!;
        const lines = text.slice(0, at).split("\n");
        const broken = `${text.slice(0, at)}NaN ${text.slice(at)}`;
        expect(jsonError(broken)).toBe(
          `line ${lines.length}, column ${lines.at(-1)!.length + 1}: "NaN" is no JSON here`,
        );
      }),
    );
  });

  test("reports the end of a truncated text", () => {
    const texts = fc
      .array(fc.dictionary(fc.constantFrom("a", "b"), fc.array(fc.nat(9))))
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(texts, fc.nat(), (text, pick) => {
        const ends = [...text.matchAll(/"[ab]"|./g)].map(
          ({ index, 0: word }) => index + word.length,
        );
        const cut = text.slice(0, [0, ...ends.slice(0, -1)][pick % ends.length]);
        expect(jsonError(cut)).toBe(`line 1, column ${cut.length + 1}: the file ends too early`);
      }),
    );
  });
});
