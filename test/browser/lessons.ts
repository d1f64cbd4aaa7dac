import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../shared/worlds/level.ts";
import { createLesson, join, newKey, type ServerAddress, teachAt } from "../server/server.ts";
import { browser, server } from "./game.ts";

export const desktop: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  deviceScaleFactor: 0.5,
};
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** Plans of a round that take no time. */
export const fourier = { policy: "fourier", query: "novel", budget: 8, drives: 2 };
export const softmax = { policy: "softmax", query: "novel", budget: 8, drives: 5 };

/** A lesson with this many demonstrations, and a learner where there is a plan for one. */
export async function taught(
  world: string,
  demonstrations: number,
  plan?: object,
): Promise<string> {
  const id = await createLesson(server, world);
  const { room } = await join(server, id);
  for (let i = 0; i < demonstrations; i++) {
    const episode = demonstrate(demonstrationWorld(worlds[world]!), 5000 + i);
    await room.request("demonstrate", { key: newKey(), episode });
  }
  const patience = { timeout: 60_000 };
  if (plan) await room.request("train", { key: newKey(), plan } as never, patience);
  await room.leave();
  return id;
}

/** On the front page, the button that begins a lesson in a world without a level. */
export const worldButton = (page: Page, title: string): Locator =>
  page.locator(".worlds, .yourself").getByRole("button", { name: title, exact: true });

/** At Watch, goes on to where the round is told: past the guess, and past what there is to see before. */
export async function seeRound(page: Page): Promise<void> {
  const told = page.locator(".scores");
  const guess = page.getByRole("button", { name: "Just show me" });
  const skip = page.getByRole("button", { name: "Skip" });
  await guess.or(told).first().waitFor();
  if (await told.isVisible()) return;
  await guess.click();
  await skip.or(told).first().waitFor();
  // It may be over by itself.
  if (await skip.isVisible()) await skip.click({ timeout: 2000 }).catch(() => {});
  await told.waitFor();
}

/** Goes to Reward, and past the guess before its map. */
export async function toReward(page: Page): Promise<void> {
  await page.keyboard.press("5");
  const guess = page.getByRole("button", { name: "Just show me" });
  await guess.or(page.locator(".legend")).first().waitFor({ timeout: 60_000 });
  if (await guess.isVisible()) await guess.click();
}

/** Opens a lesson as its owner, in a browser of its own, whose context the test closes. */
export async function openLesson(
  id: string,
  options: BrowserContextOptions = desktop,
  at: ServerAddress = server,
): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(teachAt(at, id));
  await page.locator(".stage canvas").waitFor();
  return page;
}
