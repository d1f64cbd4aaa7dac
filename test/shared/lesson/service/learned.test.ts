import { describe, expect, test } from "vitest";
import { arithmetic } from "../../../../shared/arithmetic.ts";
import { lessonAt } from "../../../../shared/lesson/fold.ts";
import { nPairs } from "../../../../shared/lesson/lesson.ts";
import { NotStored } from "../../../../shared/lesson/log.ts";
import { Learned } from "../../../../shared/lesson/service/learned.ts";
import type { Order, Work } from "../../../../shared/lesson/service/work.ts";
import { largestPolicy } from "../../../../shared/lesson/sizes.ts";
import { eventful } from "../histories.ts";
import { digest, MemoryLog } from "../memoryLog.ts";

test("training again is as long as the lesson is, whatever number of pairs it says", async () => {
  const { events } = await eventful("road");
  const { demonstrations, ...rest } = lessonAt(events, events.length);
  const least = nPairs({ ...rest, demonstrations, rounds: [] });
  const rounds = rest.rounds.map((round) => ({ ...round, pairs: least }));
  const lesson = { ...rest, demonstrations, rounds };
  const asked: number[] = [];
  const refused = { code: "busy", reason: "None is trained here." } as const;
  const work = {
    train: async (_: unknown, pairs: number) => {
      asked.push(pairs);
      return refused;
    },
  } as unknown as Work;
  const platform = { log: { policy: async () => undefined }, work, digest: async () => "" };
  const learned = new Learned(platform as never);
  expect(await learned.last(lesson, { lesson: "one" } as Order)).toEqual(refused);
  expect(nPairs(lesson)).toBeGreaterThan(least);
  expect(asked).toEqual([nPairs(lesson)]);
});

describe("what was not kept, as of a lesson that came as a file,", () => {
  /** A lesson whose last round is to have learned `json`, and what was trained to find out. */
  async function lessonOf(json: string, by: string, log = new MemoryLog()) {
    const { lesson: made } = await eventful("road");
    const { id } = await log.create({ world: "road" });
    const rounds = made.rounds.map((round) => ({ ...round, arithmetic: by, digest: digest(json) }));
    let trainings = 0;
    const work = {
      train: async (_task: unknown, _pairs: number, { trained }: Order & { trained: string }) => {
        trainings++;
        return { policy: trained, round: { digest: digest(trained) } };
      },
    };
    const learned = new Learned({ log, work, digest } as never);
    /** @param trained what training again comes to */
    const last = (trained = json) =>
      learned.last({ ...made, rounds }, { lesson: id, spend() {}, trained } as unknown as Order);
    const { seq } = rounds.at(-1)!;
    return { log, id, seq, last, trainings: () => trainings };
  }

  test("is trained once, and kept", async () => {
    const { last, trainings } = await lessonOf("[1]", arithmetic);
    for (let i = 0; i < 3; i++) expect(await last()).toEqual({ round: 1, json: "[1]" });
    expect(trainings()).toBe(1);
  });

  test("is trained once for all who ask at once, the next where the first was refused", async () => {
    const { last, trainings } = await lessonOf("[1]", arithmetic);
    const answers = await Promise.all([last(), last(), last()]);
    expect(answers).toEqual(Array(3).fill({ round: 1, json: "[1]" }));
    expect(trainings()).toBe(1);
    const other = await lessonOf("[1]", arithmetic);
    const [first, second] = await Promise.all([other.last("[2]"), other.last()]);
    expect(first).toMatchObject({ code: "damaged" });
    expect(second).toEqual({ round: 1, json: "[1]" });
  });

  test("keeps nobody waiting for what someone else pays for", async () => {
    const { lesson: made } = await eventful("road");
    const rounds = made.rounds.map((round) => ({ ...round, arithmetic, digest: digest("[1]") }));
    const lesson = { ...made, rounds };
    const log = new MemoryLog();
    const { id } = await log.create({ world: "road" });
    const work = {
      train: async (_task: unknown, _pairs: number, { payer }: Order) =>
        payer === "stranger"
          ? new Promise(() => {})
          : { policy: "[1]", round: { digest: digest("[1]") } },
    };
    const learned = new Learned({ log, work, digest } as never);
    const order = (payer: string) => ({ lesson: id, payer, spend() {} }) as unknown as Order;
    void learned.last(lesson, order("stranger"));
    expect(await learned.last(lesson, order(id))).toEqual({ round: 1, json: "[1]" });
  });

  test("is not trained any more once its lesson is closed", async () => {
    const { lesson: made } = await eventful("road");
    const { id } = await new MemoryLog().create({ world: "road" });
    const closed = new AbortController();
    const asked: unknown[] = [];
    const work = {
      train: (task: unknown) => {
        asked.push(task);
        return new Promise((_, reject) =>
          closed.signal.addEventListener("abort", () => reject(new Error("broken off"))),
        );
      },
    };
    const learned = new Learned({ log: { policy: async () => undefined }, work, digest } as never);
    const order = { lesson: id, payer: "one", signal: closed.signal, spend() {} };
    const answers = [0, 1, 2].map(() => learned.last(made, order as unknown as Order));
    await expect.poll(() => asked.length).toBe(1);
    closed.abort();
    const ends = await Promise.allSettled(answers);
    expect(ends.map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
    expect(asked).toHaveLength(1);
  });

  test("is trained once where another arithmetic comes to other bits, and again where that is damaged", async () => {
    const { log, id, seq, last, trainings } = await lessonOf("[1]", "host");
    for (let i = 0; i < 3; i++) expect(await last("[1.01]")).toEqual({ round: 1, json: "[1.01]" });
    expect(trainings()).toBe(1);
    const kept = (await log.policy(id, seq))!;
    await log.keepPolicy(id, seq, kept.replace("1.01", "1.02"));
    expect(await last("[1.01]")).toEqual({ round: 1, json: "[1.01]" });
    expect(trainings()).toBe(2);
  });

  test("is neither kept nor shown where it does not follow, or is too large", async () => {
    const { log, id, seq, last } = await lessonOf("[1]", arithmetic);
    expect(await last("[2]")).toMatchObject({ code: "damaged" });
    const large = await lessonOf("x".repeat(largestPolicy + 1), arithmetic, log);
    expect(await large.last()).toMatchObject({ code: "bad-plan" });
    expect(await log.policy(id, seq)).toBeUndefined();
    expect(await log.policy(large.id, large.seq)).toBeUndefined();
  });

  test("is shown where the disk is full", async () => {
    const log = new MemoryLog();
    log.keepPolicy = async () => {
      throw new NotStored("The disk is full.");
    };
    const { last } = await lessonOf("[1]", arithmetic, log);
    expect(await last()).toEqual({ round: 1, json: "[1]" });
  });
});
