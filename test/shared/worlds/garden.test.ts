import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelOf } from "../../../shared/irl/lattice.ts";
import { seeded } from "../../../shared/random.ts";
import { gardenOf } from "../../../shared/worlds/garden/garden.ts";
import { drought, garden, maze, rain } from "../../../shared/worlds/garden/levels.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

const side = 8; // tiles
const [up, down, left, right, stay] = [0, 1, 2, 3, 4];
const directions = ["up", "down", "left", "right"];
/** In the order of the actions, on the stage, whose y goes up. */
const moves = [
  [0, 1],
  [0, -1],
  [-1, 0],
  [1, 0],
  [0, 0],
] as const;

/** What is drawn on the tile around (x, y) of the stage; null off the map. */
const drawn = (world: Level) => {
  const tiles = new Map<string, string>();
  for (const shape of world.picture.shapes) {
    if (shape.kind === "tile") tiles.set(`${shape.x} ${shape.y}`, shape.terrain);
  }
  return (x: number, y: number) => tiles.get(`${x} ${y}`) ?? null;
};

const sideOf = (world: Level) => Math.sqrt(world.observationSize);

/** Every tile that is no wall: its cell, its middle, what grows there, and a state. */
function places(world: Level) {
  const at = drawn(world);
  const side = sideOf(world);
  return Array.from({ length: side * side }, (_, cell) => {
    const [row, column] = [Math.floor(cell / side), cell % side];
    const [x, y] = [column + 0.5, side - row - 0.5];
    return { cell, row, column, x, y, terrain: at(x, y)!, state: Float64Array.of(row, column) };
  }).filter(({ terrain }) => terrain !== "wall");
}

/**
 * Moves home from the tile around (x, y), Infinity where there is no way: each tile is told by its
 * neighbours until nobody learns anything new.
 */
function distancesIn(world: Level): (x: number, y: number) => number {
  const distance = new Map<string, number>();
  const of = (x: number, y: number) => distance.get(`${x} ${y}`) ?? Number.POSITIVE_INFINITY;
  const all = places(world);
  for (let news = true; news; ) {
    news = false;
    for (const { x, y, terrain } of all) {
      const told = Math.min(...moves.map(([dx, dy]) => 1 + of(x + dx, y + dy)));
      const now = terrain === "home" ? 0 : told;
      if (now < of(x, y)) {
        distance.set(`${x} ${y}`, now);
        news = true;
      }
    }
  }
  return of;
}

function step(world: Level, state: Float64Array, action: number) {
  const next = new Float64Array(2);
  const outcome = world.step(state, Float64Array.of(action), null, next);
  return { next, outcome, ...world.picture.pose(next) };
}

const startOf = (world: Level, seed: number) => {
  const state = new Float64Array(2);
  world.start(seeded(seed), state);
  return world.picture.pose(state);
};

/** The last two of these would lack gravel, or puddles, at the first draw. */
const seeds = [...Array.from({ length: 198 }, (_, seed) => seed), 259, 3492];
const layouts = seeds.map((seed) => gardenOf({ name: `garden-${seed}`, title: "A garden", seed }));

