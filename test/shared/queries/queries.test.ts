import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policyKinds } from "../../../shared/policies/index.ts";
import { type Familiarity, finish } from "../../../shared/policies/policy.ts";
import { betaMixture, betaMixtureWith } from "../../../shared/queries/betaMixture.ts";
import { lessonQueries, queries } from "../../../shared/queries/index.ts";
import { novel } from "../../../shared/queries/novel.ts";
import type { GateState } from "../../../shared/queries/query.ts";
import { random } from "../../../shared/queries/random.ts";
import { takeover } from "../../../shared/queries/takeover.ts";
import { asMany } from "../../../shared/queries/variants.ts";
import { seeded } from "../../../shared/random.ts";
import { width } from "../../../shared/spaces.ts";
import { Simulation } from "../../../shared/worlds/episode.ts";
import { garden } from "../../../shared/worlds/garden/levels.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { road } from "../../../shared/worlds/road/levels.ts";
import { taught } from "../policies/data.ts";

type Driver = (state: Float64Array, observation: Float64Array, action: Float64Array) => void;

/** Observations and expert's actions along the episodes that `driver` drives. */
function visit(world: Level, seeds: readonly number[], driver: Driver) {
  const observations: number[] = [];
  const actions: number[] = [];
  const observation = new Float64Array(world.observationSize);
  const action = new Float64Array(width(world.action));
  for (const seed of seeds) {
    const drive = new Simulation(world, seed);
    while (!drive.over) {
      world.observe(drive.state, observation);
      observations.push(...observation);
      world.expert(drive.state, action);
      actions.push(...action);
      driver(drive.state, observation, action);
      drive.step(action);
    }
  }
  const { observationSize } = world;
  return {
    n: observations.length / observationSize,
    expertDrove: new Uint8Array(observations.length / observationSize),
    observationSize,
    action: world.action,
    observations: Float64Array.from(observations),
    actions: Float64Array.from(actions),
  };
}
const expertIn =
  (world: Level): Driver =>
  (state, _, action) =>
    world.expert(state, action);

const rowOf = (visited: { observationSize: number; observations: Float64Array }, i: number) =>
  visited.observations.subarray(i * visited.observationSize, (i + 1) * visited.observationSize);

/** Visited places of which some are equal, and a policy that knows something of them. */
const scene = fc
  .record({ seed: fc.integer({ min: 0, max: 1e6 }), n: fc.integer({ min: 1, max: 30 }) })
  .map(({ seed, n }) => {
    const random = seeded(seed);
    const known = taught({ kind: "continuous", low: [-1, -1], high: [1, 3] }, 12, seed);
    const { policy } = finish(policyKinds.linear!.fit(known, seeded(seed)));
    const rows = Array.from({ length: n }, () => [0, 1, 2].map(() => random.below(3) - 1));
    return {
      n,
      observationSize: 3,
      observations: Float64Array.from(rows.flat()),
      expertDrove: Uint8Array.from({ length: n }, () => random.below(2)),
      familiarity: () => policy.familiarity(),
    };
  });

test.each(["every", "novel"])("%s asks about one of the states that are alike", (name) => {
  fc.assert(
    fc.property(scene, (visited) => {
      const familiarity = visited.familiarity();
      const picks = queries[name]!.choose({ ...visited, familiarity }, visited.n, seeded(1));
      const rows = picks.map((i) => rowOf(visited, i).join());
      expect(new Set(rows).size).toBe(rows.length);
      const all = Array.from({ length: visited.n }, (_, i) => rowOf(visited, i).join());
      if (name === "every") expect(rows).toEqual([...new Set(all)]);
    }),
  );
});

