import { afterAll, beforeAll, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, join, newKey, teachAt } from "../server/server.ts";
import { BehindNginx, serverOf } from "../server/together/behindNginx.ts";
import { startSharing } from "../server/together/processes.ts";
import { RunningRedis, redisServer } from "../server/together/runningRedis.ts";
import { RunningTrainer } from "../server/together/runningTrainer.ts";
import { useGame } from "./game.ts";
import { after, open, someone, taught, useVisitors } from "./visitors.ts";

useGame();
useVisitors();

let redis: RunningRedis | null = null;
let both: BehindNginx | null = null;
beforeAll(async () => {
  if (redisServer === null) return;
  redis = await RunningRedis.start();
  both = await BehindNginx.start(redis.url());
});
afterAll(async () => {
  await both?.stop();
  await redis?.remove();
});

test("two pages of one lesson go on and agree when the server that has it is killed", async () => {
  // Where there is no Redis or no nginx, a line says so.
  if (!both) return;
  const { nginx } = both;
  const lesson = await createLesson(nginx, "garden");
  const walk = (seed: number) => ({ key: newKey(), episode: demonstrate(worlds.garden!, seed) });
  const first = await join(nginx, lesson);
  await first.room.request("demonstrate", walk(5007));

  const teaching = await open(await someone(), teachAt(nginx, lesson));
  const looking = await open(await someone(), `${nginx.address}/?lesson=${lesson}`);
  const pages = [teaching, looking];
  for (const page of pages) {
    await page.keyboard.press("1");
    await expect.poll(() => page.locator("h3 .count").textContent()).toBe("1");
  }
  await both.kill(serverOf(first.room));

  const again = await expect
    .poll(() => join(nginx, lesson).catch(() => null), { timeout: 30_000 })
    .not.toBeNull()
    .then(() => join(nginx, lesson));
  await again.room.request("demonstrate", walk(5008));
  for (const page of pages) {
    await expect.poll(() => page.locator("h3 .count").textContent(), { timeout: 30_000 }).toBe("2");
  }
  expect(await teaching.locator(".saved").textContent()).toBe("saved");
});

test("who asks for a training where no trainer is there is told so, and has it once one comes", async () => {
  if (!redis) return;
  const env = { TRAINERS: "remote", REDIS_URL: redis.url() };
  const alone = await startSharing(1, redis.url(), env);
  after.push(() => alone.stop());
  const { id } = await taught(alone.front, false);
  const page = await open(await someone(), teachAt(alone.front, id));
  await page.getByRole("button", { name: "Clone me" }).click();
  const words = page.locator(".working [role=status]");
  await words.getByText("The computer that trains is not connected.").waitFor();
  const trainer = await RunningTrainer.start({ ...env, DATA_DIR: alone.servers[0]!.dataFolder });
  after.push(() => trainer.kill());
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor({ timeout: 60_000 });
});