describe.each([
  ["the game's gardens", [garden, maze, rain]],
  ["two hundred gardens", layouts],
] as const)("in %s", (_, worlds) => {
  test("there is one home, at the fence, and some of everything that grows", () => {
    for (const world of worlds) {
      const side = sideOf(world);
      const all = places(world);
      const homes = all.filter(({ terrain }) => terrain === "home");
      expect(homes.length, world.name).toBe(1);
      const { row, column } = homes[0]!;
      expect([row, column].some((i) => i === 0 || i === side - 1)).toBe(true);
      const terrains = new Set(all.map(({ terrain }) => terrain));
      expect([...terrains].sort(), world.name).toEqual(
        ["flowers", "gravel", "home", "lawn", "mud", "puddle"].sort(),
      );
      expect(all.length, world.name).toBeLessThan(side * side); // and walls
    }
  });

  test("every tile that is no wall has a way home within the horizon", () => {
    for (const world of worlds) {
      const distance = distancesIn(world);
      for (const { x, y } of places(world))
        expect(distance(x, y), world.name).toBeLessThanOrEqual(world.horizon);
    }
  });

  test("a move goes one tile on, stops at walls and the fence, and is done at home", () => {
    const seen = { walls: 0, fence: 0, home: 0 };
    for (const world of worlds) {
      const at = drawn(world);
      for (const { x, y, state, terrain } of places(world)) {
        if (terrain === "home") continue;
        moves.forEach(([dx, dy], action) => {
          const ahead = at(x + dx, y + dy);
          const stopped = ahead === null || ahead === "wall";
          if (ahead === null) seen.fence++;
          if (ahead === "wall") seen.walls++;
          if (ahead === "home") seen.home++;
          expect(step(world, state, action)).toMatchObject({
            x: stopped ? x : x + dx,
            y: stopped ? y : y + dy,
            outcome: ahead === "home" ? Outcome.done : Outcome.goesOn,
          });
        });
      }
    }
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
  });

  test("walks start in the far half, neither at home nor in a wall", () => {
    for (const world of worlds) {
      const distance = distancesIn(world);
      const farthest = Math.max(...places(world).map(({ x, y }) => distance(x, y)));
      for (let seed = 0; seed < 30; seed++) {
        const { x, y } = startOf(world, seed);
        expect(drawn(world)(x, y)).not.toBe("wall");
        expect(drawn(world)(x, y)).not.toBe("home");
        expect(distance(x, y), world.name).toBeGreaterThanOrEqual(farthest / 2);
      }
    }
  });

  test("the expert takes a shortest way from everywhere", () => {
    const action = new Float64Array(1);
    for (const world of worlds) {
      const distance = distancesIn(world);
      for (const { x, y, state: from, terrain } of places(world)) {
        if (terrain === "home") continue;
        const state = from.slice();
        let steps = 0;
        let outcome: number = Outcome.goesOn;
        while (outcome === Outcome.goesOn && steps < world.horizon) {
          world.expert(state, action);
          outcome = world.step(state, action, null, state);
          steps++;
        }
        expect(outcome).toBe(Outcome.done);
        expect(steps).toBe(distance(x, y));
      }
    }
  });

  test("a tile's reward features say what grows there, and nothing of the lawn", () => {
    for (const world of worlds) {
      const { lattice } = world;
      const features = new Float64Array(lattice.nFeatures);
      for (const { cell, terrain } of places(world)) {
        features.fill(Number.NaN);
        lattice.features(cell, features);
        lattice.featureNames.forEach((name, k) => {
          expect(features[k]).toBe(name.includes(terrain) ? 1 : 0);
        });
        expect(features.includes(1)).toBe(terrain !== "lawn");
      }
    }
  });

  test("the map has every tile that is no wall, where it is drawn", () => {
    for (const world of worlds) {
      expect(world.lattice.tiles).toEqual(
        places(world).map(({ cell, x, y }) => ({ cell, x, y, size: 1 })),
      );
      for (const { cell, x, y, state } of places(world)) {
        expect(world.lattice.cellOf(state)).toBe(cell);
        expect(world.picture.pose(state)).toEqual({ x, y, heading: null });
      }
    }
  });

  test("one is told where one is, and what is on each side that one can go to", () => {
    for (const world of worlds) {
      const at = drawn(world);
      for (const { cell, row, column, x, y, terrain, state } of places(world)) {
        const around = directions.flatMap((direction, action) => {
          const [dx, dy] = moves[action]!;
          const ahead = at(x + dx, y + dy);
          return ahead === null || ahead === "wall" ? [] : [`${ahead} (${direction})`];
        });
        const here = `row ${row + 1}, column ${column + 1}, ${terrain}`;
        expect(world.names!.cell(cell)).toBe(here);
        expect(world.names!.whereabouts(state)).toBe(
          `R${here.slice(1)}. Next to you: ${around.join(", ")}.`,
        );
      }
    }
  });
});

