import { execFile } from "node:child_process";
import { join as joinPath } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { join, newKey, startServer, teachAt, temporaryFolder } from "../server/server.ts";
import { useGame } from "./game.ts";
import { after, open, someone, taught, useVisitors } from "./visitors.ts";

useGame();
useVisitors();

const walk = (seed: number) => ({
  key: newKey(),
  episode: demonstrate(worlds.garden!, seed),
});

test("a page that was open while a backup was restored forgets what came after the backup", async () => {
  const server = await startServer();
  after.push(() => server.kill());
  const port = new URL(server.address).port;
  const file = joinPath(temporaryFolder(), "copy.db");
  const run = (command: string) =>
    promisify(execFile)(process.execPath, [`scripts/${command}.mjs`, file], {
      env: { ...process.env, DATA_DIR: server.dataFolder },
    });

  const { id, teacher } = await taught(server, false);
  await run("backup");
  const page = await open(await someone(), teachAt(server, id));
  await page.keyboard.press("1");
  for (const seed of [5007, 5008]) await teacher.room.request("demonstrate", walk(seed));
  const count = page.locator("h3 .count");
  await expect.poll(() => count.textContent()).toBe("3");

  await server.stop();
  await run("restore");
  await server.start(port);
  // Event 3 is another one now, and there is no event 4.
  const again = await join(server, id);
  await again.room.request("forget", { key: newKey(), demonstration: 2 });
  await expect.poll(() => count.textContent(), { timeout: 30_000 }).toBe("0");
  await again.room.request("demonstrate", walk(5009));
  await expect.poll(() => count.textContent()).toBe("1");
  expect(await page.locator(".saved").textContent()).toBe("saved");
});
