import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mdp } from "../../../shared/irl/mdp.ts";
import { readProblem, readWeights } from "../../../shared/laboratory/problem.ts";
import { BadFile } from "../../../shared/laboratory/problemFile.ts";
import { seeded } from "../../../shared/random.ts";
import { outcomes, randomMdp } from "../irl/support.ts";

/** Two rooms and a way out: action 0 stays, action 1 goes on, with a slip. */
const rooms = {
  nStates: 3,
  nActions: 2,
  transitions: [
    [0, 0, 0, 1],
    [0, 1, 1, 0.9],
    [0, 1, 0, 0.1],
    [1, 0, 1, 1],
    [1, 1, 2, 1],
  ],
  features: [
    [1, 0],
    [0, 1],
    [0, 0],
  ],
  start: [0.5, 0.5, 0],
  terminals: [2],
  discount: 0.9,
  horizon: 4,
  demonstrations: [
    [[0, 1], [1, 1], [2]],
    [[1, 0], [1, 0], [1]],
  ],
  l2: 0.1,
};

function complaints(change: object, demonstrated = true): readonly string[] {
  return complaintsAbout(() => readProblem(JSON.stringify({ ...rooms, ...change }), demonstrated));
}

function complaintsAbout(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof BadFile) return error.complaints;
    throw error;
  }
  return [];
}

describe("readProblem", () => {
  test("reads the MDP, the features and the demonstrations", () => {
    const problem = readProblem(JSON.stringify(rooms), true);
    const { discount, horizon } = problem.mdp;
    expect({ discount, horizon }).toEqual({ discount: 0.9, horizon: 4 });
    expect([...problem.mdp.terminal]).toEqual([0, 0, 1]);
    expect([...problem.mdp.start]).toEqual([0.5, 0.5, 0]);
    expect(outcomes(problem.mdp, 0, 1)).toEqual([
      { next: 1, probability: 0.9 },
      { next: 0, probability: 0.1 },
    ]);
    expect([...problem.features]).toEqual([1, 0, 0, 1, 0, 0]);
    expect(problem.demonstrations.map(({ states }) => Array.from(states))).toEqual([
      [0, 1, 2],
      [1, 1, 1],
    ]);
    expect(problem.demonstrations.map(({ actions }) => Array.from(actions))).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(problem).toMatchObject({ nFeatures: 2, l2: 0.1, impossibleSteps: 0, warnings: [] });
  });

  test("accepts a file with the required keys only", () => {
    const { start, terminals, horizon, l2, demonstrations, ...rest } = rooms;
    const staying = [...rooms.transitions, [2, 0, 2, 1], [2, 1, 2, 1]];
    const problem = readProblem(JSON.stringify({ ...rest, transitions: staying }), false);
    expect(problem.mdp.horizon).toBe(Number.POSITIVE_INFINITY);
    expect([...problem.mdp.start]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect([...problem.mdp.terminal]).toEqual([0, 0, 0]);
    expect(problem.l2).toBeNull();
    expect(problem.demonstrations).toEqual([]);
  });

  test("reads any MDP back as it was written", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          nStates: fc.integer({ min: 1, max: 9 }),
          nActions: fc.integer({ min: 1, max: 4 }),
          nTerminals: fc.nat(3),
          discount: fc.constantFrom(0.5, 0.99),
          horizon: fc.constantFrom(1, 7, Number.POSITIVE_INFINITY),
        }),
        fc.nat(),
        (made, shuffle) => {
          const model = randomMdp(made);
          const { nStates, nActions, horizon } = model;
          const random = seeded(shuffle);
          const transitions = Array.from({ length: nStates * nActions }, (_, row) => {
            const [s, a] = [Math.floor(row / nActions), row % nActions];
            return outcomes(model, s, a).map(({ next, probability }) => [s, a, next, probability]);
          }).flat();
          const features = Array.from({ length: nStates }, () => [random.normal()]);
          const file = {
            nStates,
            nActions,
            // States and actions in any order, the outcomes of each in their own.
            transitions: transitions
              .map((transition, i) => ({
                transition,
                i,
                key: (transition[0]! * 7919 + transition[1]! * 104729 + shuffle) % 13,
              }))
              .sort((a, b) => a.key - b.key || a.i - b.i)
              .map(({ transition }) => transition),
            features,
            start: [...model.start],
            terminals: [...model.terminal.keys()].filter((s) => model.terminal[s]),
            discount: model.discount,
            ...(Number.isFinite(horizon) && { horizon }),
          };
          const problem = readProblem(JSON.stringify(file), false);
          expect(problem.mdp).toEqual(model);
          expect([...problem.features]).toEqual(features.flat());
        },
      ),
    );
  });
});

