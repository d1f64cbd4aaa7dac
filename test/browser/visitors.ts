import type { ChildProcess } from "node:child_process";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterEach } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import { launchWithin, makeRoom } from "../server/limited.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  RunningServer,
  type ServerAddress,
  temporaryFolder,
} from "../server/server.ts";
import { browser } from "./game.ts";
import { desktop } from "./lessons.ts";

const plan = { policy: "softmax", query: "random", budget: 8, drives: 3 };

/** What is to be ended once a test is over, in files that {@link useVisitors}. */
export const after: (() => Promise<unknown>)[] = [];

/** For each file anew: several share this module, and a hook that is made with it would be the first one's only. */
export function useVisitors(): void {
  afterEach(async () => {
    for (const end of after.splice(0)) await end();
  });
}

/** Someone with a browser of their own. */
export async function someone(options: BrowserContextOptions = desktop): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  after.push(() => context.close());
  return context;
}

/** A lesson in the garden with a demonstration and, unless there is nothing to ask, a clone. */
export async function taught(where: ServerAddress, train = true) {
  const id = await createLesson(where, "garden");
  const teacher = await join(where, id);
  const episode = demonstrate(garden, 5006);
  await teacher.room.request("demonstrate", { key: newKey(), episode });
  if (train) await teacher.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  return { id, teacher };
}

/** A lesson whose server has no room left on its disk, until that is emptied. */
export async function taughtUntilFull() {
  const full = new RunningServer(temporaryFolder());
  let child: ChildProcess;
  await full.start("0", (env) => {
    child = launchWithin(300_000)(env);
    return child;
  });
  after.push(() => full.kill());
  const { id, teacher } = await taught(full, false);
  const another = () =>
    teacher.room.request("demonstrate", { key: newKey(), episode: demonstrate(garden, 5006) }).then(
      () => true,
      () => false,
    );
  while (await another());
  const before = (await eventsOf(teacher)).length;
  return { full, id, teacher, before, empty: () => makeRoom(child) };
}

export async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
  return page;
}

/** How much the browser keeps of what has not been acknowledged. */
export const kept = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes(".unsent.")).length);

/** What the page says of whether all is saved. */
export const saved = (page: Page) => page.locator(".saved").textContent();
