import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { course } from "../../client/course/course.ts";
import type { PupilView } from "../../shared/class/requests.ts";
import { rollout } from "../../shared/imitation/rollout.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../shared/worlds/level.ts";
import { beginClass, insist, newSecret } from "../classes/pupil.ts";
import { enter, join, newKey, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { phone, taught } from "./lessons.ts";

useGame();

const gaussian = { policy: "gaussianProcess", query: "novel", budget: 12, drives: 2 };
const small = { ...phone, viewport: { width: 390, height: 660 } };
const onItsSide = { ...phone, viewport: { width: 844, height: 390 } };
const zoomed = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
const level = course.find(({ name }) => name === "wind")!;

const box = async (one: Locator) => (await one.boundingBox())!;

/** A lesson that plays the level. */
async function playing(options: BrowserContextOptions, plan?: object): Promise<Page> {
  const id = await taught(level.world, 1, plan);
  const context = await browser.newContext(options);
  await context.addInitScript(
    ([id, name]) => localStorage.setItem(`dagger-dojo.level.${id}`, name!),
    [id, level.name],
  );
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  return page;
}

test.each([
  ["upright", phone],
  ["small", small],
  ["on its side", onItsSide],
])(
  "on a phone, %s, one answers without scrolling, with the road and the pads in sight",
  async (_, options) => {
    const page = await playing(options, gaussian);
    await page.keyboard.press("4");
    const give = page.getByRole("button", { name: /^Answer/ });
    await give.waitFor();
    const [stage, answer] = [await box(page.locator(".stage")), await box(give)];
    expect(answer.y + answer.height).toBeLessThanOrEqual(options.viewport!.height);
    expect(answer.height).toBeGreaterThanOrEqual(44);
    const isBeside = answer.x >= stage.x + stage.width;
    for (const one of [page.locator(".stage"), page.locator(".pads")]) {
      const { y, height } = await box(one);
      expect(isBeside || answer.y >= y + height).toBe(true);
      expect(y + height).toBeLessThanOrEqual(options.viewport!.height);
    }
    // The ways are folded, and there all the same.
    const other = page.getByRole("radio", { name: "Take over" });
    expect(await other.isVisible()).toBe(false);
    await page.locator(".ways summary").tap();
    await other.check();
    await expect.poll(() => other.isVisible()).toBe(true);
    await page.context().close();
  },
);

test.each([
  ["upright", phone],
  ["on its side", onItsSide],
])("on a phone, %s, the level, its goal and its stars are in sight at once", async (_, options) => {
  const page = await playing(options);
  await page.keyboard.press("1");
  const line = page.locator(".level-line");
  await expect.poll(() => line.textContent()).toContain("Goal: 3 laps before the first crash");
  // In one line.
  const { y, height } = await box(line);
  expect(height).toBeLessThan(30);
  expect(y + height).toBeLessThanOrEqual(options.viewport!.height);
  const named = page.locator(".bar-world");
  expect([await named.textContent(), await named.isVisible()]).toEqual(["Level 2: Wind", true]);
  await page.context().close();
});

test("at 200 % zoom the whole road is in the window", async () => {
  const page = await playing(zoomed);
  await page.keyboard.press("1");
  const { y, height } = await box(page.locator(".stage"));
  expect(height).toBeGreaterThan(200);
  expect(y + height).toBeLessThanOrEqual(400);
  await page.context().close();
});

/** How far one colour of the page stands out against another, as WCAG measures it. */
const contrast = (page: Page, selector: string, property: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element, property) => {
      const context = new OffscreenCanvas(1, 1).getContext("2d")!;
      const light = (colour: string) => {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
          const share = value / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const own = getComputedStyle(element);
      const ground = light(getComputedStyle(document.documentElement).backgroundColor);
      const shown = light(own.getPropertyValue(property));
      const solid = own.opacity === "1" ? 1 : 0;
      const [low, high] = [Math.min(ground, shown), Math.max(ground, shown)];
      return (solid * (high + 0.05)) / (low + 0.05);
    }, property);

describe.each(["dark", "light"] as const)("in the %s", (colorScheme) => {
  test("a step that is still to come can be read, a progress bar has an edge, and the way home is a thumb's", async () => {
    const page = await playing({ ...phone, colorScheme });
    await page.keyboard.press("1");
    await page.locator(".clock progress").waitFor();
    expect(await contrast(page, ".steps button:disabled", "color")).toBeGreaterThanOrEqual(4.5);
    expect(await contrast(page, ".clock progress", "border-top-color")).toBeGreaterThanOrEqual(3);
    expect((await box(page.locator(".brand a"))).height).toBeGreaterThanOrEqual(44);
    await page.context().close();
  });
});

test("what the hint says after a crash moves the road by nothing", async () => {
  const id = await taught(level.world, 0);
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  const hint = page.locator(".nudge");
  const before = await box(page.locator(".stage"));
  const place = demonstrationWorld(worlds[level.world]!);
  const circles = rollout(place, (_, action) => action.fill(0.2), Controller.expert, 5000);
  const { room } = await join(server, id);
  await room.request("demonstrate", { key: newKey(), episode: circles });
  await expect.poll(() => hint.textContent()).toMatch(/^\d+ crashes\. Drive again, with fewer$/);
  expect(await box(page.locator(".stage"))).toEqual(before);
  // Nor does the longest of all that are said to thumbs.
  await hint.evaluate((p) => {
    p.textContent = "Press the picture where you want to go";
  });
  expect(await box(page.locator(".stage"))).toEqual(before);
  await context.close();
});

test("a pupil who crashed is told so, and replaces the drive until there is a clone", async () => {
  const { code } = await beginClass(server, { plan: "fair-weather" });
  const pupil = await insist<PupilView>(server, "/api/classes/join", {
    code,
    nickname: "Mia",
    key: newSecret(),
  });
  const { lesson, secret } = { lesson: pupil.lesson.id, secret: pupil.lesson.secret };
  const { room } = await enter(server, { lesson, secret });
  const place = demonstrationWorld(worlds.fair!);
  const circles = rollout(place, (_, action) => action.fill(0.2), Controller.expert, 50_001);
  await room.request("demonstrate", { key: newKey(), episode: circles });
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  const own = `class=${pupil.class}&pupil=${pupil.pupil}#${pupil.secret}`;
  await page.goto(`${server.address}/class.html?${own}`);
  await page.locator(".steps button", { hasText: "Demonstrate" }).tap();
  const hint = page.locator(".nudge");
  await expect
    .poll(() => hint.textContent())
    .toMatch(/^\d+ crashes\. Delete it with ✕, drive again$/);
  await page.screenshot({ path: "dist/screens/pupil-crashed.png" });
  await page.getByRole("button", { name: "Delete demonstration 1" }).tap();
  await page.getByText("Demonstrations 0 of 1").waitFor();
  const flawless = rollout(place, place.expert, Controller.expert, 50_001);
  await room.request("demonstrate", { key: newKey(), episode: flawless });
  await page.getByText("Demonstrations 1 of 1").waitFor();
  await expect.poll(() => hint.textContent()).toBe("Tap Clone to make your clone");
  await context.close();
});