describe.each(Object.values(queries))("$name", (query) => {
  test("asks about visited states, at most as many as the budget, none twice", () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 40 }), (visited, budget) => {
        const ask = () =>
          query.choose({ ...visited, familiarity: visited.familiarity() }, budget, seeded(1));
        const picks = ask();
        const some = query.name === "takeover" ? visited.expertDrove.includes(1) : true;
        if (some) expect(picks.length).toBeGreaterThan(0);
        expect(picks.length).toBeLessThanOrEqual(Math.min(budget, visited.n));
        expect(new Set(picks).size).toBe(picks.length);
        for (const i of picks) expect(Number.isInteger(i) && i >= 0 && i < visited.n).toBe(true);
        expect(ask()).toEqual(picks);
      }),
    );
  });

  test("asks nothing where nothing may be asked", () => {
    fc.assert(
      fc.property(scene, (visited) => {
        const familiarity = visited.familiarity();
        expect(query.choose({ ...visited, familiarity }, 0, seeded(1))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test("asks nothing where nothing was visited", () => {
    const visited = {
      n: 0,
      observationSize: 3,
      observations: new Float64Array(0),
      expertDrove: new Uint8Array(0),
    };
    const familiarity: Familiarity = { uncertainty: () => 1, see: () => {} };
    expect(query.choose({ ...visited, familiarity }, 5, seeded(1))).toEqual([]);
  });
});

describe("novel", () => {
  test("never asks about equal observations twice", () => {
    fc.assert(
      fc.property(scene, (visited) => {
        const familiarity: Familiarity = { uncertainty: () => 1, see: () => {} }; // forgets
        const still = { ...visited, familiarity };
        const keys = [still, { ...visited, familiarity: visited.familiarity() }].map((v) =>
          novel.choose(v, 40, seeded(1)).map((i) => rowOf(visited, i).join()),
        );
        for (const of of keys) expect(new Set(of).size).toBe(of.length);
      }),
    );
  });

  test("picks what the plain greedy search picks", () => {
    fc.assert(
      fc.property(scene, (visited) => {
        const picks = novel.choose(
          { ...visited, familiarity: visited.familiarity() },
          40,
          seeded(1),
        );
        const familiarity = visited.familiarity();
        const asked = new Set<string>();
        for (const pick of picks) {
          const left = Array.from({ length: visited.n }, (_, i) => rowOf(visited, i)).filter(
            (row) => !asked.has(row.join()),
          );
          const most = Math.max(...left.map((row) => familiarity.uncertainty(row)));
          expect(familiarity.uncertainty(rowOf(visited, pick))).toBeCloseTo(most, 9);
          asked.add(rowOf(visited, pick).join());
          familiarity.see(rowOf(visited, pick));
        }
      }),
    );
  });

  test("in the garden asks about each tile never shown, once, and about no other", () => {
    for (let seed = 0; seed < 20; seed++) {
      const shown = visit(garden, [2000 + seed], expertIn(garden));
      const { policy } = finish(policyKinds.softmax!.fit(shown, seeded(seed)));
      const walks = visit(
        garden,
        [3000 + seed, 4000 + seed, 5000 + seed],
        (_, observation, action) => policy.act(observation, action),
      );
      const tiles = (v: typeof walks) =>
        new Set(Array.from({ length: v.n }, (_, i) => rowOf(v, i).indexOf(1)));
      const known = tiles(shown);
      const unknown = [...tiles(walks)].filter((tile) => !known.has(tile));
      const asked = novel
        .choose({ ...walks, familiarity: policy.familiarity() }, 40, seeded(1))
        .map((i) => rowOf(walks, i).indexOf(1));
      if (unknown.length > 0) expect(asked.sort()).toEqual(unknown.sort());
      else expect(asked.length).toBe(1);
    }
  });

  test("on the road has plenty to ask after one demonstration, and less after it was told", () => {
    const shown = visit(road, [2000], expertIn(road));
    const { policy } = finish(policyKinds.fourier!.fit(shown, seeded(1)));
    const drives = visit(road, [3000, 3001], (_, observation, action) =>
      policy.act(observation, action),
    );
    const familiarity = policy.familiarity();
    const first = novel.choose({ ...drives, familiarity }, 400, seeded(1));
    expect(first.length).toBeGreaterThanOrEqual(12);
    expect(first.length).toBeLessThan(200);
    const second = novel.choose({ ...drives, familiarity }, 400, seeded(1));
    expect(second.length).toBeLessThan(first.length / 2);
  });

  test("choosing 40 of 400 states takes a look at each, and few looks again", () => {
    const random = seeded(1);
    const shown = visit(road, [2000], expertIn(road));
    const { policy } = finish(policyKinds.fourier!.fit(shown, seeded(1)));
    const observations = Float64Array.from({ length: 1600 }, () => 2 * random.normal());
    const expertDrove = new Uint8Array(400);
    const visited = { n: 400, observationSize: 4, observations, expertDrove };
    const known = policy.familiarity();
    let looks = 0;
    const familiarity: Familiarity = {
      see: (observation) => known.see(observation),
      uncertainty(observation) {
        looks++;
        return known.uncertainty(observation);
      },
    };
    expect(novel.choose({ ...visited, familiarity }, 40, random).length).toBe(40);
    // To look at all that are left before each pick would be 15,000.
    expect(looks).toBeLessThan(400 + 40 * 40);
  });
});

describe("random", () => {
  const familiarity: Familiarity = { uncertainty: () => 1, see: () => {} };
  const visited = {
    n: 10,
    observationSize: 1,
    observations: new Float64Array(10),
    expertDrove: new Uint8Array(10),
    familiarity,
  };

  test("draws each state equally often, in each place of the order", () => {
    const draws = seeded(7);
    const trials = 4000;
    const first = new Array<number>(10).fill(0);
    const any = new Array<number>(10).fill(0);
    for (let trial = 0; trial < trials; trial++) {
      const picks = random.choose(visited, 3, draws);
      first[picks[0]!]!++;
      for (const i of picks) any[i]!++;
    }
    const within = (count: number, p: number) =>
      Math.abs(count - trials * p) < 4 * Math.sqrt(trials * p * (1 - p));
    expect(first.every((count) => within(count, 0.1))).toBe(true);
    expect(any.every((count) => within(count, 0.3))).toBe(true);
  });
});

const calm: GateState = {
  t: 0,
  state: new Float64Array(0),
  expertDrives: false,
  disagreement: 0,
  deviation: 0,
};

describe("betaMixture", () => {
  test("the expert drives as large a share of steps as β says, within the binomial's error", () => {
    const steps = 4000;
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 1e6 }),
        (decay, round, seed) => {
          const beta = decay ** (round - 1);
          const gate = betaMixtureWith(decay).gate!(round, seeded(seed));
          let drove = 0;
          for (let t = 0; t < steps; t++) if (gate({ ...calm, t })) drove++;
          // Five standard deviations, and a step for shares next to 0 and 1.
          const error = 5 * Math.sqrt(beta * (1 - beta) * steps) + 1;
          expect(Math.abs(drove - beta * steps)).toBeLessThan(error);
        },
      ),
    );
  });

  test("by default is the expert's alone in the first round, and the learner's alone after", () => {
    const shares = [1, 2, 3].map((round) => {
      const gate = betaMixture.gate!(round, seeded(1));
      return Array.from({ length: 100 }, () => gate(calm)).filter(Boolean).length;
    });
    expect(shares).toEqual([100, 0, 0]);
  });
});