describe("readProblem's complaints", () => {
  const [first, ...others] = rooms.transitions;
  const demonstrated = (...steps: unknown[]) => ({ demonstrations: [[[0, 0], [0]], steps] });
  test.each<[object, string]>([
    [{ nStates: 0 }, "nStates is 0, not a whole number from 1"],
    [{ nActions: 1.5 }, "nActions is 1.5, not a whole number from 1"],
    [{ nStates: undefined }, "nStates is missing"],
    [{ features: undefined }, "features is missing"],
    [
      { horizont: 3 },
      'there is no key "horizont": there are nStates, nActions, transitions, features, start, terminals, discount, horizon, demonstrations, l2, outcomes',
    ],
    [{ outcomes: "lucky" }, 'outcomes is "lucky", not "expected" or "observed"'],
    [{ horizon: null }, "horizon is null, not a whole number from 1"],
    [{ horizon: 0 }, "horizon is 0, not a whole number from 1"],
    [{ discount: 1.1 }, "discount is 1.1, not a number in (0, 1]"],
    [{ discount: 0 }, "discount is 0, not a number in (0, 1]"],
    [{ discount: "0.9" }, 'discount is "0.9", not a number in (0, 1]'],
    [
      { discount: 1, horizon: undefined },
      "discount is 1 over an infinite horizon, where values have no bound: give a horizon or a discount below 1",
    ],
    [
      { horizon: 1e9 },
      "horizon is 1000000000, and a policy over it for 3 states and 2 actions has no room in memory",
    ],
    [{ l2: -1 }, "l2 is -1, not a number from 0"],
    [
      {
        features: [
          [1, 0],
          [0, 1],
        ],
      },
      "features has 2 rows for 3 states",
    ],
    [{ features: [[1, 0], [0, 1], [0]] }, "features[2] has 1 number, features[0] has 2"],
    [{ features: [[], [], []] }, "features[0] has no numbers"],
    [
      {
        features: [
          [1, 0],
          [0, null],
          [0, 0],
        ],
      },
      "features[1][1] is null, not a finite number",
    ],
    [
      {
        features: [
          [1, 0],
          [0, Number.NaN],
          [0, 0],
        ],
      },
      "features[1][1] is null, not a finite number",
    ],
    [
      { transitions: {} },
      "transitions is {}, not a list of [state, action, next state, probability]",
    ],
    [
      { transitions: [[0, 0, 1], ...others] },
      "transitions[0] is [0,0,1], not [state, action, next state, probability]",
    ],
    [
      { transitions: [[0, 0, 0, 1, 1], ...others] },
      "transitions[0] is [0,0,0,1,1], not [state, action, next state, probability]",
    ],
    [{ transitions: [[0, 0.5, 0, 1], ...others] }, "transitions[0][1] is 0.5, not a whole number"],
    [
      { transitions: [[0, 0, 0, 1.2], ...others] },
      "transitions[0]: probability 1.2 is not in [0, 1]",
    ],
    [
      { transitions: [[0, 0, 0, -0.2], ...others] },
      "transitions[0]: probability -0.2 is not in [0, 1]",
    ],
    [{ transitions: [[0, 0, 3, 1], ...others] }, "transitions[0]: next state 3 is not in [0, 3)"],
    [
      { transitions: [first, [-1, 0, 0, 1], ...others] },
      "transitions[1]: state -1 is not in [0, 3)",
    ],
    [
      { transitions: [first, [0, 2, 0, 1], ...others] },
      "transitions[1]: action 2 is not in [0, 2)",
    ],
    [
      { transitions: [[0, 0, 0, 0.3], [0, 0, 1, 0.6], ...others] },
      "state 0, action 0: probabilities sum to 0.9, not to 1",
    ],
    [{ transitions: others }, "state 0, action 0: there is no transition"],
    [
      { transitions: others.slice(0, 2).concat([first!]) },
      "state 1 has no transitions and is not among the terminals",
    ],
    [{ terminals: [] }, "state 2 has no transitions and is not among the terminals"],
    [{ terminals: [2, 3] }, "terminals[1]: state 3 is not in [0, 3)"],
    [{ terminals: [2, "x"] }, 'terminals[1] is "x", not a whole number'],
    [{ start: [1, 0] }, "start has 2 numbers for 3 states"],
    [{ start: [1.5, 0, 0] }, "start[0]: probability 1.5 is not in [0, 1]"],
    [{ start: [0.5, 0.25, 0] }, "start: probabilities sum to 0.75, not to 1"],
    [{ demonstrations: undefined }, "demonstrations is missing"],
    [{ demonstrations: [] }, "demonstrations is empty"],
    [{ demonstrations: [[]] }, "demonstrations[0] is empty"],
    [
      { demonstrations: [[[0, 1], 1]] },
      "demonstrations[0][1] is 1, not [state, action], or [state] at the end",
    ],
    [demonstrated([0, 7], [0]), "demonstrations[1][0]: action 7 is not in [0, 2)"],
    [demonstrated([0, 0], [3]), "demonstrations[1][1]: state 3 is not in [0, 3)"],
    [demonstrated([0, 0], [0], [0]), "demonstrations[1][1] has no action, and more follows"],
    [
      demonstrated([0, 0], [0, 0]),
      "demonstrations[1][1] has an action, and no [state] follows that it led to",
    ],
    [demonstrated([2, 0], [2]), "demonstrations[1][0]: state 2 is a terminal, and more follows"],
    [
      demonstrated([0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0]),
      "demonstrations[1] has 5 steps, more than the horizon of 4",
    ],
  ])("%j", (change, sentence) => {
    expect(complaints(change)).toEqual([sentence]);
  });

  test("has no complaint about values at the limits", () => {
    expect(complaints(demonstrated([0, 0], [0, 0], [0, 0], [0, 0], [0]))).toEqual([]);
    expect(complaints({ discount: 1, l2: 0, start: [0, 0, 1] })).toEqual([]);
  });

  test("reports all independent faults at once", () => {
    const wrong = {
      nActions: null,
      discount: 2,
      features: [[1], [1], [1, 2]],
      l2: "none",
      hoirzon: 1,
    };
    expect(complaints(wrong)).toEqual([
      "nActions is null, not a whole number from 1",
      'l2 is "none", not a number from 0',
      expect.stringContaining('there is no key "hoirzon"'),
      "features[2] has 2 numbers, features[0] has 1",
      "discount is 2, not a number in (0, 1]",
    ]);
  });

  test("reports ten faults, and that there are more", () => {
    const transitions = Array.from({ length: 30 }, () => [9, 0, 0, 1]);
    const some = complaints({ transitions });
    expect(some.length).toBe(11);
    expect(some.at(-2)).toBe("transitions[9]: state 9 is not in [0, 3)");
    expect(some.at(-1)).toBe("There is more after these.");
    expect(complaints({ nActions: 1e8 }).length).toBe(11);
  });

  test("reports a file with other content", () => {
    const of = (text: string) => complaintsAbout(() => readProblem(text, true));
    expect(of("[]")).toEqual(["the file is [], not an object"]);
    expect(of("null")).toEqual(["the file is null, not an object"]);
    expect(of('{"nStates": NaN}')).toEqual(['line 1, column 13: "NaN" is no JSON here']);
    expect(of('{"nStates": 1e999}')[0]).toBe("nStates is Infinity, not a whole number from 1");
  });

  test("reports any single value replaced by null", () => {
    const places = (value: unknown): (string | number)[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) =>
            [[], ...places(inner)].map((rest) => [
              Array.isArray(value) ? Number(key) : key,
              ...rest,
            ]),
          )
        : [];
    for (const place of places(rooms)) {
      const broken = structuredClone(rooms) as unknown as Record<string | number, unknown>;
      let at = broken;
      for (const key of place.slice(0, -1)) at = at[key] as typeof at;
      at[place.at(-1)!] = null;
      const name = place.map((key) => (typeof key === "number" ? `[${key}]` : key)).join("");
      expect(complaints(broken)[0]).toMatch(`${name} is null, not `);
    }
  });
});

