import { describe, expect, it } from "vitest";
import {
  latticeDemonstration,
  latticeFeatures,
  latticeMdp,
  modelOf,
} from "../../../shared/irl/lattice.ts";
import { seeded } from "../../../shared/random.ts";
import { replay, type Trajectory } from "../../../shared/worlds/episode.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import { outcomes } from "./support.ts";
import { corridor, steps, type Toy } from "./toy.ts";

const back = 0;
const on = 1;

/** The corridor, where one falls below 0 and is put back to 2.5; the sixth cell is after a fall. */
function ledge(): Toy {
  const world = corridor({ samples: 400 });
  const { lattice } = world;
  return {
    ...world,
    step(state, action, random, next) {
      const outcome = world.step(state, action, random, next);
      if (next[0]! >= 0) return outcome;
      next[0] = 2.5;
      return Outcome.fell;
    },
    lattice: {
      ...lattice,
      nStates: 6,
      fallen: () => 5,
      stateIn(cell, random, state) {
        if (cell === 5) state[0] = 2.5;
        else lattice.stateIn(cell, random, state);
      },
      features(cell, features) {
        if (cell < 5) lattice.features(cell, features);
      },
    },
  };
}

/** The probability of each next state, as an object. */
function chances(
  model: ReturnType<typeof latticeMdp>,
  s: number,
  a: number,
): Record<number, number> {
  return Object.fromEntries(
    outcomes(model, s, a).map(({ next, probability }) => [next, probability]),
  );
}

describe("latticeMdp", () => {
  const model = latticeMdp(corridor({ samples: 4000 }), seeded(1));

  it("estimates where a held action leads from anywhere in a cell", () => {
    // Two steps of 0.375 leave a cell of length 1 from three quarters of it.
    expect(Object.keys(chances(model, 2, on))).toEqual(["2", "3"]);
    expect(chances(model, 2, on)[3]).toBeCloseTo(0.75, 1);
    expect(chances(model, 2, back)[1]).toBeCloseTo(0.75, 1);
  });

  it("spreads few samples so evenly that they count as many", () => {
    const n = 24;
    const few = latticeMdp(corridor({ samples: n }), seeded(9));
    for (const [s, a, next] of [
      [1, on, 2],
      [2, on, 3],
      [3, on, 4],
      [1, back, 0],
      [2, back, 1],
      [3, back, 2],
    ] as const)
      expect(Math.abs(chances(few, s, a)[next]! - 0.75)).toBeLessThanOrEqual(1 / n);
  });

  it("leads from a fall to a cell of its own, and goes on from there", () => {
    const model = latticeMdp(ledge(), seeded(1));
    // Below 0 one falls, from three quarters of the first cell.
    expect(Object.keys(chances(model, 0, back))).toEqual(["0", "5"]);
    expect(chances(model, 0, back)[5]).toBeCloseTo(0.75, 1);
    // A fall leads to 2.5, from where two steps lead on to 3.25 or back to 1.75.
    expect(chances(model, 5, on)).toEqual({ 3: 1 });
    expect(chances(model, 5, back)).toEqual({ 1: 1 });
  });

  it("makes the edge of the lattice a wall, and keeps the rest of the outcomes as they are", () => {
    expect(chances(model, 0, back)).toEqual({ 0: 1 });
    expect(chances(model, 0, on)[1]).toBeCloseTo(0.75, 1);
  });

  it("makes a terminal of the cell where an episode ended", () => {
    expect([...model.terminal]).toEqual([0, 0, 0, 0, 1]);
    expect(chances(model, 3, on)[4]).toBeCloseTo(0.75, 1);
  });

  it("takes its start, discount and horizon from the world", () => {
    expect(model.start[0]).toBeCloseTo(0.5, 1);
    expect(model.start[1]).toBeCloseTo(0.5, 1);
    expect(model.discount).toBe(0.9);
    expect(model.horizon).toBe(Number.POSITIVE_INFINITY);
  });

  it("is deterministic with one sample, whatever the weather", () => {
    const noisy = latticeMdp(corridor({ samples: 1, noise: 10, size: 0.5 }), seeded(2));
    for (let s = 0; s < 4; s++) {
      expect(chances(noisy, s, on)).toEqual({ [s + 1]: 1 });
      expect(chances(noisy, s, back)).toEqual({ [Math.max(0, s - 1)]: 1 });
    }
  });

  it("makes no terminal of an end outside of all cells", () => {
    // A step of 3 goes from the middle of cell 2 past the last cell.
    const far = latticeMdp(corridor({ samples: 1, size: 3 }), seeded(4));
    expect(chances(far, 2, on)).toEqual({ 2: 1 });
    expect([...far.terminal]).toEqual([0, 0, 0, 0, 1]);
  });

  it("contains the weather with many samples", () => {
    const noisy = latticeMdp(corridor({ samples: 4000, noise: 1 }), seeded(3));
    expect(Object.keys(chances(noisy, 2, on)).length).toBeGreaterThan(2);
  });
});

