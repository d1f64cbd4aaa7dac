import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { eventsOf, join } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, fourier, openLesson, phone, taught } from "./lessons.ts";
import { pixelOf } from "./pointers.ts";

useGame();

const box = async (one: Locator) => (await one.boundingBox())!;

async function overlap(one: Locator, other: Locator): Promise<number> {
  const [a, b] = [await box(one), await box(other)];
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("main, button, a")?.className ?? null);

describe("nothing lies on the road", () => {
  test.each([
    ["desktop", desktop],
    ["phone", phone],
  ])("no hint on a %s, and no buttons for thumbs", async (_, options) => {
    const page = await openLesson(await taught("road", 1), options);
    await page.keyboard.press("1");
    const hint = page.locator(".nudge", { hasText: /to make your clone/ });
    await hint.waitFor();
    expect(await overlap(hint, page.locator(".stage"))).toBe(0);
    if (options === phone) {
      const pads = page.locator(".pad");
      expect(await pads.count()).toBe(2);
      for (const pad of await pads.all()) {
        expect(await overlap(pad, page.locator(".stage"))).toBe(0);
        expect((await box(pad)).height).toBeGreaterThanOrEqual(44);
      }
    } else {
      // Beside the caption, which stays in sight.
      expect(await overlap(hint, page.locator(".caption span"))).toBe(0);
      expect(await page.locator(".caption").isVisible()).toBe(true);
    }
    await page.context().close();
  });

  test("at 200 % zoom the picture is as high as most of the window, and the page scrolls to the rest", async () => {
    const zoomed = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
    const page = await openLesson(await taught("road", 1), zoomed);
    await page.keyboard.press("1");
    expect((await box(page.locator(".stage"))).height).toBeGreaterThan(200);
    const clone = page.getByRole("button", { name: "Clone me" });
    await clone.scrollIntoViewIfNeeded();
    const { y, height } = await box(clone);
    expect(y + height).toBeLessThanOrEqual(400);
    await page.context().close();
  });

  test("a caption that is longer than its line is whole", async () => {
    const page = await openLesson(await taught("garden", 1), phone);
    const long =
      "You: 12 moves, home, 2.0 above the lowest cost. The learner: 14 moves, home, 3.1 above the lowest cost.";
    const cut = await page.locator(".caption").evaluate((caption, words) => {
      const span = caption.querySelector("span")!;
      span.textContent = words;
      const { left, right, bottom } = span.getBoundingClientRect();
      const on = document.elementsFromPoint((left + right) / 2, bottom - 4);
      return [getComputedStyle(caption).overflow, left >= 0, right <= innerWidth, on.length > 0];
    }, long);
    expect(cut).toEqual(["visible", true, true, true]);
    await page.context().close();
  });
});

test("levels stay where they are under the pointer", async () => {
  const page = await browser.newPage(desktop);
  await page.goto(server.address);
  const levels = page.locator(".course-level, .world");
  await levels.first().waitFor();
  const places = async () =>
    levels.evaluateAll((all) =>
      all.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [x, y, width, height].map(Math.round);
      }),
    );
  const before = await places();
  for (const level of (await levels.all()).slice(0, 9)) {
    await level.hover();
    expect(await places()).toEqual(before);
  }
  await page.close();
});

test("who enters a level has the focus in it, and a speaker from the front page on", async () => {
  const page = await browser.newPage(desktop);
  await page.goto(server.address);
  await page.locator(".play").waitFor();
  await page.getByRole("button", { name: "Sound" }).click();
  await page.locator(".course-level").first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".stage canvas").waitFor();
  await expect.poll(() => focused(page)).toContain("panel");
  expect(await page.getByRole("button", { name: "Sound" }).getAttribute("aria-pressed")).toBe(
    "true",
  );
  await page.close();
});

test("in a shadow a press that was begun beside the stage steers, and selects no text", async () => {
  const world = worlds.road!;
  const id = await taught("road", 1, fourier);
  const page = await openLesson(id, desktop);
  await page.keyboard.press("4");
  await page.getByRole("radio", { name: "Steer along" }).click();
  await page.locator(".panel p").first().waitFor();
  const words = await box(page.locator(".panel h2").first());
  const middle = await pixelOf(page, world, [0, 0]);
  await page.keyboard.press("Enter");
  await page.mouse.move(words.x + 5, words.y + words.height + 4);
  await page.mouse.down();
  for (const share of [0.2, 0.5, 0.8, 1])
    await page.mouse.move(
      words.x + share * (middle.x - words.x),
      words.y + share * (middle.y - words.y),
    );
  await expect.poll(() => page.locator(".episodes li").count(), { timeout: 40_000 }).toBe(1);
  await page.mouse.up();
  const { room } = await join(server, id);
  const lesson = (await eventsOf({ room } as never)).reduce(apply, emptyLesson);
  const { actions } = lesson.rounds.at(-1)!.shadows[0]!;
  expect(actions.filter((action) => Math.abs(action) > 0.01).length).toBeGreaterThan(20);

  // From the stage over the panel.
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(words.x + 20, words.y + 10);
  await page.mouse.move(words.x + 200, words.y + 200);
  expect(await page.evaluate(() => String(getSelection()))).toBe("");
  await page.mouse.up();
  await page.context().close();
});
