import { describe, expect, test } from "vitest";
import { garden } from "../../../shared/worlds/garden.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

const [up, down, left, right, stay] = [0, 1, 2, 3, 4];

function step(row: number, column: number, action: number): [number, number, number] {
  const next = new Float64Array(2);
  const outcome = garden.step(Float64Array.of(row, column), Float64Array.of(action), null, next);
  return [next[0]!, next[1]!, outcome];
}

describe("the garden", () => {
  test("moves one tile, stops at the fence, and is done at home", () => {
    expect(step(2, 2, up)).toEqual([1, 2, Outcome.goesOn]);
    expect(step(2, 2, down)).toEqual([3, 2, Outcome.goesOn]);
    expect(step(2, 2, left)).toEqual([2, 1, Outcome.goesOn]);
    expect(step(2, 2, right)).toEqual([2, 3, Outcome.goesOn]);
    expect(step(2, 2, stay)).toEqual([2, 2, Outcome.goesOn]);
    expect(step(0, 0, up)).toEqual([0, 0, Outcome.goesOn]);
    expect(step(0, 4, right)).toEqual([0, 4, Outcome.goesOn]);
    expect(step(4, 3, right)).toEqual([4, 4, Outcome.done]);
    expect(step(3, 4, down)).toEqual([4, 4, Outcome.done]);
  });

  test("the expert takes the shortest way from everywhere", () => {
    const action = new Float64Array(1);
    for (let cell = 0; cell < 24; cell++) {
      const state = Float64Array.of(Math.floor(cell / 5), cell % 5);
      const distance = 8 - state[0]! - state[1]!;
      let steps = 0;
      let outcome: number = Outcome.goesOn;
      while (outcome === Outcome.goesOn) {
        garden.expert(state, action);
        outcome = garden.step(state, action, null, state);
        steps++;
      }
      expect(steps).toBe(distance);
    }
  });

  test("its reward features are those of the article's grid", () => {
    const features = new Float64Array(3);
    garden.lattice.features(0, features);
    expect([...features]).toEqual([0, 0, 0]);
    garden.lattice.features(24, features);
    expect([...features]).toEqual([1, 1, 1]);
    garden.lattice.features(5 + 2, features); // row 1, column 2
    expect(features[0]).toBe(0.25);
    expect(features[1]).toBe(0.5);
    expect(features[2]).toBeCloseTo(1 - Math.sqrt(13) / (4 * Math.SQRT2), 12);
  });

  test("a walk counts when it ends at home", () => {
    const walk = (...outcomes: number[]) =>
      garden.measure.of({
        states: new Float64Array(8),
        outcomes: Uint8Array.from(outcomes),
        length: 3,
      });
    expect(walk(0, 0, 2)).toBe(1);
    expect(walk(0, 0, 0)).toBe(0);
  });

  test("pointing at a tile walks toward it", () => {
    const action = new Float64Array(1);
    const at = (x: number, y: number) => {
      garden.toward(Float64Array.of(2, 2), x, y, action);
      return action[0];
    };
    expect(at(2.5, 4.5)).toBe(up);
    expect(at(2.5, 0.5)).toBe(down);
    expect(at(0.2, 2.6)).toBe(left);
    expect(at(4.9, 2.2)).toBe(right);
    expect(at(2.6, 2.4)).toBe(stay);
  });
});
