import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createLesson, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { walkHome } from "./gardener.ts";
import { worldButton } from "./lessons.ts";

useGame();

/** A page that adds up its layout shifts from the start, those after a key included. */
async function openPage(viewport: { width: number; height: number }): Promise<Page> {
  const page = await browser.newPage({ viewport });
  await page.addInitScript(() => {
    Object.assign(globalThis, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        Object.assign(globalThis, { shifted: shifted() + (entry as unknown as Shift).value });
    }).observe({ type: "layout-shift", buffered: true });
    interface Shift {
      readonly value: number;
    }
    function shifted(): number {
      return (globalThis as unknown as { shifted: number }).shifted;
    }
  });
  return page;
}

/** Cumulative layout shift so far, once the frames that are under way have been counted. */
function shift(page: Page): Promise<number> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    return (globalThis as unknown as { shifted: number }).shifted;
  });
}

/** Holds back the files whose address has `part` in it until the returned function is called. */
async function hold(page: Page, part: RegExp): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(part, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test.each([
  ["desktop", { width: 1280, height: 800 }],
  ["phone", { width: 390, height: 844 }],
])(
  "on a %s a drawing keeps the stage's place until the stage has come, and nothing moves",
  async (_, viewport) => {
    const page = await openPage(viewport);
    const release = await hold(page, /\/assets\/stage-/);
    await page.goto(teachAt(server, await createLesson(server, "road")));
    const drawing = page.locator(".stage-box .thumbnail");
    await drawing.waitFor();
    await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
    expect(await page.locator(".stage canvas").count()).toBe(0);
    const before = await page.locator(".stage").boundingBox();
    expect(await drawing.boundingBox()).toEqual(before);
    release();
    await page.locator(".stage canvas").waitFor();
    await expect.poll(() => drawing.count()).toBe(0);
    expect(await page.locator(".stage").boundingBox()).toEqual(before);
    expect(await shift(page)).toBeLessThan(0.02);
    await page.close();
  },
);

test("the front page is there and takes a choice before the lesson's page has come", async () => {
  const page = await openPage({ width: 1280, height: 800 });
  const release = await hold(page, /\/assets\/(stage|lesson)-.*\.js/);
  await page.goto(server.address);
  await worldButton(page, "Clover").click();
  await page.getByText("Opening the lesson …").waitFor();
  release();
  await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
  await page.locator(".stage canvas").waitFor();
  await page.close();
});

test("from nothing to the wheel; how long it takes is told", async () => {
  const page = await openPage({ width: 1280, height: 800 });
  const now = () => page.evaluate(() => Math.round(performance.now()));
  await page.goto(server.address);
  await page.locator(".play").waitFor();
  const front = await now();
  await page.goto(teachAt(server, await createLesson(server, "road")));
  await page.locator(".stage canvas").waitFor();
  const stage = await now();
  console.log(`The front page is there after ${front} ms, a lesson's stage after ${stage} ms.`);
  expect(await shift(page)).toBeLessThan(0.02);
  await page.close();
});

test.each([
  ["the stage", /\/assets\/stage-.*\.js/, "The stage could not be loaded. Load the page again."],
  ["the lesson's page", /\/assets\/lesson-.*\.js/, "Part of this page is missing"],
  ["its style sheet", /\/assets\/lesson-.*\.css/, "Part of this page is missing"],
])("%s that cannot be fetched is told in words", async (_, part, words) => {
  const page = await openPage({ width: 1280, height: 800 });
  await page.route(part, (route) => route.abort());
  await page.goto(teachAt(server, await createLesson(server, "road")));
  await page.getByText(words).waitFor();
  await page.close();
});

test("the maps' worker that cannot be fetched is told in words, and the lesson goes on", async () => {
  const page = await openPage({ width: 1280, height: 800 });
  await page.route(/\/assets\/background\.worker-.*\.js/, (route) => route.abort());
  await page.goto(teachAt(server, await createLesson(server, "garden")));
  await page.locator(".stage canvas").waitFor();
  await walkHome(page);
  await page.getByText("The part that computes maps and arrows could not be loaded").waitFor();
  await page.close();
});
