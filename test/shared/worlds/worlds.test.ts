import { describe, expect, test } from "vitest";
import { seeded } from "../../../shared/random.ts";
import { contains, width } from "../../../shared/spaces.ts";
import { Simulation } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

/** Drives with random actions and hands every state it comes through to `look`. */
function wander(name: string, seed: number, look: (state: Float64Array, outcome: number) => void) {
  const world = worlds[name]!;
  const drive = new Simulation(world, seed);
  const random = seeded(seed, 99);
  const action = new Float64Array(width(world.action));
  look(drive.state, Outcome.goesOn);
  while (!drive.over) {
    if (world.action.kind === "discrete") action[0] = random.below(world.action.names.length);
    else {
      const { low, high } = world.action;
      low.forEach((bound, i) => {
        action[i] = bound + random.uniform() * (high[i]! - bound);
      });
    }
    look(drive.state, drive.step(action));
  }
  return drive;
}

describe.each(Object.keys(worlds))("the contract of a world: %s", (name) => {
  const world = worlds[name]!;

  test("states survive rounding to 24 bits, stay finite and in sight", () => {
    const { left, right, bottom, top } = world.picture.bounds;
    for (let seed = 0; seed < 20; seed++) {
      wander(name, seed, (state) => {
        expect(state.length).toBe(world.stateSize);
        expect(state).toEqual(state.map(Math.fround));
        const { x, y } = world.picture.pose(state);
        expect(x).toBeGreaterThan(left);
        expect(x).toBeLessThan(right);
        expect(y).toBeGreaterThan(bottom);
        expect(y).toBeLessThan(top);
      });
    }
  });

  test("the same seed gives the same drive, another seed another", () => {
    const states = (seed: number) => {
      const seen: number[] = [];
      wander(name, seed, (state) => seen.push(...state));
      return seen;
    };
    expect(states(7)).toEqual(states(7));
    const starts = new Set(
      Array.from({ length: 20 }, (_, seed) => String(states(seed).slice(0, world.stateSize))),
    );
    expect(starts.size).toBeGreaterThan(5);
  });

  test("an episode ends at the horizon or where it is done, and not before", () => {
    for (let seed = 0; seed < 20; seed++) {
      let last: number = Outcome.goesOn;
      const drive = wander(name, seed, (_, outcome) => {
        last = outcome;
      });
      expect(drive.time === world.horizon || last === Outcome.done).toBe(true);
      expect(() => drive.step(new Float64Array(width(world.action)))).toThrow(RangeError);
    }
  });

  test("a step may write where it reads", () => {
    wander(name, 3, (state) => {
      const action = new Float64Array(width(world.action));
      world.expert(state, action);
      const apart = new Float64Array(world.stateSize);
      const inPlace = state.slice();
      const outcome = world.step(state, action, seeded(5), apart);
      expect(world.step(inPlace, action, seeded(5), inPlace)).toBe(outcome);
      expect(inPlace).toEqual(apart);
    });
  });

  test("every action that comes from expert, key or pointer is one of its actions", () => {
    const action = new Float64Array(width(world.action));
    for (const row of Object.values(world.steering.keys))
      expect(contains(world.action, row)).toBe(true);
    const { steering } = world;
    if (steering.pace === "runs") expect(contains(world.action, steering.rest)).toBe(true);
    wander(name, 11, (state) => {
      world.expert(state, action);
      expect(contains(world.action, action)).toBe(true);
      for (const [x, y] of [
        [0, 0],
        [100, -3],
        [world.picture.pose(state).x, world.picture.pose(state).y],
      ] as const) {
        world.steering.toward(state, x, y, action);
        expect(contains(world.action, action)).toBe(true);
      }
    });
  });

  test("what may be wanted has a weight for each reward feature, here and in another such world", () => {
    const { nFeatures, featureNames } = world.lattice;
    for (const { words, weights } of Object.values(world.tastes ?? {})) {
      expect(words).toMatch(/\.$/);
      expect(weights.length).toBe(nFeatures);
      expect(weights.every(Number.isFinite)).toBe(true);
    }
    const other = world.another?.(7) ?? world;
    expect(other.lattice.featureNames).toEqual(featureNames);
    expect(new Set(featureNames).size).toBe(nFeatures);
  });

  test("each number of its states and actions has a word in its legend", () => {
    expect(world.legend.state).toHaveLength(world.stateSize);
    expect(world.legend.action).toHaveLength(width(world.action));
  });

  test("observations are finite and of the size it says", () => {
    const observation = new Float64Array(world.observationSize).fill(Number.NaN);
    wander(name, 13, (state) => {
      world.observe(state, observation);
      expect(observation.every(Number.isFinite)).toBe(true);
    });
  });

  test("a state in a lattice cell is found in that cell, and a held action is recognised", () => {
    const { lattice } = world;
    const random = seeded(1);
    const state = new Float64Array(world.stateSize);
    const features = new Float64Array(lattice.nFeatures);
    for (let cell = 0; cell < lattice.nStates; cell++) {
      lattice.stateIn(cell, random, state);
      // On the very edge of a cell, rounding to 24 bits may tip a state into the next.
      const found = lattice.cellOf(state);
      const isOfFall = lattice.fallen?.(state) === cell;
      if (found !== cell && !isOfFall) expect(nearEdge(state)).toBe(true);
      lattice.features(cell, features);
      expect(features.every((value) => Math.abs(value) <= 1)).toBe(true);
    }
    const action = new Float64Array(width(world.action));
    for (let a = 0; a < lattice.nActions; a++) {
      lattice.action(a, action);
      expect(contains(world.action, action)).toBe(true);
      const held = new Float64Array(lattice.hold * action.length);
      for (let t = 0; t < lattice.hold; t++) held.set(action, t * action.length);
      expect(lattice.nearestAction(held)).toBe(a);
    }
    for (const { cell } of lattice.tiles) expect(cell >= 0 && cell < lattice.nStates).toBe(true);
    expect(lattice.featureNames.length).toBe(lattice.nFeatures);
  });
});

/** Whether some coordinate lies within rounding of a multiple of 0.2, or of a heading's sixteenth. */
function nearEdge([x, y, heading]: Float64Array): boolean {
  const off = (value: number, step: number) =>
    Math.abs(value / step - Math.round(value / step)) * step;
  return Math.min(off(x!, 0.2), off(y!, 0.2), off(heading! + Math.PI, Math.PI / 8)) < 1e-6;
}
