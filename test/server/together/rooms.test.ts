import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { road } from "../../../shared/worlds/road/levels.ts";
import {
  createLesson,
  end,
  enter,
  eventsOf,
  join,
  launch,
  newKey,
  type Participant,
  temporaryFolder,
} from "../server.ts";
import { type Sharing, type SharingServer, startSharing } from "./processes.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

const episode = demonstrate(road, 6000);
const show = ({ room }: Participant) => room.request("demonstrate", { key: newKey(), episode });

test("what needs Redis runs where it can be had", () => {
  expect(redisServer === null || redisServer !== "").toBe(true);
});

if (redisServer !== null)
  describe("two servers with REDIS_URL", () => {
    let redis: RunningRedis;
    let sharing: Sharing;
    let one: SharingServer;
    let other: SharingServer;
    const through = (server: SharingServer) => sharing.through(server);
    /** Who has a lesson's room, by the port of the server. */
    const ownerOf = async (lesson: string) => {
      const client = redis.client();
      const json = await client.hget("roomcaches", lesson);
      client.disconnect();
      return json === null ? null : Number(JSON.parse(json).publicAddress.match(/\d+$/)[0]);
    };
    const serverAt = async (lesson: string) => {
      const port = await ownerOf(lesson);
      return sharing.servers.find((server) => server.port === port)!;
    };

    beforeAll(async () => {
      redis = await RunningRedis.start();
      sharing = await startSharing(2, redis.url());
      [one, other] = sharing.servers as [SharingServer, SharingServer];
    });
    afterAll(async () => {
      await sharing.stop();
      await redis.remove();
    });

    test("have one room for a lesson, however many ask both for it at the same time", async () => {
      const lessons = await Promise.all(
        Array.from({ length: 12 }, () => createLesson(through(one), "road")),
      );
      const inside = await Promise.all(
        lessons.flatMap((lesson) =>
          [one, other, one, other].map((server) => join(through(server), lesson)),
        ),
      );
      const processes = new Map<string, Set<string>>();
      for (const [i, { room }] of inside.entries()) {
        expect(room.roomId).toBe(lessons[i >> 2]);
        const all = processes.get(room.roomId) ?? new Set();
        // @ts-expect-error it is not said to be there
        processes.set(room.roomId, all.add(room.connection.transport.ws.url.match(/at\/\d+/)[0]));
      }
      expect([...processes.values()].map(({ size }) => size)).toEqual(lessons.map(() => 1));
      for (let i = 0; i < inside.length; i += 4) {
        await show(inside[i + 1]!);
        await expect.poll(() => inside[i + 2]!.heard.length).toBe(1);
      }
      await Promise.all(inside.map(({ room }) => room.leave()));
    });

    test("know the same lessons and their owners, and no others", async () => {
      for (const server of [one, other])
        await expect(enter(through(server), { lesson: "a".repeat(22) })).rejects.toMatchObject({
          code: 404,
        });
      const lesson = await createLesson(through(one), "road");
      const here = await join(through(one), lesson);
      const there = await join(through(other), lesson);
      const looker = await enter(through(other), { lesson });
      const owns = async ({ room }: Participant) =>
        (await room.request("events", { since: 0 })).owner;
      expect(await Promise.all([here, there, looker].map(owns))).toEqual([true, true, false]);
    });

    test("let a lesson go on in the other one when the one that has it is killed", async () => {
      const lesson = await createLesson(through(one), "road");
      const before = await join(through(one), lesson);
      await show(before);
      const owner = await serverAt(lesson);
      const heir = owner === one ? other : one;
      await owner.kill();
      const began = performance.now();
      const after = await join(through(heir), lesson);
      expect(performance.now() - began).toBeLessThan(1000);
      await show(after);
      expect(await eventsOf(after)).toHaveLength(3);
      await expect.poll(() => serverAt(lesson)).toBe(heir);
      await owner.start(`${owner.port}`);
      const back = await join(through(owner), lesson);
      expect(await serverAt(lesson)).toBe(heir);
      await show(back);
      await expect.poll(() => after.heard.at(-1)?.seq).toBe(4);
      // One that is told to end does so, and leaves nothing behind.
      expect(await heir.stop()).toBe(0);
      expect(after.left).toEqual([4001]);
      const last = await join(through(owner), lesson);
      await show(last);
      expect(await eventsOf(last)).toHaveLength(5);
      await heir.start(`${heir.port}`);
    });

    test("tell each other what one wrote that stood still and lost its lesson, and it gives it up", async () => {
      const lesson = await createLesson(through(one), "road");
      const sleeper = await join(through(one), lesson);
      await show(sleeper);
      const owner = await serverAt(lesson);
      const heir = owner === one ? other : one;
      process.kill(owner.pid!, "SIGSTOP");
      const request = { key: newKey(), episode };
      const answer = sleeper.room.request("demonstrate", request).catch(() => null);
      // The heir finds out that it does not answer; a page asks again, too.
      const taken = await vi.waitFor(() => join(through(heir), lesson), 30_000);
      await show(taken);
      expect(await serverAt(lesson)).toBe(heir);
      process.kill(owner.pid!, "SIGCONT");
      await expect.poll(() => sleeper.left).toEqual([4010]);
      // Whether it wrote on waking or gave up before: there is one of it, and it is heard where the lesson is now.
      const { seq } = (await answer) ?? (await taken.room.request("demonstrate", request));
      expect(seq).toBe(4);
      expect((await taken.room.request("demonstrate", request)).seq).toBe(4);
      await expect.poll(() => taken.heard.map((event) => event.seq)).toEqual([3, 4]);
      expect([2, 3, 4]).toEqual(expect.arrayContaining(sleeper.heard.map((event) => event.seq)));
      expect(await serverAt(lesson)).toBe(heir);
      expect(await eventsOf(taken)).toHaveLength(4);
    });

    test("go on with open lessons without Redis, ask others to wait, and are back by themselves", async () => {
      const lesson = await createLesson(through(one), "road");
      const teacher = await join(through(one), lesson);
      const closed = await createLesson(through(one), "road");
      await redis.kill();
      await show(teacher);
      const owner = sharing.servers.find(
        // @ts-expect-error it is not said to be there
        ({ port }) => teacher.room.connection.transport.ws.url.includes(`/at/${port}/`),
      )!;
      for (const server of [one, other])
        await expect(enter(through(server), { lesson: closed })).rejects.toMatchObject({
          message: "Lessons cannot be opened at the moment; try again in a minute.",
        });
      // Whoever comes back to the process that has it open gets in.
      await join(through(owner), lesson);
      await redis.start();
      const others = await vi.waitFor(
        () => Promise.all([one, other].map((server) => join(through(server), lesson))),
        30_000,
      );
      expect(await serverAt(lesson)).toBe(owner);
      await show(others[1]!);
      await expect.poll(() => teacher.heard.map(({ seq }) => seq)).toEqual([2, 3]);
      expect(teacher.left).toEqual([]);
    });

    test("wait for a Redis that hangs until they have noticed, and no longer", async () => {
      const lesson = await createLesson(through(one), "road");
      const teacher = await join(through(one), lesson);
      const ask = async () => {
        const began = performance.now();
        const response = await fetch(`${one.address}/api/lessons`, { method: "POST" });
        await response.text();
        return performance.now() - began;
      };
      redis.hang();
      try {
        expect(await ask()).toBeLessThan(2500);
        const waited: number[] = [];
        for (let i = 0; i < 40; i++) {
          waited.push(await ask());
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        expect(Math.max(...waited)).toBeLessThan(500);
        await show(teacher);
      } finally {
        redis.goOn();
      }
      const others = await vi.waitFor(
        () => Promise.all([one, other].map((server) => join(through(server), lesson))),
        30_000,
      );
      await show(others[1]!);
      await expect.poll(() => teacher.heard.map(({ seq }) => seq)).toEqual([2, 3]);
    });

    test("go on, whatever is said where they talk", async () => {
      const lesson = await createLesson(through(one), "road");
      const teacher = await join(through(one), lesson);
      const client = redis.client();
      const { processId } = JSON.parse((await client.hget("roomcaches", lesson))!);
      for (const topic of ["tallies", `p:${processId}`, `$${lesson}`, `lesson:${lesson}`])
        for (const said of [
          "{",
          "null",
          "{}",
          "[]",
          "7",
          '{"spent":{"a":-1}}',
          '["disconnect","a",[]]',
        ])
          expect(await client.publish(topic, said)).toBeGreaterThan(0);
      client.disconnect();
      await show(teacher);
      await show(await join(through(other), lesson));
      await expect.poll(() => teacher.heard.map(({ seq }) => seq)).toEqual([2, 3]);
      expect(teacher.left).toEqual([]);
      for (const { pid } of [one, other]) expect(process.kill(pid!, 0)).toBe(true);
    });

    test("say at once that a lesson cannot be opened where Redis takes no writing, and keep no room", async () => {
      const client = redis.client();
      const refused = async () =>
        Number(
          (await client.info("commandstats")).match(/cmdstat_eval:.*rejected_calls=(\d+)/)?.[1],
        );
      await client.eval("return 1", 0);
      const lesson = await createLesson(through(one), "road");
      const before = await refused();
      await client.acl("SETUSER", "default", "-eval");
      for (let i = 0; i < 2; i++)
        await expect(enter(through(one), { lesson })).rejects.toMatchObject({ code: 503 });
      // To write it, to take it back, and what both servers look after meanwhile.
      expect((await refused()) - before).toBeLessThan(20);
      await client.acl("SETUSER", "default", "+eval");
      const topic = `lesson:${lesson}`;
      // Its place is free before anybody would have been waited for.
      await expect
        .poll(() => client.pubsub("NUMSUB", topic), { timeout: 5000 })
        .toEqual([topic, 0]);
      client.disconnect();
      await show(await join(through(one), lesson));
    });

    test("tell no secret by way of Redis", async () => {
      const ear = redis.client();
      await new Promise((resolve) => ear.once("ready", resolve));
      const monitor = await ear.monitor();
      let heard = "";
      monitor.on("monitor", (_time: string, args: string[]) => {
        heard += args.join(" ");
      });
      const response = await fetch(`${through(one).address}/api/lessons`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ world: "road" }),
      });
      const { id, secret } = (await response.json()) as { id: string; secret: string };
      for (const server of [one, other])
        await show(await enter(through(server), { lesson: id, secret }));
      await expect.poll(() => heard).toContain(id);
      expect(heard).not.toContain(secret);
      monitor.disconnect();
      ear.disconnect();
    });
  });

