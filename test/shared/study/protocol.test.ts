import { describe, expect, test } from "vitest";
import { counterbalanced } from "../../../shared/study/orders.ts";
import { BadProtocol, readProtocol, readStoredProtocol } from "../../../shared/study/protocol.ts";
import { participantRequest } from "../../../shared/study/requests.ts";
import { Study } from "../../../shared/study/study.ts";
import { pilotProtocol } from "../../studies/protocol.ts";
import { exampleFile, fileWith } from "./protocols.ts";

/** What is said of a file that is no protocol. */
function complaints(text: string): readonly string[] {
  try {
    readProtocol(text);
  } catch (error) {
    if (error instanceof BadProtocol) return error.complaints;
    throw error;
  }
  throw new Error("this should have been refused");
}

const level = (exampleFile().plan as { levels: object[] }).levels[0]!;
const planWith = (changes: object) => fileWith({ plan: { levels: [{ ...level, ...changes }] } });

describe("a protocol in a log", () => {
  test.each([
    fileWith({}),
    fileWith({ orders: [[1, 0]], conditions: undefined, endings: undefined, names: undefined }),
    JSON.stringify(pilotProtocol(5)),
  ])("is read as it was when it came", (text) => {
    expect(readStoredProtocol(text)).toEqual(readProtocol(text));
  });

  test("stays readable where today's files may say less", () => {
    const { learner } = level as { learner: object };
    const text = fileWith({
      title: "",
      minutes: 5000,
      colour: "red",
      words: { next: "On", older: "a word that there was" },
      plan: {
        levels: [
          {
            ...level,
            world: "sea",
            learner: { ...learner, policy: "forest", budget: 900 },
            demonstrations: { least: 40, most: 40 },
            tools: ["undo", "magic"],
          },
        ],
      },
      orders: [[0]],
      conditions: [{ name: "all of them!", levels: { rounds: 99 } }],
    });
    expect(complaints(text).length).toBeGreaterThan(3);
    const { minutes, words, conditions } = readStoredProtocol(text);
    expect({ minutes, next: words.next }).toEqual({ minutes: 5000, next: "On" });
    expect(conditions[0]!.levels[0]).toMatchObject({
      world: "sea",
      rounds: 99,
      demonstrations: { least: 40, seeds: "fresh" },
      learner: { policy: "forest", budget: 900 },
    });
    const study = new Study();
    study.take({ seq: 1, at: 0, type: "protocol", digest: "d", text });
    expect(study.protocols).toHaveLength(1);
  });
});