describe("slippery ground", () => {
  const sides = {
    [up]: [left, right],
    [down]: [left, right],
    [left]: [up, down],
    [right]: [up, down],
  };
  /** Where an action leads from a state and how likely, told from where moves lead on dry ground. */
  const chancesOf = (state: Float64Array, action: number) => {
    const to = new Map<string, number>();
    const add = (move: number, chance: number) => {
      const { next } = step(rain, state, move);
      to.set(String(next), (to.get(String(next)) ?? 0) + chance);
    };
    add(action, action === stay ? 1 : 0.8);
    for (const aside of sides[action] ?? []) add(aside, 0.1);
    return to;
  };
  const inside = places(rain).filter(({ terrain }) => terrain !== "home");

  test("takes one move in five to one of its sides, either as often, and none that stays", () => {
    const random = seeded(6);
    const draws = 4000;
    const next = new Float64Array(2);
    for (const { state } of inside.filter((_, i) => i % 6 === 0)) {
      for (const action of [up, down, left, right, stay]) {
        const seen = new Map<string, number>();
        for (let i = 0; i < draws; i++) {
          rain.step(state, Float64Array.of(action), random, next);
          seen.set(String(next), (seen.get(String(next)) ?? 0) + 1);
        }
        const chances = chancesOf(state, action);
        expect([...seen.keys()].sort()).toEqual([...chances.keys()].sort());
        for (const [place, chance] of chances) {
          // Five standard deviations.
          const slack = 5 * Math.sqrt(draws * chance * (1 - chance));
          expect(Math.abs(seen.get(place)! - draws * chance)).toBeLessThanOrEqual(slack);
        }
      }
    }
  });

  test("is in the model with the very same probabilities, and home is where episodes end", () => {
    const { mdp } = modelOf(rain);
    const home = places(rain).find(({ terrain }) => terrain === "home")!.cell;
    for (const { cell, state } of inside) {
      for (const action of [up, down, left, right, stay]) {
        const row = cell * mdp.nActions + action;
        const modelled = new Map<string, number>();
        for (let i = mdp.offsets[row]!; i < mdp.offsets[row + 1]!; i++) {
          const place = Float64Array.of(Math.floor(mdp.next[i]! / 8), mdp.next[i]! % 8);
          modelled.set(String(place), mdp.probability[i]!);
        }
        const chances = chancesOf(state, action);
        expect([...modelled.keys()].sort()).toEqual([...chances.keys()].sort());
        for (const [place, chance] of chances) expect(modelled.get(place)).toBeCloseTo(chance, 12);
      }
    }
    for (let a = 0; a < mdp.nActions; a++) {
      const row = home * mdp.nActions + a;
      expect([...mdp.next.subarray(mdp.offsets[row]!, mdp.offsets[row + 1]!)]).toEqual([home]);
    }
  });

  test("on dry ground the exact model is where each move leads", () => {
    const { mdp } = modelOf(garden);
    for (const { cell, state, terrain } of places(garden)) {
      if (terrain === "home") continue;
      for (let a = 0; a < mdp.nActions; a++) {
        const row = cell * mdp.nActions + a;
        const { next } = step(garden, state, a);
        expect([...mdp.next.subarray(mdp.offsets[row]!, mdp.offsets[row + 1]!)]).toEqual([
          next[0]! * side + next[1]!,
        ]);
        expect(mdp.probability[mdp.offsets[row]!]).toBe(1);
      }
    }
  });
});

