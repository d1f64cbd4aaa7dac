import { describe, expect, test } from "vitest";
import { lessonFile, readLessonFile } from "../../../shared/lesson/file.ts";
import { apply, type LessonEvent, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson } from "../../../shared/lesson/lesson.ts";
import { BadNetwork } from "../../../shared/lesson/network.ts";
import { eventsOfFile, lessonOfNetwork } from "../../../shared/lesson/networkFile.ts";
import { decide, refuseWork } from "../../../shared/lesson/requests.ts";
import { startRound } from "../../../shared/lesson/training.ts";
import { policyOf } from "../../../shared/policies/index.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import fixture from "../policies/foreign/network.json";

const key = "some-key";
const road = { format: "dagger-dojo network", version: 1, world: "road", ...fixture.road.network };
const plan = { policy: "imported", query: "novel", budget: 4, drives: 1, spare: 0, repeats: 0 };

/** What is said of the network with `change` in it. */
function complaints(change: (network: typeof road) => void): readonly string[] {
  const file = structuredClone(road);
  change(file);
  try {
    lessonOfNetwork(JSON.stringify(file), 0);
    return [];
  } catch (error) {
    if (error instanceof BadNetwork) return error.complaints;
    throw error;
  }
}

describe("a file of a network that is wrong is told so by its places:", () => {
  const cases: [string, Parameters<typeof complaints>[0], (string | RegExp)[]][] = [
    ["nothing wrong", () => {}, []],
    [
      "rows and biases of other lengths",
      ({ layers }) => {
        layers[0]!.weights[3]!.pop();
        layers[1]!.bias.push(1);
      },
      [
        "layers[0].weights[3]: It has 3 numbers, and road shows 4.",
        "layers[1].bias: It has 4 numbers, and the layer gives 3.",
      ],
    ],
    [
      "numbers that are none",
      ({ layers, scale }) => {
        Object.assign(layers[2]!.weights[1]!, { 2: "7" });
        scale.mean[0] = 1e7;
      },
      [
        "layers[2].weights[1][2]: It is not a number within ±1000000.",
        "scale.mean[0]: It is not a number within ±1000000.",
      ],
    ],
    [
      "an activation that is not known, and a field",
      (file) => {
        file.layers[0]!.activation = "gelu";
        Object.assign(file, { weights: [] });
      },
      [/^layers\[0\]\.activation: Invalid option: expected one of "identity"/, /"weights"/],
    ],
    [
      "another number of outputs",
      ({ layers }) => void layers.pop(),
      ["layers[5].weights: There are 4 rows, and road takes 1: a number for each of an action's."],
    ],
    [
      "a deviation of nothing",
      ({ normalise }) => {
        normalise.deviation[1] = 0;
      },
      ["normalise.deviation[1]: It is 0; 0.000001 is the least."],
    ],
    [
      "more weights than are taken",
      (file) => {
        const bias = Array(200).fill(0);
        const wide = (n: number) => Array.from({ length: 200 }, () => Array(n).fill(0));
        file.layers = [
          { weights: wide(4), bias, activation: "relu" },
          { weights: wide(200), bias, activation: "relu" },
        ];
      },
      [
        /^layers\[1\]\.weights: There are 200 rows/,
        /^layers\[1\]: With this layer there are 41200/,
      ],
    ],
    [
      "a world that is none",
      (file) => {
        file.world = "moon";
      },
      [/^world: Invalid option/],
    ],
  ];
  test.each(cases)("%s", (_, change, expected) => {
    const said = complaints(change);
    expect(said).toHaveLength(expected.length);
    expected.forEach((words, i) => {
      if (typeof words === "string") expect(said[i]).toBe(words);
      else expect(said[i]).toMatch(words);
    });
  });

  test("ten at most, and none is longer than a sentence", () => {
    const many = complaints(({ layers }) => {
      for (const { weights } of layers) for (const row of weights) row.pop();
    });
    expect(many).toHaveLength(10);
    const [one] = complaints((file) => Object.assign(file, { ["x".repeat(1e5)]: 1 }));
    expect(one!.length).toBeLessThan(300);
  });

  test("no JSON, nested beyond measure, too long", () => {
    const deep = "[".repeat(2e5) + "]".repeat(2e5);
    for (const text of ["", "{", '{"format":"dagger-dojo network"}', deep, " ".repeat(1_000_001)])
      expect(() => lessonOfNetwork(text, 0)).toThrow(BadNetwork);
    const { layers } = road;
    for (const weights of [deep, `[${deep}]`])
      expect(() =>
        lessonOfNetwork(
          JSON.stringify({ ...road, layers: [{ ...layers[0], weights: "DEEP" }] }).replace(
            '"DEEP"',
            weights,
          ),
          0,
        ),
      ).toThrow(BadNetwork);
  });
});

