import { afterAll, beforeAll, expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { createLesson, eventsOf, join, newKey } from "../server.ts";
import { BehindNginx, serverOf } from "./behindNginx.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

// A real nginx with deploy/nginx-several.conf as it is, but for its port, the servers' port and the name server.

let redis: RunningRedis | null = null;
let both: BehindNginx | null = null;
beforeAll(async () => {
  if (redisServer === null) return;
  redis = await RunningRedis.start();
  both = await BehindNginx.start(redis.url());
}, 170_000);
afterAll(async () => {
  await both?.stop();
  await redis?.remove();
});

const walk = (seed: number) => ({ key: newKey(), episode: demonstrate(worlds.garden!, seed) });
const statusOf = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${both!.nginx.address}${path}`, init);
  await response.text();
  return response.status;
};

test("nginx finds a server that is made anew at another address, and passes over one that is gone", async () => {
  // Where there is no Redis or no nginx, a line says so.
  if (!both) return;
  for (const path of ["/at/1/api/ready", "/at/2/api/ready?any=one", "/api/ready"])
    await expect.poll(() => statusOf(path), { message: path }).toBe(200);
  // What is no server's is not looked up, whatever number it has.
  const { asked } = both;
  expect([...asked].toSorted()).toEqual(["dojo", "dojo-1", "dojo-2"]);
  for (const path of ["/at/3/api/ready", "/at/12/api/ready", "/at/99/x"])
    expect(await statusOf(path), path).toBe(404);
  expect([...asked].toSorted()).toEqual(["dojo", "dojo-1", "dojo-2"]);

  const lesson = await createLesson(both.nginx, "garden");
  const first = await join(both.nginx, lesson);
  await first.room.request("demonstrate", walk(5007));
  const owner = serverOf(first.room);
  const other = owner === 1 ? 2 : 1;
  await both.kill(owner);
  expect(await statusOf(`/at/${owner}/api/ready`)).toBe(502);
  const comesBack = async () => {
    let again = null;
    while (!again) again = await join(both!.nginx, lesson).catch(() => null);
    return again;
  };
  const second = await comesBack();
  expect(serverOf(second.room)).toBe(other);
  await second.room.request("demonstrate", walk(5008));

  await both.begin(owner, "127.0.0.23");
  await expect.poll(() => statusOf(`/at/${owner}/api/ready`), { timeout: 10_000 }).toBe(200);
  await both.kill(other);
  const third = await comesBack();
  expect(serverOf(third.room)).toBe(owner);
  await third.room.request("demonstrate", walk(5009));
  expect(await eventsOf(third)).toHaveLength(4);
  await third.room.leave();
});

test("a body over the limit ends at nginx, but for a lesson's file", async () => {
  if (!both) return;
  const post = (path: string) =>
    statusOf(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ world: "x".repeat(5000) }),
    });
  expect(await post("/api/lessons")).toBe(413);
  expect(await post("/api/lessons/file")).toBeOneOf([400, 415, 422]);
});
