import { expect, test } from "vitest";
import { lessonAt } from "../../../../shared/lesson/fold.ts";
import { nPairs } from "../../../../shared/lesson/lesson.ts";
import { Learned } from "../../../../shared/lesson/service/learned.ts";
import type { Order, Work } from "../../../../shared/lesson/service/work.ts";
import { eventful } from "../histories.ts";

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