describe("a layout", () => {
  test("of the game's garden stays as it is, since lessons have been given in it", () => {
    const letters = { lawn: ".", wall: "#" } as Readonly<Partial<Record<string, string>>>;
    const tiles = garden.picture.shapes.map((shape) =>
      shape.kind === "tile" ? (letters[shape.terrain] ?? shape.terrain[0]!) : "",
    );
    const rows = Array.from({ length: side }, (_, row) =>
      tiles.slice(row * side, (row + 1) * side).join(""),
    );
    expect(rows).toEqual([
      "mm##m...",
      "mmppmgpp",
      "fmppmg.p",
      "ffgpmfph",
      "ffggmfpg",
      "#ggfffg.",
      "#.......",
      "..##....",
    ]);
  });

  const shapes = (world: Level) => JSON.stringify(world.picture.shapes);

  test("is the same under the same seed and another under another", () => {
    const again = seeds.map((seed) => gardenOf({ name: "again", title: "Again", seed }));
    expect(again.map(shapes)).toEqual(layouts.map(shapes));
    expect(new Set(layouts.map(shapes)).size).toBe(layouts.length);
  });

  test("has walks from all over its far half", () => {
    const distance = distancesIn(garden);
    const far = places(garden).map(({ x, y }) => ({ x, y, steps: distance(x, y) }));
    const farthest = Math.max(...far.map(({ steps }) => steps));
    const key = ({ x, y }: { x: number; y: number }) => `${x} ${y}`;
    const starts = new Set(Array.from({ length: 1000 }, (_, seed) => key(startOf(garden, seed))));
    expect([...starts].sort()).toEqual(
      far
        .filter(({ steps }) => steps >= farthest / 2)
        .map(key)
        .sort(),
    );
  });

  test("of another garden is another, where the same things may be wanted", () => {
    const seeds = [0, 1, 2, 3, 2 ** 32 - 1];
    const others = seeds.map((seed) => garden.another!(seed));
    for (const other of others) {
      expect(other.lattice.featureNames).toEqual(garden.lattice.featureNames);
      expect(other.tastes).toEqual(garden.tastes);
    }
    const all = [garden, ...others];
    expect(new Set(all.map(shapes)).size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(seeds.map((seed) => shapes(garden.another!(seed)))).toEqual(others.map(shapes));
  });
});

describe("a taste", () => {
  const stems = { flowers: "flower", mud: "mud", puddle: "puddle", gravel: "gravel" };

  test.each(Object.entries(garden.tastes!))(
    "%s: has one favourite and one horror, and names them",
    (_, { words, weights }) => {
      const { featureNames, nFeatures } = garden.lattice;
      expect(weights.length).toBe(nFeatures);
      const home = weights[featureNames.indexOf("at home")]!;
      const grown = Object.keys(stems).map((terrain) => ({
        terrain: terrain as keyof typeof stems,
        weight: weights[featureNames.findIndex((name) => name.includes(terrain))]!,
      }));
      const ranked = [...grown, { terrain: null, weight: 0 }].sort((a, b) => b.weight - a.weight);
      const [best, second] = ranked;
      const [worst, lastButOne] = ranked.toReversed();
      expect(best!.weight).toBeGreaterThanOrEqual(second!.weight + 0.5);
      expect(worst!.weight).toBeLessThanOrEqual(lastButOne!.weight - 0.5);
      for (const { terrain } of [best!, worst!])
        expect(words.toLowerCase()).toContain(stems[terrain!]);
      // Or nobody would come home.
      expect(home).toBeGreaterThan(best!.weight);
    },
  );

  test("is unlike every other", () => {
    const tastes = Object.values(garden.tastes!);
    expect(new Set(tastes.map(({ weights }) => String(weights))).size).toBe(tastes.length);
    expect(new Set(tastes.map(({ words }) => words)).size).toBe(tastes.length);
  });
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

describe("pointing", () => {
  const toward = (from: readonly [number, number], x: number, y: number) => {
    const action = new Float64Array(1);
    garden.steering.toward(Float64Array.of(...from), x, y, action);
    return action[0]!;
  };

  test("at a place walks along the axis on which it is farther away, and stays where one is", () => {
    const at = (x: number, y: number) => toward([2, 2], x, y); // its middle is (2.5, 5.5)
    expect(at(2.5, 7.5)).toBe(up);
    expect(at(2.5, 0.5)).toBe(down);
    expect(at(0.2, 5.6)).toBe(left);
    expect(at(4.9, 5.2)).toBe(right);
    expect(at(2.6, 5.4)).toBe(stay);
    expect(at(5.5, 6.5)).toBe(right);
    expect(at(3.5, 0.5)).toBe(down);
  });

  test("wherever nothing is in the way comes there by the fewest moves", () => {
    const tile = fc.integer({ min: 0, max: side - 1 });
    fc.assert(
      fc.property(tile, tile, tile, tile, (row, column, toRow, toColumn) => {
        const at: [number, number] = [row, column];
        const fewest = Math.abs(toRow - row) + Math.abs(toColumn - column);
        for (let moved = 0; moved < fewest; moved++) {
          const [dx, dy] = moves[toward(at, toColumn + 0.5, side - toRow - 0.5)]!;
          at[0] -= dy;
          at[1] += dx;
        }
        expect(at).toEqual([toRow, toColumn]);
        expect(toward(at, toColumn + 0.5, side - toRow - 0.5)).toBe(stay);
      }),
    );
  });
});

test("a drought is the meadow with lawn for puddles, and other gardens have some", () => {
  const [dry, wet, other] = [drought, garden, drought.another(3)].map((world) =>
    world.picture.shapes.map((shape) => (shape.kind === "tile" ? shape.terrain : null)),
  );
  expect(wet).toContain("puddle");
  expect(dry).toEqual(wet!.map((terrain) => (terrain === "puddle" ? "lawn" : terrain)));
  expect(other).toContain("puddle");
});