describe("a lesson that begins with a network", () => {
  const events = lessonOfNetwork(JSON.stringify(road), 5);
  const lesson = events.reduce(apply, emptyLesson);

  test("opens as a file does, and comes back from its own file", () => {
    expect(eventsOfFile(JSON.stringify(road), 5)).toEqual(events);
    expect(readLessonFile(lessonFile(events))).toEqual(events);
    expect(events.map((event) => read(JSON.parse(JSON.stringify(event))))).toEqual(events);
  });

  test("has the network as its first learner, without a demonstration", () => {
    expect(refuseWork("train", lesson, { key, plan })).toBeNull();
    expect(refuseWork("train", lesson, { key, plan: { ...plan, policy: "mlp" } })).toMatchObject({
      code: "no-demonstrations",
    });
    expect(refuseWork("train", emptyLesson, { key, plan })).toMatchObject({ code: "bad-plan" });
    const { policy, round } = startRound(lesson, plan, 2);
    expect(round).toMatchObject({ pairs: 0, labels: 0, loss: 0 });
    const action = new Float64Array(1);
    for (const [i, observation] of fixture.road.observations.entries()) {
      policy.act(Float64Array.from(observation), action);
      expect(action[0]).toBeCloseTo(fixture.road.outputs[i]![0]!, 12);
    }
  });

  /** The lesson's log with a round, and the answer to its first question. */
  function corrected(): LessonEvent[] {
    const { policy, round } = startRound(lesson, plan, 2);
    const digest = "0".repeat(64);
    const trained = {
      seq: 3,
      at: 6,
      type: "trained",
      v: 2,
      basis: 2,
      digest,
      arithmetic: "a",
      ms: 1,
    };
    const question = { round: 0, index: 0, action: [0.2] };
    expect(policy.kind).toBe("imported");
    return [
      ...events,
      read({ ...trained, ...round }),
      read({ seq: 4, at: 7, type: "labelled", ...question }),
    ];
  }

  test("learns an answer on top of the network, or from the network that has learned it", () => {
    const log = corrected();
    const taught = log.reduce(apply, emptyLesson);
    expect(readLessonFile(lessonFile(log))).toEqual(log);
    const [drive, t] = taught.rounds[0]!.queries[0]!;
    expect([drive, t]).toEqual([0, expect.any(Number)]);
    const second = startRound(taught, plan, 4);
    expect(second.round).toMatchObject({ pairs: 1, labels: 1 });
    expect(second.round.loss).toBeGreaterThan(0);
    expect(second.round.loss).toBeLessThan(1e-4);

    // A program learned the answer, as it says, and sent the same weights: then nothing is missing from them.
    const event = decide("bring", taught, {
      key,
      basis: 4,
      network: fixture.road.network as never,
    });
    const brought = apply(taught, read({ seq: 5, at: 8, ...event }));
    expect(startRound(taught, plan, 4).policy.toJSON()).not.toEqual(
      startRound(brought, plan, 5).policy.toJSON(),
    );
    const again = policyOf(JSON.parse(JSON.stringify(startRound(brought, plan, 5).policy)));
    const action = new Float64Array(1);
    const own = new Float64Array(1);
    for (const observation of fixture.road.observations) {
      again.act(Float64Array.from(observation), action);
      startRound(lesson, plan, 2).policy.act(Float64Array.from(observation), own);
      expect(action).toEqual(own);
    }
  });

  test("has something new to learn once another network came", () => {
    const first = corrected().slice(0, 3).reduce(apply, emptyLesson);
    expect(refuseWork("train", first, { key, plan })).toMatchObject({ code: "nothing-new" });
    const event = decide("bring", first, { key, basis: 3, network: fixture.road.network as never });
    const next = apply(first, read({ seq: 4, at: 8, ...event }));
    expect(refuseWork("train", next, { key, plan })).toBeNull();
  });

  test("refuses a network that learned from what is yet to come, or is for another world", () => {
    const network = fixture.road.network as never;
    expect(decide("bring", lesson, { key, basis: 3, network })).toMatchObject({
      code: "out-of-order",
    });
    const elsewhere = { ...lesson, world: Object.keys(worlds).find((name) => name === "garden")! };
    expect(decide("bring", elsewhere, { key, basis: 0, network })).toMatchObject({
      code: "bad-network",
      reason: expect.stringContaining("normalise.mean"),
    });
  });
});