if (redisServer !== null)
  describe("a server says in a sentence what is wrong with its Redis, and ends:", () => {
    const sayOf = async (env: Record<string, string>) => {
      const ended = await end(
        launch({ PORT: "0", DATA_DIR: temporaryFolder(), PUBLIC_ADDRESS: "/at/1", ...env }),
      );
      return { code: ended.code, said: ended.stderr };
    };

    test("a wrong address", async () => {
      expect(await sayOf({ REDIS_URL: "localhost:6379" })).toEqual({
        code: 1,
        said: "REDIS_URL is not an address as in redis://:password@host:6379; rediss:// is with TLS.\n",
      });
      expect(await sayOf({ REDIS_URL: "redis://127.0.0.1:9", PUBLIC_ADDRESS: "" })).toEqual({
        code: 1,
        said: "REDIS_URL needs PUBLIC_ADDRESS, the path by which browsers reach this process and no other, as in /at/2571.\n",
      });
      expect(await sayOf({ REDIS_URL: "redis://127.0.0.1:9" })).toEqual({
        code: 1,
        said: "Cannot use the Redis at 127.0.0.1:9 (REDIS_URL): it does not answer: connect ECONNREFUSED 127.0.0.1:9.\n",
      });
    });

    test("a user who may not do all that is needed", async () => {
      const server = await RunningRedis.start();
      const client = server.client();
      const host = new URL(server.url()).host;
      const all = ["on", ">let", "~*", "+@all"];
      const rights = [
        ["use its channels", "resetchannels"],
        ["do all that is asked of it", "allchannels", "-eval"],
        ["do all that is asked of it", "allchannels", "resetkeys", "~dagger-dojo:*"],
      ] as const;
      for (const [what, ...some] of rights) {
        await client.acl("SETUSER", "some", "reset", ...all, ...some);
        expect(await sayOf({ REDIS_URL: server.url("some:let@") })).toEqual({
          code: 1,
          said: `Cannot use the Redis at ${host} (REDIS_URL): it does not let this user ${what}.\n`,
        });
      }
      client.disconnect();
      await server.remove();
    });

    test("a password that is missing or wrong, and a copy that is only read from", async () => {
      const locked = await RunningRedis.start("--requirepass", "let me in");
      const copy = await RunningRedis.start("--replicaof", "127.0.0.1", "9");
      try {
        const host = (server: RunningRedis) => new URL(server.url()).host;
        const cannot = (server: RunningRedis) =>
          `Cannot use the Redis at ${host(server)} (REDIS_URL): `;
        expect(await sayOf({ REDIS_URL: locked.url() })).toEqual({
          code: 1,
          said: `${cannot(locked)}it asks for a password, as in redis://:password@host.\n`,
        });
        expect(await sayOf({ REDIS_URL: locked.url(":guess@") })).toEqual({
          code: 1,
          said: `${cannot(locked)}it refuses this user or password.\n`,
        });
        expect(await sayOf({ REDIS_URL: copy.url() })).toEqual({
          code: 1,
          said: `${cannot(copy)}it is a copy that is only read from.\n`,
        });
      } finally {
        await Promise.all([locked.remove(), copy.remove()]);
      }
    });
  });