describe("a demonstration through an impossible step", () => {
  const jump = {
    demonstrations: [
      [[0, 0], [1, 1], [2]],
      [[0, 1], [0, 1], [1]],
    ],
  };

  test("is used without that step, which is named", () => {
    const { demonstrations, impossibleSteps, warnings } = readProblem(
      JSON.stringify({ ...rooms, ...jump }),
      true,
    );
    expect(demonstrations.map(({ leftOut }) => Array.from(leftOut))).toEqual([
      [1, 0],
      [0, 0],
    ]);
    expect(impossibleSteps).toBe(1);
    expect(warnings).toEqual([
      "demonstrations[0][0]: action 0 in state 0 cannot lead to state 1; the step is left out",
    ]);
  });

  test("is refused where no step is left, unless no demonstration is needed", () => {
    const nothing = { demonstrations: [[[0, 0], [1]]] };
    expect(complaints(nothing)).toEqual([
      "demonstrations[0][0]: action 0 in state 0 cannot lead to state 1; the step is left out",
      "demonstrations: no step is left that the model can produce",
    ]);
    expect(complaints(nothing, false)).toEqual([]);
    expect(complaints({ demonstrations: [[[0]]] })).toEqual([
      "demonstrations: no step is left that the model can produce",
    ]);
  });
});

