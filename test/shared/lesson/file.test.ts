import { beforeAll, describe, expect, test, vi } from "vitest";
import { refuseHistory } from "../../../shared/lesson/admission.ts";
import { BadFile, lessonFile, readLessonFile } from "../../../shared/lesson/file.ts";
import { apply, type LessonEvent, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson } from "../../../shared/lesson/lesson.ts";
import { longestFile } from "../../../shared/lesson/sizes.ts";
import { kinds } from "../../../shared/worlds/index.ts";
import { eventful, type History } from "./histories.ts";
import beforeArithmetic from "./logs/before-arithmetic.json";
import beforeCertainty from "./logs/before-certainty.json";
import beforeErrors from "./logs/before-errors.json";
import notes from "./logs/notes.json";

const histories = new Map<string, History>();
beforeAll(async () => {
  for (const { levels } of kinds) histories.set(levels[0].name, await eventful(levels[0].name));
}, 120_000);

describe.each(kinds.map(({ levels }) => levels[0].name))(
  "the file of an eventful lesson: %s",
  (world) => {
    test("is that lesson again", () => {
      const { events, lesson } = histories.get(world)!;
      const text = lessonFile(events);
      expect(readLessonFile(text)).toEqual(events);
      expect(readLessonFile(text).reduce(apply, emptyLesson)).toEqual(lesson);
      expect(lessonFile(readLessonFile(text))).toBe(text);
      expect(JSON.parse(text.split("\n")[1]!)).toMatchObject({ seq: 1, type: "created", world });
    });

    test("cannot be without one of its events, nor with one twice", () => {
      const { events } = histories.get(world)!;
      const numbered = (list: LessonEvent[]) =>
        lessonFile(list.map((event, i) => ({ ...event, seq: i + 1 })));
      // Whoever only demonstrates, notes or gives up an answer once more could have done so.
      const free = "demonstrated noted dealt inferred trained intervened shadowed".split(" ");
      for (const [i, { type }] of events.entries()) {
        if (!free.includes(type))
          expect(() => readLessonFile(numbered(events.toSpliced(i, 0, events[i]!))), type).toThrow(
            BadFile,
          );
      }
      expect(() => readLessonFile(numbered(events.slice(1)))).toThrow(
        "a lesson begins with its world",
      );
      const trained = events.findIndex(({ type }) => type === "trained");
      expect(() => readLessonFile(numbered(events.toSpliced(trained, 1)))).toThrow(BadFile);
    });
  },
);

describe.each([
  ["of before rewards came with their certainty", beforeCertainty.events],
  ["of before a training kept its errors", beforeErrors.events],
  ["of before a training named its arithmetic", beforeArithmetic.events],
  ["with notes", notes.events],
] as readonly [string, readonly object[]][])("the file of a lesson %s", (_, events) => {
  test("is read as the lesson is", () => {
    // These logs were written by hand, with rewards that are smaller than a road's.
    const { weights, covariance, undetermined, matched, visits } = histories
      .get("fair")!
      .events.find((event): event is Of<"inferred"> => event.type === "inferred")!;
    const whole = { weights, covariance, undetermined, matched, visits };
    const log = events.map((event) => ("covariance" in event ? { ...event, ...whole } : event));
    expect(readLessonFile(lessonFile(log))).toEqual(log.map(read));
  });
});

