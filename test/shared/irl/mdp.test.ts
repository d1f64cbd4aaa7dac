import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absorbing, leadsTo, type MdpDescription, mdp } from "../../../shared/irl/mdp.ts";
import { outcomes, randomMdp } from "./support.ts";

const twoStates: MdpDescription = {
  nStates: 2,
  nActions: 1,
  transitions: (s) => [{ next: 1 - s, probability: 1 }],
  discount: 0.9,
};

describe("mdp", () => {
  it("keeps the description, merging equal outcomes and dropping impossible ones", () => {
    const model = mdp({
      nStates: 3,
      nActions: 2,
      transitions: (s, a) =>
        a === 0
          ? [
              { next: s, probability: 0.25 },
              { next: 2, probability: 0.5 },
              { next: s, probability: 0.25 },
            ]
          : [
              { next: 0, probability: 1 },
              { next: 1, probability: 0 },
            ],
      terminals: [2],
      start: [0.5, 0.5, 0],
      discount: 1,
      horizon: 4,
    });
    expect(outcomes(model, 0, 0)).toEqual([
      { next: 0, probability: 0.5 },
      { next: 2, probability: 0.5 },
    ]);
    expect(outcomes(model, 1, 1)).toEqual([{ next: 0, probability: 1 }]);
    expect(outcomes(model, 2, 0)).toEqual([]);
    expect([...model.terminal]).toEqual([0, 0, 1]);
    expect([...model.start]).toEqual([0.5, 0.5, 0]);
    expect(leadsTo(model, 1, 2)).toBe(true);
    expect(leadsTo(model, 0, 1)).toBe(false);
  });

  it("orders all states, each once, even those that cannot be reached", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 12 }),
        (seed, nStates) => {
          const model = randomMdp({ seed, nStates, nActions: 2, discount: 0.9, horizon: 3 });
          expect([...model.order].sort((a, b) => a - b)).toEqual([...Array(nStates).keys()]);
        },
      ),
    );
  });

  it("orders states as they are numbered where less leads back than breadth first", () => {
    // A lap with a short cut: breadth first, the state after the short cut comes before those it skips.
    const lap = (number: (s: number) => number) => {
      const numbers = Array.from({ length: 6 }, (_, s) => number(s));
      return mdp({
        nStates: 6,
        nActions: 2,
        transitions: (s, a) => {
          const at = numbers.indexOf(s);
          return [{ next: numbers[(at + (at === 0 && a === 1 ? 4 : 1)) % 6]!, probability: 1 }];
        },
        start: numbers.map((_, s) => (s === number(0) ? 1 : 0)),
        discount: 0.9,
      });
    };
    expect([...lap((s) => s).order]).toEqual([0, 1, 2, 3, 4, 5]);
    // Numbered against the direction of travel, breadth first is better.
    expect([...lap((s) => 5 - s).order]).toEqual([5, 4, 1, 3, 0, 2]);
  });

  it("keeps how likely each action is to stay", () => {
    const model = mdp({
      nStates: 2,
      nActions: 2,
      transitions: (s, a) => [
        { next: s, probability: a / 4 },
        { next: 1 - s, probability: 1 - a / 4 },
      ],
      discount: 0.9,
    });
    expect([...model.staying!]).toEqual([0, 0.25, 0, 0.25]);
    const leaving = mdp({
      nStates: 2,
      nActions: 1,
      transitions: (s) => [{ next: 1 - s, probability: 1 }],
      discount: 0.9,
    });
    expect(leaving.staying).toBeNull();
  });

  it.each<[string, Partial<MdpDescription>, RegExp]>([
    [
      "probabilities that don't sum to one",
      { transitions: () => [{ next: 0, probability: 0.9 }] },
      /state 0, action 0.*0\.9/,
    ],
    ["no outcome", { transitions: () => [] }, /state 0, action 0.*sum to 0/],
    [
      "a negative probability",
      { transitions: () => [{ next: 0, probability: -1 }] },
      /state 0, action 0.*-1/,
    ],
    [
      "a probability that is no number",
      { transitions: () => [{ next: 0, probability: Number.NaN }] },
      /state 0.*NaN/,
    ],
    [
      "a next state out of range",
      { transitions: () => [{ next: 2, probability: 1 }] },
      /state 0, action 0: next state.*2/,
    ],
    ["a broken index", { transitions: () => [{ next: 0.5, probability: 1 }] }, /next state.*0\.5/],
    ["a terminal out of range", { terminals: [-1] }, /terminal.*-1/],
    ["a start that doesn't sum to one", { start: [0.5, 0.6] }, /start sums to 1\.1/],
    ["a start of the wrong length", { start: [1] }, /1 entries for 2/],
    ["a start that is no number", { start: [Number.NaN, 1] }, /start of state 0.*NaN/],
    ["no discount", { discount: 0 }, /discount/],
    ["a discount above one", { discount: 1.1 }, /discount/],
    ["a discount that is no number", { discount: Number.NaN }, /discount/],
    ["an infinite horizon without discount", { discount: 1 }, /infinite horizon/],
    ["a horizon of no decision", { horizon: 0 }, /horizon/],
    ["a broken horizon", { horizon: 2.5 }, /horizon/],
    ["no state", { nStates: 0 }, /nStates/],
    ["no action", { nActions: 0 }, /nActions/],
  ])("refuses %s", (_, change, message) => {
    expect(() => mdp({ ...twoStates, ...change })).toThrow(message);
    expect(() => mdp(twoStates)).not.toThrow();
  });
});

describe("absorbing", () => {
  it("stays in former terminals and changes nothing else", () => {
    const model = randomMdp({
      seed: 5,
      nStates: 5,
      nActions: 2,
      nTerminals: 2,
      discount: 0.9,
      horizon: 6,
    });
    const stays = absorbing(model);
    expect([...stays.terminal]).toEqual([0, 0, 0, 0, 0]);
    for (let s = 0; s < 5; s++) {
      for (let a = 0; a < 2; a++) {
        expect(outcomes(stays, s, a)).toEqual(
          s < 3 ? outcomes(model, s, a) : [{ next: s, probability: 1 }],
        );
      }
    }
    expect(stays.start).toEqual(model.start);
    expect(stays.horizon).toBe(6);
  });
});
