import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClassState } from "../../../shared/class/room.ts";
import { attend, beginClass, lead, PupilBot } from "../../classes/pupil.ts";
import { enter, newKey, refusal } from "../server.ts";
import { type Sharing, type SharingServer, startSharing } from "./processes.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

const level = {
  world: "fair",
  demonstrations: { least: 1, most: 1, seeds: [50001] },
  learner: { policy: "gaussianProcess", query: "novel", budget: 3, drives: 1 },
  rounds: 1,
  corrections: { ways: ["time-stop"], least: 3, most: 3 },
};

test("what needs Redis runs where it can be had", () => {
  expect(redisServer === null || redisServer !== "").toBe(true);
});

if (redisServer !== null)
  describe("a class in two servers", () => {
    let redis: RunningRedis;
    let sharing: Sharing;
    let one: SharingServer;
    let other: SharingServer;
    beforeAll(async () => {
      redis = await RunningRedis.start();
      sharing = await startSharing(2, redis.url());
      [one, other] = sharing.servers as [SharingServer, SharingServer];
    });
    afterAll(async () => {
      await sharing.stop();
      await redis.remove();
    });

    test("has one room, hears of lessons wherever they are, and holds them there", async () => {
      const here = sharing.through(one);
      const there = sharing.through(other);
      const begun = await beginClass(here, { level });
      const walls = await Promise.all(
        [here, there, here, there].map((server) => attend(server, { class: begun.id })),
      );
      expect(new Set(walls.map(({ roomId }) => roomId))).toEqual(new Set([begun.id]));
      const state = () => walls[1]!.state as ClassState;
      const names = Array.from({ length: 10 }, (_, i) => `Bot ${i}`);
      const bots = names.map((name, i) => new PupilBot(i % 2 ? here : there, begun.code, name, i));
      await Promise.all(bots.map((bot) => bot.join()));
      await expect.poll(() => state().pupils.size).toBe(10);

      const places = bots.map(({ place }) => place!);
      const inside = await Promise.all(
        places.map(({ lesson: { id, secret } }, i) =>
          enter(i % 2 ? here : there, { lesson: id, secret }),
        ),
      );
      const processes = inside.map(
        // @ts-expect-error it is not said to be there
        ({ room }) => room.connection.transport.ws.url.match(/at\/\d+/)[0],
      );
      expect(new Set(processes).size).toBe(2);
      await lead(here, begun, { type: "freeze", frozen: true });
      const train = (i: number) =>
        inside[i]!.room.request("train", { key: newKey(), plan: level.learner });
      const forget = (i: number) =>
        inside[i]!.room.request("undo", { key: newKey(), round: 0, index: 0 });
      // What can never be done is refused for good; what can waits, in both processes.
      expect((await refusal(forget(0))).code).toBe("locked");
      await lead(there, begun, { type: "freeze", frozen: false });
      await Promise.all(bots.map((bot) => bot.step()));
      await expect
        .poll(() => [...state().pupils].map(([, { demonstrations }]) => demonstrations))
        .toEqual(names.map(() => 1));
      await lead(here, begun, { type: "step", step: 0 });
      for (const i of names.keys())
        await expect.poll(async () => (await refusal(train(i))).code).toBe("not-yet");
      await lead(there, begun, { type: "step", step: null });
      await lead(there, begun, { type: "rounds", rounds: 2 });
      await expect
        .poll(async () => Promise.all(bots.map(async (bot) => (await bot.lesson()).plan!.rounds)))
        .toEqual(names.map(() => 2));
      for (const { room } of inside) await room.leave();
      for (const bot of bots) await bot.leave();
      for (const wall of walls) await wall.leave();
    });

    test("goes on in the other when one is killed", async () => {
      const front = sharing.front;
      const begun = await beginClass(front, { level });
      const bot = new PupilBot(front, begun.code, "Anna", 1);
      await bot.join();
      await bot.step();
      const before = await attend(front, { class: begun.id });
      // @ts-expect-error it is not said to be there
      const at = before.connection.transport.ws.url.match(/at\/(\d+)/)[1];
      const owner = sharing.servers.find(({ port }) => `${port}` === at)!;
      await owner.kill();
      const again = async () => attend(front, { class: begun.id }).catch(() => null);
      let wall = await again();
      while (!wall) wall = await again();
      const state = () => wall!.state as ClassState;
      await expect
        .poll(() => state().pupils.get(`${bot.place!.pupil}`)?.demonstrations, { timeout: 10_000 })
        .toBe(1);
      await bot.train(await bot.lesson());
      await expect
        .poll(() => state().pupils.get(`${bot.place!.pupil}`)?.trained, { timeout: 10_000 })
        .toBe(1);
      await wall.leave();
      await bot.leave();
    }, 30_000);
  });
