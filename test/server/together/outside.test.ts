import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { type Outside, outsideMessage } from "../../../shared/lesson/protocol.ts";
import { road } from "../../../shared/worlds/road/levels.ts";
import { createLesson, join, newKey, teachAt } from "../server.ts";
import { type Sharing, startSharing } from "./processes.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

if (redisServer !== null)
  describe("a program outside that asks another process than the lesson's", () => {
    let redis: RunningRedis;
    let sharing: Sharing;
    beforeAll(async () => {
      redis = await RunningRedis.start();
      sharing = await startSharing(2, redis.url());
    });
    afterAll(async () => {
      await sharing.stop();
      await redis.remove();
    });

    test("gets the pairs, and the page hears of it and of its network", async () => {
      const [here, there] = sharing.servers.map((server) => sharing.through(server));
      const lesson = await createLesson(here!, "road");
      const page = await join(here!, lesson);
      const heard: Outside[] = [];
      page.room.onMessage(outsideMessage, (one: Outside) => heard.push(one));
      await page.room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 6000) });

      const secret = teachAt(here!, lesson).split("#teach=")[1];
      const headers = { authorization: `Bearer ${secret}` };
      // One of them has the lesson's room, and the other has not.
      for (const [i, { address }] of [here!, there!].entries()) {
        const before = heard.length;
        const at = `${address}/api/lessons/${lesson}`;
        const pairs = await (await fetch(`${at}/pairs?since=0`, { headers })).json();
        expect([pairs.basis, pairs.demonstrated]).toEqual([2 + i, road.horizon]);
        await expect.poll(() => heard.slice(before)).toEqual([{}]);

        const layers = [{ weights: [[0, 0, 0, -0.5 - i]], bias: [0] }];
        const send = (body: string) => fetch(`${at}/network`, { method: "POST", headers, body });
        expect((await send(JSON.stringify({ basis: pairs.basis, layers }))).status).toBe(201);
        await expect.poll(() => page.heard.at(-1)).toMatchObject({ type: "brought", seq: 3 + i });
        expect((await send("{")).status).toBe(422);
        await expect.poll(() => heard.at(-1)).toHaveProperty("complaint");
      }
    });
  });