describe("a file that cannot be", () => {
  const world = "fair";
  const lines = () => lessonFile(histories.get(world)!.events).trimEnd().split("\n");
  const refused = (text: string) => {
    try {
      readLessonFile(text);
    } catch (error) {
      expect(error).toBeInstanceOf(BadFile);
      return (error as Error).message;
    }
    return null;
  };

  test("is refused with the line and why", () => {
    const all = lines();
    const header = JSON.parse(all[0]!);
    const withHeader = (change: object) =>
      [JSON.stringify({ ...header, ...change }), ...all.slice(1)].join("\n");
    const none = "This is not the file of a lesson.";
    expect(refused("")).toBe(none);
    expect(refused("\n\n")).toBe(none);
    expect(refused("[]")).toBe(none);
    expect(refused("PK\u0003\u0004")).toBe(none);
    expect(refused(all.slice(1).join("\n"))).toBe(none);
    expect(refused(withHeader({ format: "another" }))).toBe(none);
    expect(refused(withHeader({ more: 1 }))).toBe(none);
    expect(refused(withHeader({ events: 1e6 }))).toBe(none);
    expect(refused(withHeader({ version: 2 }))).toContain("newer version");
    expect(refused(all.slice(0, -1).join("\n"))).toContain(
      `${all.length - 2} of its ${all.length - 1}`,
    );
    expect(refused(all.join("\n").slice(0, -9))).toContain(`Line ${all.length}`);
    expect(refused(all.toSpliced(3, 1, "{}").join("\n"))).toBe(
      "Line 4 of this file is not valid: it is no event of a lesson.",
    );
    expect(refused(all.toSpliced(3, 1, all[2]!).join("\n"))).toContain("Line 4");
    expect(refused(`${all.join("\n")}\n${" ".repeat(longestFile)}`)).toContain("longer than");
    expect(refused("\n".repeat(100_000))).toContain("longer than");
    expect(refused(all.join("\r\n"))).toBeNull();
  });

  test("is refused however deep it is nested, and drops what it does not know", () => {
    const all = lines();
    const deep = `{"seq":2,"at":1,"type":"noted","step":"watch","text":${"[".repeat(1e6)}`;
    expect(refused(all.toSpliced(2, 1, deep).join("\n"))).toContain("Line 3");
    const unknown = { ...JSON.parse(all[1]!), more: { than: "was asked for" } };
    expect(readLessonFile(all.toSpliced(1, 1, JSON.stringify(unknown)).join("\n"))[0]).toEqual(
      histories.get(world)!.events[0],
    );
  });

  test.each([
    ["is deep", "[".repeat(9)],
    ["has many lists", `{"seq":2,"uncertainty":[${"[0],".repeat(12_000)}[0]]}`],
    ["is long", `{"seq":2,"actions":[${"0,".repeat(1_000_000)}0]}`],
  ])("is refused where a line %s, before it is parsed", (_, line) => {
    const parse = vi.spyOn(JSON, "parse");
    try {
      expect(refused(lines().toSpliced(2, 1, line).join("\n"))).toContain("Line 3");
      expect(parse.mock.calls.some(([text]) => text === line)).toBe(false);
      expect(refused(line)).toBe("This is not the file of a lesson.");
      expect(parse.mock.calls.some(([text]) => text === line)).toBe(false);
    } finally {
      parse.mockRestore();
    }
  });

  test("is refused where its numbers, written out, are longer than a lesson", () => {
    const all = lines();
    const at = all.findIndex((line) => line.includes('"trained"'));
    const long = { ...JSON.parse(all[at]!), errors: Array(2000).fill(1e20) };
    const text = all
      .with(at, JSON.stringify(long).replaceAll("100000000000000000000", "1e20"))
      .join("\n");
    expect(readLessonFile(text)).toHaveLength(all.length - 1);
    expect(() => readLessonFile(text, text.length)).toThrow(/longer than a lesson/);
  });

  /** Changes to the first event of a type, each of which makes it one that cannot have happened. */
  const forgeries: readonly [
    type: LessonEvent["type"],
    name: string,
    change: (event: never) => object,
  ][] = [
    ["created", "a world that is none", () => ({ world: "constructor" })],
    ["created", "a taste that is none", () => ({ taste: "sweet" })],
    [
      "demonstrated",
      "another world's drive",
      ({ episode }: Of<"demonstrated">) => ({ episode: { ...episode, world: "garden" } }),
    ],
    [
      "demonstrated",
      "a held-out seed",
      ({ episode }: Of<"demonstrated">) => ({ episode: { ...episode, seed: 3 } }),
    ],
    [
      "demonstrated",
      "an action out of bounds",
      ({ episode }: Of<"demonstrated">) => ({
        episode: { ...episode, actions: episode.actions.map(() => 7) },
      }),
    ],
    [
      "demonstrated",
      "a learner at the wheel",
      ({ episode }: Of<"demonstrated">) => ({
        episode: { ...episode, controllers: episode.controllers.map(() => 1) },
      }),
    ],
    [
      "demonstrated",
      "a step too many",
      ({ episode }: Of<"demonstrated">) => ({
        episode: {
          ...episode,
          controllers: [...episode.controllers, 0],
          actions: [...episode.actions, 0],
        },
      }),
    ],
    ["forgotten", "what was never shown", () => ({ demonstration: 1 })],
    ["noted", "no text", () => ({ text: "  " })],
    ["noted", "a step that is none", () => ({ step: "dance" })],
    ["trained", "an arithmetic without a name", () => ({ arithmetic: "" })],
    ["trained", "an arithmetic called as a formula", () => ({ arithmetic: "=1+1" })],
    ["trained", "an arithmetic of two lines", () => ({ arithmetic: "a\nb" })],
    ["trained", "an arithmetic with a long name", () => ({ arithmetic: "x".repeat(65) })],
    ["trained", "a basis to come", ({ seq }: Of<"trained">) => ({ basis: seq })],
    ["trained", "a basis before anything was shown", () => ({ basis: 1 })],
    [
      "trained",
      "a policy that is none",
      ({ plan }: Of<"trained">) => ({ plan: { ...plan, policy: "toString" } }),
    ],
    [
      "trained",
      "a policy for other actions",
      ({ plan }: Of<"trained">) => ({ plan: { ...plan, policy: "softmax" } }),
    ],
    [
      "trained",
      "a query that is none",
      ({ plan }: Of<"trained">) => ({ plan: { ...plan, query: "takeover" } }),
    ],
    ["trained", "a seed that is none", () => ({ seed: -1 })],
    ["trained", "another seed", ({ seed }: Of<"trained">) => ({ seed: seed - 1 })],
    [
      "trained",
      "another seed to learn from",
      ({ seed }: Of<"trained">) => ({ learningSeed: seed + 1 }),
    ],
    ["trained", "a drive less", ({ episodes }: Of<"trained">) => ({ episodes: episodes.slice(1) })],
    [
      "trained",
      "a drive of another world",
      ({ episodes }: Of<"trained">) => ({
        episodes: episodes.map((episode) => ({ ...episode, world: "path" })),
      }),
    ],
    [
      "trained",
      "a drive of the expert's",
      ({ episodes }: Of<"trained">) => ({
        episodes: episodes.map((episode) => ({
          ...episode,
          controllers: episode.controllers.map(() => 0),
        })),
      }),
    ],
    [
      "trained",
      "uncertainty of too few steps",
      ({ uncertainty }: Of<"trained">) => ({ uncertainty: uncertainty.map((row) => row.slice(1)) }),
    ],
    [
      "trained",
      "uncertainty above one",
      ({ uncertainty }: Of<"trained">) => ({
        uncertainty: uncertainty.map((row) => row.map(() => 2)),
      }),
    ],
    ["trained", "a question about a drive that there is not", () => ({ queries: [[2, 0]] })],
    ["trained", "a question about a step that there is not", () => ({ queries: [[0, 5000]] })],
    ["trained", "a question between two steps", () => ({ queries: [[0, 0.5]] })],
    ["trained", "too many questions", () => ({ queries: Array(25).fill([0, 0]) })],
    ["trained", "too many states to ask about", () => ({ queries: visits(13, 1) })],
    ["trained", "too many repeats", () => ({ queries: visits(6, 1.5) })],
    [
      "trained",
      "repeats where none were asked for",
      ({ plan }: Of<"trained">) => ({
        plan: { ...plan, repeats: undefined },
        queries: visits(6, 1.2),
      }),
    ],
    ["trained", "nothing held out", () => ({ heldOut: [] })],
    [
      "trained",
      "few held-out drives",
      ({ heldOut }: Of<"trained">) => ({ heldOut: heldOut.slice(1) }),
    ],
    ["trained", "endless errors", () => ({ errors: Array(5000).fill(0) })],
    ["trained", "a digest that is none", () => ({ digest: "<b>" })],
    ["labelled", "another round", () => ({ round: 1 })],
    ["labelled", "a question out of turn", () => ({ index: 1 })],
    ["labelled", "an action that there is not", () => ({ action: [0, 0] })],
    ["undone", "an answer that was not given", () => ({ index: 1 })],
    [
      "intervened",
      "no hand at the wheel",
      ({ episode }: Of<"intervened">) => ({
        episode: { ...episode, controllers: episode.controllers.map(() => 1) },
      }),
    ],
    ["retracted", "what was never there", () => ({ correction: 1 })],
    ["shadowed", "a drive that there is not", () => ({ drive: 2 })],
    ["shadowed", "a speed that there is not", () => ({ speed: 0.6 })],
    ["shadowed", "hands that are early", () => ({ lag: -1 })],
    ["shadowed", "hands later than the drive", () => ({ lag: 1e6 })],
    [
      "shadowed",
      "fewer actions than steps",
      ({ actions }: Of<"shadowed">) => ({ actions: actions.slice(1) }),
    ],
    ["trained", "fewer pairs than were shown", () => ({ pairs: 0 })],
    ["inferred", "a basis that there is not", () => ({ basis: 1000 })],
    [
      "inferred",
      "a weight too many",
      ({ weights }: Of<"inferred">) => ({ weights: [...weights, 0] }),
    ],
    [
      "inferred",
      "half a covariance",
      ({ covariance }: Of<"inferred">) => ({ covariance: covariance.slice(1) }),
    ],
    [
      "inferred",
      "a weight beyond all bounds",
      ({ weights }: Of<"inferred">) => ({ weights: weights.map(() => 1e300) }),
    ],
    [
      "inferred",
      "a variance below 0",
      ({ covariance }: Of<"inferred">) => ({ covariance: covariance.map(() => -1) }),
    ],
    ["inferred", "a prior of no width", () => ({ deviation: 0 })],
    ["inferred", "a direction that is none", () => ({ undetermined: [[1]] })],
    ["inferred", "a tile too many", ({ visits }: Of<"inferred">) => ({ visits: [...visits, 1] })],
    ["inferred", "more agreement than there can be", () => ({ agreement: 2 })],
    ["inferred", "more demonstrations than there were", () => ({ demonstrations: 4 })],
  ];

  test("is refused where a training learns from a seed of its own once its kind has one", () => {
    const { events } = histories.get(world)!;
    const at = events.findLastIndex(({ type }) => type === "trained");
    const { seed } = events.find(({ type }) => type === "trained") as Of<"trained">;
    const learning = (learningSeed: number) =>
      refused(lessonFile(events.with(at, { ...events[at]!, learningSeed } as LessonEvent)));
    expect(learning(seed)).toBeNull();
    expect(learning((events[at] as Of<"trained">).seed)).toContain(`Line ${at + 2} of`);
  });

  test("may have what is left of an inference only after something was shown", () => {
    const { events } = histories.get(world)!;
    const shown = events.findIndex(({ type }) => type === "demonstrated");
    const withOutdated = (at: number) => {
      const outdated = { seq: 0, at: 0, type: "outdated" } as LessonEvent;
      const all = events.slice(0, shown + 1).toSpliced(at, 0, outdated);
      return refused(lessonFile(all.map((event, i) => ({ ...event, seq: i + 1 }))));
    };
    expect(withOutdated(shown + 1)).toBeNull();
    expect(withOutdated(shown)).toBe(
      `Line ${shown + 2} of this file is not valid: nothing had been shown yet.`,
    );
  });

  test.each(forgeries)("is refused: %s with %s", (type, _, change) => {
    const { events } = histories.get(world)!;
    const at = events.findIndex((event) => event.type === type);
    const forged = { ...events[at]!, ...change(events[at] as never) };
    expect(refused(lessonFile(events.with(at, forged as LessonEvent)))).toContain(
      `Line ${at + 2} of`,
    );
  });

  test.each([
    ["an infinite number", '"loss":1e999'],
    ["a number that JSON cannot write again", '"heldOut":[1e999]'],
    ["a zero that JSON writes as another", '"loss":-0.0'],
    ["a number that is read as that zero", '"heldOut":[-1e-999]'],
  ])("is refused: a training with %s", (_, pair) => {
    const all = lines();
    const at = all.findIndex((line) => line.includes('"trained"'));
    const [name] = pair.split(":");
    const forged = all[at]!.replace(new RegExp(`${name}:(\\[[^\\]]*\\]|[^,]*)`), pair);
    expect(forged).toContain(pair);
    expect(refused(all.toSpliced(at, 1, forged).join("\n"))).toContain(`Line ${at + 1} of`);
  });

  test("is read once, line by line", () => {
    const text = lines().join("\n");
    const parse = vi.spyOn(JSON, "parse");
    try {
      expect(refused(text)).toBeNull();
      expect(parse).toHaveBeenCalledTimes(lines().length);
    } finally {
      parse.mockRestore();
    }
  });

  test("may have more rounds from one basis than a lesson may have rounds", () => {
    const { events } = histories.get(world)!;
    const at = events.findIndex(({ type }) => type === "trained");
    const { episodes, uncertainty, ...trained } = events[at] as Of<"trained">;
    const short = { ...trained, plan: { ...trained.plan, drives: 1 } };
    const drive = episodes[0]!;
    const cut = { ...drive, actions: drive.actions.slice(0, 1), controllers: [1] };
    const round = { ...short, episodes: [cut], uncertainty: [[0]], queries: [] };
    const many = Array.from({ length: 1001 }, (_, i) => ({ ...round, seq: at + 1 + i }));
    expect(refuseHistory([...events.slice(0, at), ...many])).toEqual({
      seq: at + 1001,
      reason: "A lesson has at most 1000 rounds; start another lesson.",
    });
  });
});

/** Questions about `n` states at the beginning of the first drive, as many times each in all. */
function visits(n: number, times: number): number[][] {
  return Array.from({ length: n * times }, (_, i) => [0, i % n]);
}

type Of<T extends LessonEvent["type"]> = Extract<LessonEvent, { readonly type: T }>;