test("warns about transitions from a terminal, and leaves them out", () => {
  const transitions = [...rooms.transitions, [2, 0, 2, 1], [2, 1, 2, 0.5]];
  const { mdp: model, warnings } = readProblem(JSON.stringify({ ...rooms, transitions }), true);
  expect(outcomes(model, 2, 0)).toEqual([]);
  expect(warnings).toEqual([
    "transitions[5] and 1 more like it: state 2 is a terminal, where an episode ends; left out",
  ]);
});

test("accepts sums of probabilities with the same error as mdp", () => {
  const thirds = (p: number) => ({
    transitions: [[0, 0, 0, p], [0, 0, 1, p], [0, 0, 2, p], ...rooms.transitions.slice(1)],
  });
  expect(complaints(thirds(1 / 3))).toEqual([]);
  expect(complaints(thirds(1 / 3 + 2e-10))).toEqual([]);
  expect(complaints(thirds(1 / 3 + 4e-10))).toHaveLength(1);
  const model = (p: number) => () =>
    mdp({
      nStates: 3,
      nActions: 1,
      transitions: () => [0, 1, 2].map((next) => ({ next, probability: p })),
      discount: 0.9,
    });
  expect(model(1 / 3 + 2e-10)).not.toThrow();
  expect(model(1 / 3 + 4e-10)).toThrow(RangeError);
});

describe("readWeights", () => {
  const of = (text: string) => complaintsAbout(() => readWeights(text, 2));
  test("reads one number for each feature", () => {
    expect([...readWeights("[1, -2.5]", 2)]).toEqual([1, -2.5]);
    expect(of("[1]")).toEqual(["1 weight for 2 features"]);
    expect(of("[1, null]")).toEqual(["[1] is null, not a finite number"]);
    expect(of("{}")).toEqual(["the file is {}, not a list of numbers"]);
    expect(of("[1, NaN]")).toEqual(['line 1, column 5: "NaN" is no JSON here']);
  });
});
