import { describe, expect, test } from "vitest";
import { type AnsweredRound, consistency } from "../../../shared/imitation/consistency.ts";
import { seeded } from "../../../shared/random.ts";

const discrete = { kind: "discrete", names: ["a", "b", "c"] } as const;
/** A round in which the learner chose action 1 everywhere. */
const round = (
  queries: AnsweredRound["queries"],
  answers: AnsweredRound["answers"],
): AnsweredRound => ({
  episodes: [{ actions: [1, 1, 1, 1, 1] }, { actions: [1, 1, 1, 1, 1] }],
  queries,
  answers,
});

describe("consistency", () => {
  test("is unknown before there is anything to compare", () => {
    const nothing = { repeats: 0, own: null, least: null, learners: null };
    expect(consistency(discrete, [])).toEqual(nothing);
    expect(consistency(discrete, [round([[0, 1]], [])])).toEqual(nothing);
    expect(consistency(discrete, [round([[0, 1]], [[1]])])).toEqual({ ...nothing, learners: 0 });
  });

  test("compares an answer with the first to the same question, of the same round", () => {
    const queries = [
      [0, 1],
      [1, 1],
      [0, 2],
      [0, 1],
      [1, 1],
    ] as const;
    const both = round(queries, [[0], [1], [2], [0], [2]]);
    expect(consistency(discrete, [both])).toEqual({
      repeats: 2,
      own: 1 / 2,
      least: 1 - Math.SQRT1_2,
      learners: 4 / 5,
    });
    // One that is not answered yet counts for nothing, and other rounds' states are others.
    const begun = round(queries, [[2], [1], [1], [2]]);
    expect(consistency(discrete, [both, begun])).toEqual({
      repeats: 3,
      own: 1 / 3,
      least: 1 - Math.sqrt(2 / 3),
      learners: 6 / 9,
    });
  });

  test("of a wheel is in shares of all it can turn", () => {
    const [right, left] = [-0.25, 0.25];
    const wheel = { kind: "continuous", low: [right], high: [left] } as const;
    const asked: AnsweredRound = {
      episodes: [{ actions: [left, 0] }],
      queries: [
        [0, 0],
        [0, 1],
        [0, 0],
      ],
      answers: [[right], [left / 2], [right + 0.1 * (left - right)]],
    };
    const { own, learners } = consistency(wheel, [asked]);
    expect(own).toBeCloseTo(0.1, 12);
    expect(learners).toBeCloseTo((1 + 0.25 + 0.9) / 3, 12);
  });

  test("a learner that knows what is meant differs by the least there is from who slips", () => {
    const random = seeded(3);
    const n = 1500;
    const asked = (proposed: number, slip: () => number): AnsweredRound => ({
      episodes: [{ actions: Array(n).fill(proposed) }],
      queries: Array.from({ length: 2 * n }, (_, i) => [0, i % n] as const),
      answers: Array.from({ length: 2 * n }, () => [proposed + slip()]),
    });
    const wheel = { kind: "continuous", low: [-1], high: [1] } as const;
    const steered = consistency(wheel, [asked(0.1, () => 0.1 * random.normal())]);
    expect(steered.least! / steered.learners!).toBeCloseTo(1, 1);
    // Between two actions with 0.8 and 0.2 the bound is below: 1 − √0.68 = 0.18.
    const chosen = consistency(discrete, [asked(0, () => (random.uniform() < 0.2 ? 1 : 0))]);
    expect(chosen.learners).toBeCloseTo(0.2, 1);
    expect(chosen.least!).toBeLessThan(chosen.learners!);
    expect(chosen.least!).toBeCloseTo(1 - Math.sqrt(0.68), 1);
  });

  test("looks at the whole of an action that has two numbers", () => {
    const step = { kind: "continuous", low: [0.1, -3], high: [0.3, 3] } as const;
    const asked: AnsweredRound = {
      episodes: [{ actions: [0.1, -3, 0.3, 3] }],
      queries: [[0, 1]],
      answers: [[0.1, 3]],
    };
    expect(consistency(step, [asked]).learners).toBeCloseTo(1 / 2, 12);
  });
});