describe("takeover", () => {
  const gate = takeover.gate!(1, seeded(1));

  test("asks about the steps of the expert, and about no other", () => {
    fc.assert(
      fc.property(scene, (visited) => {
        const picks = takeover.choose(
          { ...visited, familiarity: visited.familiarity() },
          100,
          seeded(1),
        );
        expect(picks.length).toBe(visited.expertDrove.filter((drove) => drove === 1).length);
        expect(picks.every((i) => visited.expertDrove[i] === 1)).toBe(true);
      }),
    );
  });

  test("takes over where the learner errs or strays, and gives back only when all is well", () => {
    expect(gate(calm)).toBe(false);
    expect(gate({ ...calm, disagreement: 0.2, deviation: 0.4 })).toBe(false);
    expect(gate({ ...calm, expertDrives: true, disagreement: 0.2 })).toBe(true);
    expect(gate({ ...calm, expertDrives: true, deviation: 0.4 })).toBe(true);
    expect(gate({ ...calm, expertDrives: true })).toBe(false);
    expect(gate({ ...calm, disagreement: 1 })).toBe(true);
    expect(gate({ ...calm, deviation: 0.9 })).toBe(true);
  });
});

test("the choice of a strategy is filled up to as many states as others have", () => {
  fc.assert(
    fc.property(scene, fc.integer({ min: 0, max: 40 }), (visited, count) => {
      const n = Math.min(count, visited.n);
      const familiarity = visited.familiarity();
      const chosen = novel.choose({ ...visited, familiarity }, n, seeded(1));
      const again = { ...visited, familiarity: visited.familiarity() };
      const picks = asMany(novel, () => count).choose(again, 1, seeded(1));
      expect(picks).toHaveLength(n);
      expect(new Set(picks).size).toBe(n);
      expect(picks.slice(0, chosen.length)).toEqual(chosen);
    }),
  );
});

test("a lesson is offered those strategies that need no expert during the roll-out", () => {
  expect(Object.keys(lessonQueries).sort()).toEqual(["every", "novel", "random"]);
  for (const query of Object.values(queries)) {
    expect(query.needs === "at the wheel").toBe(query.gate !== undefined);
  }
});
