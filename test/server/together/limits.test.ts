import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLesson, join } from "../server.ts";
import { type Sharing, startSharing } from "./processes.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

test("what needs Redis runs where it can be had", () => {
  expect(redisServer === null || redisServer !== "").toBe(true);
});

if (redisServer !== null)
  describe("of two servers with REDIS_URL", () => {
    let redis: RunningRedis;
    let sharing: Sharing;
    beforeAll(async () => {
      redis = await RunningRedis.start();
      sharing = await startSharing(2, redis.url(), {
        MAX_ROOMS: "4",
        MAX_LESSONS_AN_HOUR: "8",
        MAX_CONNECTIONS: "5",
      });
    });
    afterAll(async () => {
      await sharing.stop();
      await redis.remove();
    });
    const at = (i: number) => sharing.through(sharing.servers[i % 2]!);

    test("an address begins as many lessons, opens as many and holds as many lines as of one", async () => {
      const lessons: string[] = [];
      for (let i = 0; i < 8; i++) lessons.push(await createLesson(at(i), "road"));
      for (const i of [0, 1]) {
        const more = await fetch(`${at(i).address}/api/lessons`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ world: "road" }),
        });
        expect(more.status).toBe(429);
      }

      for (let i = 0; i < 4; i++) await join(at(i), lessons[i]!);
      // Each hears within a second what the other has open.
      const answerTo = async (i: number, lesson: string) => {
        try {
          await (await join(at(i), lesson)).room.leave();
          return null;
        } catch (error) {
          return (error as { code?: number }).code ?? "closed";
        }
      };
      for (const i of [0, 1])
        await expect.poll(() => answerTo(i, lessons[5 + i]!), { interval: 200 }).toBe(503);

      const last = await join(at(0), lessons[0]!);
      await expect.poll(() => answerTo(1, lessons[1]!), { interval: 200 }).toBe("closed");
      await last.room.leave();
      await expect.poll(() => answerTo(1, lessons[1]!), { interval: 200 }).toBe(null);
    });
  });