describe("a protocol", () => {
  test("the example can be read, and each condition has its own levels", () => {
    const protocol = readProtocol(fileWith({}));
    expect(protocol.conditions.map(({ name }) => name)).toEqual(["novel", "random"]);
    expect(protocol.conditions.map(({ levels }) => levels[0]!.learner!.query)).toEqual([
      "novel",
      "random",
    ]);
    expect(protocol.orders).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  test.each([
    ["no JSON", "{", /^The file is not JSON: .+\.$/],
    ["a field that there is not", fileWith({ titel: "x" }), /^titel: there is no such field\.$/],
    ["no title", fileWith({ title: "" }), /^title: /],
    ["no world", planWith({ world: "sea" }), /^plan\.levels\[0\]\.world: /],
    [
      "a learner for other actions",
      planWith({ learner: { policy: "softmax", query: "novel", budget: 8, drives: 2 } }),
      /^plan\.levels\[0\]\.learner\.policy: it is for discrete actions/,
    ],
    [
      "a seed that is held out",
      planWith({ demonstrations: { seeds: [7] } }),
      /^plan\.levels\[0\]\.demonstrations\.seeds/,
    ],
    [
      "fewer seeds than demonstrations",
      planWith({ demonstrations: { most: 3, seeds: [5000] } }),
      /^plan\.levels\[0\]\.demonstrations\.seeds: there are 1 for up to 3 demonstrations\.$/,
    ],
    [
      "more answers than questions",
      planWith({ corrections: { ways: ["time-stop"], least: 13 } }),
      /^plan\.levels\[0\]\.corrections\.least: the learner asks 12 questions at most\.$/,
    ],
    [
      "rounds without a way",
      planWith({ corrections: undefined }),
      /^plan\.levels\[0\]\.corrections: rounds need a way to correct\.$/,
    ],
    [
      "a level of one condition only",
      fileWith({ conditions: [{ name: "a", levels: [{}] }] }),
      /^conditions\[0\]\.levels: there are 1 for 2 levels\.$/,
    ],
    [
      "a change that makes a level impossible",
      fileWith({ conditions: [{ name: "a" }, { name: "b", levels: { rounds: 900 } }] }),
      /^conditions\[1\]\.levels\[0\]\.rounds: /,
    ],
    [
      "two conditions of a name",
      fileWith({ conditions: [{ name: "a" }, { name: "a" }] }),
      /^conditions\[1\]\.name: "a" is there already\.$/,
    ],
    [
      "half an order",
      fileWith({ orders: [[0]] }),
      /^orders\[0\]: an order has each of the 2 levels/,
    ],
    [
      "a right answer that there is not",
      fileWith({ check: { questions: [{ text: "?", options: ["a", "b"], correct: 2 }] } }),
      /^check\.questions\[0\]\.correct: there are 2 options/,
    ],
    [
      "a redirect that is a script",
      fileWith({ endings: { completed: { redirect: "javascript:alert(1)" } } }),
      /^endings\.completed\.redirect: no address/,
    ],
    [
      "an end before the beginning",
      fileWith({ opens: "2030-01-02T00:00:00Z", closes: "2030-01-01T00:00:00Z" }),
      /^closes: it is not after opens\.$/,
    ],
  ])("names the place of %s", (_, text, sentence) => {
    expect(complaints(text)[0]).toMatch(sentence);
  });

  test("tells up to ten problems at a time", () => {
    const questions = Array.from({ length: 30 }, () => ({ kind: "scale", id: "!", text: "?" }));
    expect(complaints(fileWith({ questions }))).toHaveLength(10);
    expect(complaints(fileWith({ title: 1, participants: 0, minutes: "x" }))).toHaveLength(3);
  });

  test("of no size can take long to be refused", () => {
    expect(complaints(`"${"x".repeat(300_000)}"`)[0]).toMatch(/^The file is longer than/);
  });
});

describe("counterbalanced orders", () => {
  test.each([1, 2, 3, 4, 5, 6])(
    "of %i have each at each place, and after each other one, equally often",
    (n) => {
      const orders = counterbalanced(n);
      const count = (counts: Map<string, number>, key: string) =>
        counts.set(key, (counts.get(key) ?? 0) + 1);
      const places = new Map<string, number>();
      const pairs = new Map<string, number>();
      for (const order of orders) {
        expect([...order].sort()).toEqual(Array.from({ length: n }, (_, i) => i));
        order.forEach((one, i) => {
          count(places, `${one} at ${i}`);
          if (i > 0) count(pairs, `${order[i - 1]} ${one}`);
        });
      }
      expect(new Set(places.values()).size).toBe(1);
      expect(places.size).toBe(n * n);
      if (n > 1) expect([new Set(pairs.values()).size, pairs.size]).toEqual([1, n * (n - 1)]);
    },
  );
});

test("thousands of answers are refused by their number, without a look at each", () => {
  const complaints = (request: object) =>
    participantRequest.safeParse({ participant: "a", request }).error?.issues.length;
  const keys = Array.from({ length: 6000 }, (_, i) => [`k${i}`, {}]);
  expect(complaints({ type: "answer", answers: Object.fromEntries(keys) })).toBe(1);
  expect(complaints({ type: "check", tries: 0, answers: keys })).toBe(1);
  expect(complaints({ type: "answer", answers: { a: "x", b: null, c: 3 } })).toBeUndefined();
  expect(complaints({ type: "check", tries: 0, answers: [0, 1] })).toBeUndefined();
});
