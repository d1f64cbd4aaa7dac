import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cornerFeatures,
  kingGrid,
  kingPath,
  nCornerFeatures,
  paddedWithStays,
} from "../../../shared/irl/grid.ts";
import { leadsTo } from "../../../shared/irl/mdp.ts";
import { softValueIteration } from "../../../shared/irl/soft.ts";
import { outcomes, sum } from "./support.ts";

const sides = fc.integer({ min: 2, max: 7 });

/** A side and some cells of that grid. */
const cells = sides.chain((side) =>
  fc.record({
    side: fc.constant(side),
    waypoints: fc.array(fc.nat(side * side - 1), { minLength: 1, maxLength: 8 }),
  }),
);

const even = (side: number) => new Float64Array(side * side).fill(1 / (side * side));

/** Moves that a king needs on an empty board. */
function distance(side: number, a: number, b: number): number {
  const rows = Math.abs(Math.floor(a / side) - Math.floor(b / side));
  return Math.max(rows, Math.abs((a % side) - (b % side)));
}

describe("the king's grid", () => {
  test("each neighbour of a cell is one action away, and all other actions stay", () => {
    fc.assert(
      fc.property(sides, (side) => {
        const mdp = kingGrid(side, 3, even(side));
        for (let s = 0; s < mdp.nStates; s++) {
          const led = Array.from({ length: mdp.nActions }, (_, a) => outcomes(mdp, s, a));
          expect(led.every(([only, ...more]) => only!.probability === 1 && more.length === 0)).toBe(
            true,
          );
          const reached = led.map(([only]) => only!.next).filter((next) => next !== s);
          const neighbours = Array.from({ length: side * side }, (_, next) => next).filter(
            (next) => distance(side, s, next) === 1,
          );
          expect(reached.sort((a, b) => a - b)).toEqual(neighbours);
        }
      }),
    );
  });

  test("only the horizon ends an episode: without a reward each move is worth log 9", () => {
    const mdp = kingGrid(5, 6, even(5));
    const { values } = softValueIteration(mdp, new Float64Array(25));
    for (let s = 0; s < 25; s++) expect(values[s]!).toBeCloseTo(6 * Math.log(9), 12);
  });

  test("starts where it is told to", () => {
    const start = Float64Array.of(0, 0.25, 0, 0.75);
    expect(kingGrid(2, 1, start).start).toEqual(start);
  });
});

describe("the features of a cell", () => {
  const feature = (side: number, s: number, k: number) =>
    cornerFeatures(side)[s * nCornerFeatures + k]!;

  test("of the corners are known", () => {
    const beside = 1 - Math.SQRT1_2; // one side away from home, relative to the diagonal
    const corner = (s: number) => [0, 1, 2].map((k) => feature(5, s, k));
    expect(corner(0)).toEqual([0, 0, 0]);
    expect(corner(4)).toEqual([0, 1, expect.closeTo(beside, 12)]);
    expect(corner(20)).toEqual([1, 0, expect.closeTo(beside, 12)]);
    expect(corner(24)).toEqual([1, 1, 1]);
    expect(corner(12)).toEqual([0.5, 0.5, expect.closeTo(0.5, 12)]);
  });

  test("turn into each other where rows and columns are swapped", () => {
    fc.assert(
      fc.property(cells, ({ side, waypoints: [s] }) => {
        const mirrored = (s! % side) * side + Math.floor(s! / side);
        expect(feature(side, mirrored, 0)).toBe(feature(side, s!, 1));
        expect(feature(side, mirrored, 2)).toBeCloseTo(feature(side, s!, 2), 12);
      }),
    );
  });

  test("are linear in the row, the column and the straight line to home", () => {
    fc.assert(
      fc.property(cells, ({ side, waypoints: [s] }) => {
        const [down, right, home] = [0, 1, 2].map((k) => feature(side, s!, k));
        expect(down! * (side - 1)).toBeCloseTo(Math.floor(s! / side), 12);
        expect(right! * (side - 1)).toBeCloseTo(s! % side, 12);
        // Pythagoras, in units of a side: the diagonal is √2.
        expect(2 * (1 - home!) ** 2).toBeCloseTo((1 - down!) ** 2 + (1 - right!) ** 2, 12);
      }),
    );
  });

  test.each([1, 0, 2.5, Number.NaN])("a side of %d cells has none", (side) => {
    expect(() => cornerFeatures(side)).toThrow(RangeError);
  });
});

describe("paths", () => {
  test("pass all waypoints in order, by a king's shortest path between them", () => {
    fc.assert(
      fc.property(cells, ({ side, waypoints }) => {
        const path = kingPath(side, waypoints);
        let at = 0;
        expect(path[at]).toBe(waypoints[0]);
        for (let i = 1; i < waypoints.length; i++) {
          // A repeated waypoint is one move of staying.
          at += Math.max(1, distance(side, waypoints[i - 1]!, waypoints[i]!));
          expect(path[at]).toBe(waypoints[i]);
        }
        expect(path.length).toBe(at + 1);
      }),
    );
  });

  test("take only moves of the grid", () => {
    fc.assert(
      fc.property(cells, ({ side, waypoints }) => {
        const mdp = kingGrid(side, 1, even(side));
        const path = kingPath(side, waypoints);
        for (let t = 1; t < path.length; t++)
          expect(leadsTo(mdp, path[t - 1]!, path[t]!)).toBe(true);
      }),
    );
  });

  test("go diagonally first, then straight", () => {
    expect(kingPath(5, [0, 14])).toEqual([0, 6, 12, 13, 14]);
    expect(kingPath(5, [22, 4])).toEqual([22, 18, 14, 9, 4]);
  });

  test("are empty without a waypoint", () => {
    expect(kingPath(5, [])).toEqual([]);
  });

  test("are as long as the longest once padded with stays", () => {
    const some = fc.array(fc.array(fc.nat(24), { minLength: 1, maxLength: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(some, (paths) => {
        const waited = paddedWithStays(paths);
        const longest = Math.max(...paths.map(({ length }) => length));
        expect(sum(waited.map(({ length }) => length))).toBe(longest * paths.length);
        waited.forEach((path, n) => {
          const { length } = paths[n]!;
          expect(path.slice(0, length)).toEqual(paths[n]);
          expect(path.slice(length).every((cell) => cell === paths[n]!.at(-1))).toBe(true);
        });
      }),
    );
  });
});
