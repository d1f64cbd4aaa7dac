import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, join, newKey, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop } from "./lessons.ts";

useGame();

const words =
  "This page is older than the server, so it cannot read the lesson. The lesson is safe.";

/** A page to which a demonstration is something that it has never heard of. */
async function olderPage(): Promise<Page> {
  const context = await browser.newContext(desktop);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const { parse } = JSON;
    JSON.parse = (text, reviver) =>
      parse(String(text).replaceAll('"type":"demonstrated"', '"type":"danced"'), reviver);
  });
  return page;
}

async function show(lesson: string): Promise<void> {
  const { room } = await join(server, lesson);
  const episode = demonstrate(worlds.garden!, 5000);
  await room.request("demonstrate", { key: newKey(), episode });
  await room.leave();
}

test("a page that does not know an event says so, and does not show half a lesson", async () => {
  const lesson = await createLesson(server, "garden");
  await show(lesson);
  const page = await olderPage();
  await page.goto(teachAt(server, lesson));
  await page.getByText(words).waitFor();
  expect(await page.locator(".stage").count()).toBe(0);
  await page.context().close();
});

test("a page says so, too, where it comes to hear of one while it is open", async () => {
  const lesson = await createLesson(server, "garden");
  const page = await olderPage();
  await page.goto(teachAt(server, lesson));
  await page.locator(".stage canvas").waitFor();
  await show(lesson);
  await page.getByText(words).waitFor();
  await page.context().close();
});