describe("modelOf", () => {
  it("is computed once for each world, the same for the same world, with ends that absorb", () => {
    const world = corridor();
    expect(modelOf(world)).toBe(modelOf(world));
    expect(modelOf(corridor())).not.toBe(modelOf(world));
    expect(modelOf(corridor()).mdp).toEqual(modelOf(world).mdp);
    expect([...modelOf(world).mdp.terminal]).toEqual([0, 0, 0, 0, 0]);
    expect(chances(modelOf(world).mdp, 4, back)).toEqual({ 4: 1 });
    expect(modelOf(world).features).toEqual(latticeFeatures(world));
  });
});

describe("latticeFeatures", () => {
  it("is a row for each cell", () => {
    expect([...latticeFeatures(corridor())]).toEqual([0, 1, 0.25, 0, 0.5, 0, 0.75, 0, 1, 0]);
  });
});

describe("latticeDemonstration", () => {
  const read = (trajectory: Trajectory) => {
    const { states, actions, leftOut, impossible } = latticeDemonstration(corridor(), trajectory);
    return { states: [...states], actions: [...actions], leftOut: [...leftOut], impossible };
  };

  it("takes a state and an action every `hold` steps and cuts off what doesn't fill one", () => {
    // 0.5 → 0.875 → 1.25 → 1.625 → 2 → 2.375
    expect(read(steps(0.5, [1, 1, 1, 1, 1]))).toEqual({
      states: [0, 1, 2],
      actions: [on, on],
      leftOut: [0, 0],
      impossible: 0,
    });
  });

  it("rounds the mean of the actions held", () => {
    expect(read(steps(1.5, [0.5, -1])).actions).toEqual([back]);
    expect(read(steps(1.5, [1, -0.5])).actions).toEqual([on]);
  });

  it("takes a step that ends the episode whole, however short", () => {
    // 3.3 → 3.675 → 4.05, and 3.7 → 4.075
    expect(read(steps(3.3, [1, 1]))).toMatchObject({ states: [3, 4], actions: [on] });
    expect(read(steps(3.7, [1]))).toMatchObject({ states: [3, 4], actions: [on], impossible: 0 });
    expect(read(steps(2.95, [1, 1, 1]))).toMatchObject({ states: [2, 3, 4], actions: [on, on] });
  });

  it("counts a state outside as the last cell inside, and starts at the first cell", () => {
    // 0.2 → -0.175 → -0.55
    expect(read(steps(0.2, [-1, -1]))).toMatchObject({
      states: [0, 0],
      actions: [back],
      impossible: 0,
    });
    // -0.3 → 0.075 → 0.45 → 0.825
    expect(read(steps(-0.3, [1, 1, 1]))).toMatchObject({ states: [0, 0], actions: [on] });
    expect(read(steps(-5, [1, 1, 1]))).toEqual({
      states: [],
      actions: [],
      leftOut: [],
      impossible: 0,
    });
  });

  it("ends a step with a fall that has a cell, and goes on from there", () => {
    // 0.2 → -0.175, a fall to 2.5 → 2.875 → 3.25
    const world = ledge();
    const actions = [-1, 1, 1];
    const trajectory = replay(
      { ...world, start: (_, state) => state.fill(0.2) },
      { world: world.name, seed: 0, actions, controllers: [0, 0, 0] },
    );
    const { states, actions: taken, leftOut } = latticeDemonstration(world, trajectory);
    expect([...states]).toEqual([0, 5, 3]);
    expect([...taken]).toEqual([back, on]);
    expect([...leftOut]).toEqual([0, 0]);
  });

  it("marks the steps that the model cannot produce", () => {
    const leap = steps(0.5, [1, 1, 1, 1]);
    leap.states[2] = 3.1;
    leap.states[3] = 3.1;
    leap.states[4] = 2.9;
    expect(read(leap)).toEqual({
      states: [0, 3, 2],
      actions: [on, on],
      leftOut: [1, 0],
      impossible: 1,
    });
  });
});
