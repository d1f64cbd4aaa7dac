import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { course } from "../../client/course/course.ts";
import { rollout } from "../../shared/imitation/rollout.ts";
import { rewardDriver } from "../../shared/irl/driver.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { garden, maze } from "../../shared/worlds/garden/levels.ts";
import { createLesson, join, newKey, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { walkHome } from "./gardener.ts";
import { desktop, seeRound, taught, toReward } from "./lessons.ts";

useGame();

const gaussian = { policy: "gaussianProcess", query: "novel", budget: 12, drives: 2 };
const level = course.find(({ name }) => name === "wind")!;

/** The page of a lesson that reaches its level's goal, before anything of its round has been seen. */
async function reaching(options: BrowserContextOptions): Promise<Page> {
  const id = await taught(level.world, 3, gaussian);
  const context = await browser.newContext({ ...options, colorScheme: "light" });
  await context.addInitScript(
    ([id, name]) => {
      localStorage.setItem(`dagger-dojo.level.${id}`, name!);
      const made = { oscillators: 0 };
      Object.assign(globalThis, { made });
      const { createOscillator } = AudioContext.prototype;
      AudioContext.prototype.createOscillator = function () {
        made.oscillators++;
        return createOscillator.call(this);
      };
    },
    [id, level.name],
  );
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  return page;
}

const oscillators = (page: Page) => page.evaluate("made.oscillators") as Promise<number>;

/** Has the page keep the most teal that there is at once on the grass in the middle of the oval. */
const watchMiddle = (page: Page) =>
  page.evaluate(() => {
    const seen = { most: 0, frames: 0 };
    Object.assign(globalThis, { seen });
    const look = () => {
      const canvas = document.querySelector<HTMLCanvasElement>(".stage canvas")!;
      const { width, height } = canvas;
      const side = Math.round(0.1 * width);
      const { data } = canvas
        .getContext("2d")!
        .getImageData((width - side) / 2, (height - side) / 2, side, side);
      let teal = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 1]! > data[i]! + 60 && data[i + 2]! > data[i]! + 40) teal++;
      seen.most = Math.max(seen.most, teal);
      seen.frames++;
      requestAnimationFrame(look);
    };
    look();
  });
const seen = (page: Page) => page.evaluate("seen") as Promise<{ most: number; frames: number }>;

describe("a goal that is reached", () => {
  test("is heard and seen once it is told, and names what is next", async () => {
    const page = await reaching(desktop);
    await page.getByRole("button", { name: "Sound" }).click();
    await page.locator(".guess").waitFor();
    await watchMiddle(page);
    await page.waitForTimeout(500);
    expect(await oscillators(page)).toBeLessThanOrEqual(2);
    await seeRound(page);
    const next = course[course.indexOf(level) + 1]!;
    expect(await page.locator(".in-words").textContent()).toMatch(/ of 20( starts| tries)?\.$/);
    await page
      .locator(".next")
      .getByRole("button", { name: `Next: ${next.title}` })
      .waitFor();
    await page.locator(".course-goal").getByText("3 of 3 stars").waitFor();
    // The engine's two, and the two notes of the chime.
    await expect.poll(() => oscillators(page)).toBe(4);
    await expect.poll(async () => (await seen(page)).most).toBeGreaterThan(20);

    // Not twice.
    await page.reload();
    await page.locator(".scores").waitFor();
    await watchMiddle(page);
    await expect.poll(async () => (await seen(page)).frames).toBeGreaterThan(60);
    expect((await seen(page)).most).toBe(0);
    await page.context().close();
  });

  test("is told without motion where none is wanted", async () => {
    const page = await reaching({ ...desktop, reducedMotion: "reduce" });
    await page.locator(".guess").waitFor();
    await watchMiddle(page);
    await seeRound(page);
    await page.locator(".course-goal").getByText("3 of 3 stars").waitFor();
    const { frames } = await seen(page);
    await expect.poll(async () => (await seen(page)).frames).toBeGreaterThan(frames + 60);
    expect((await seen(page)).most).toBe(0);
    await page.context().close();
  });
});

test("a level that asks for the reward map leads there, not to a clone", async () => {
  const page = await (await browser.newContext(desktop)).newPage();
  await page.goto(server.address);
  await page.locator(".play").waitFor();
  await page.keyboard.press(`${course.findIndex(({ goal }) => goal.kind === "wish") + 1}`);
  await page.locator(".stage canvas").waitFor();
  const toMap = page.getByRole("button", { name: "See your reward map" });
  expect(await toMap.count()).toBe(0);
  await walkHome(page);
  await expect.poll(() => page.locator(".episodes li").count()).toBe(1);
  expect(await toMap.getAttribute("class")).toContain("primary");
  expect(await page.getByRole("button", { name: "Clone me" }).getAttribute("class")).toBe(null);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "What you want" }).waitFor();
  await page.context().close();
});

test("a goal in other gardens says in how many of them the map was tried", async () => {
  const level = course.find(({ goal }) => goal.kind === "wish" && goal.elsewhere)!;
  const id = await createLesson(server, level.world, "duck");
  const { room } = await join(server, id);
  const driver = rewardDriver(maze, Float64Array.from(maze.tastes!.duck!.weights));
  const episode = rollout(maze, driver, Controller.expert, 5001);
  await room.request("demonstrate", { key: newKey(), episode });
  await room.leave();
  const context = await browser.newContext(desktop);
  await context.addInitScript(
    ([key, name]) => localStorage.setItem(key!, name!),
    [`dagger-dojo.level.${id}`, level.name],
  );
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.press("5");
  await page.locator(".guess").waitFor();
  const tried = page.getByText("Your map was tried in 3 other gardens. Walks by your map");
  expect(await tried.count()).toBe(0);
  await toReward(page);
  await tried.waitFor({ timeout: 30_000 });
  await context.close();
});

test("the level after a wish has the same card, and its map is from the walks in both", async () => {
  const [wish, next] = course.filter(({ goal }) => goal.kind === "wish");
  const { words, weights } = garden.tastes!.duck!;
  const id = await createLesson(server, wish!.world, "duck");
  const { room } = await join(server, id);
  const driver = rewardDriver(garden, Float64Array.from(weights));
  for (let i = 0; i < 3; i++) {
    const episode = rollout(garden, driver, Controller.expert, 5000 + i);
    await room.request("demonstrate", { key: newKey(), episode });
  }
  await room.leave();
  const context = await browser.newContext(desktop);
  await context.addInitScript(
    ([key, name]) => localStorage.setItem(key!, name!),
    [`dagger-dojo.level.${id}`, wish!.name],
  );
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  await toReward(page);
  await page.getByRole("button", { name: `Next: ${next!.title}` }).click();
  await page.locator(".course-goal", { hasText: next!.title }).waitFor();
  await expect.poll(() => page.locator(".taste").textContent()).toContain(words);
  await walkHome(page, undefined, undefined, maze);
  await toReward(page);
  await expect
    .poll(() => page.locator(".joint").textContent())
    .toContain(
      "From your walks in two gardens: Maze\u00a0(1) and Meadow\u00a0(3). The goal of the level counts this lesson alone.",
    );
  await context.close();
});

test("a level that allows one demonstration asks for no second, and begins again", async () => {
  const late = course.find(({ goal }) => goal.kind === "hold" && goal.drives === 1)!;
  const id = await taught(late.world, 2);
  const context = await browser.newContext({ ...desktop, colorScheme: "light" });
  await context.addInitScript(
    ([id, name]) => localStorage.setItem(`dagger-dojo.level.${id}`, name!),
    [id, late.name],
  );
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.getByRole("button", { name: /Demonstrate/ }).click();
  await page.getByText("There are 2. Delete 1 of them").waitFor();
  expect(await page.getByText("Two stars: at most").count()).toBe(1);
  await page.getByRole("button", { name: "Delete demonstration 2" }).click();
  await page.getByText("To drive again, delete it first").waitFor();
  expect(await page.getByText(/go again|drive again$/).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Drive again" }).count()).toBe(0);
  await page.getByRole("button", { name: "Delete demonstration 1" }).click();
  await page.getByText("Press ← or → to start").waitFor();
  await page.context().close();
});

test("a level that is under way can be started again", async () => {
  const page = await reaching(desktop);
  await seeRound(page);
  const before = page.url();
  await page.getByRole("button", { name: "Start this level again" }).click();
  await page.waitForURL((url) => url.href !== before);
  await page.getByText("Press ← or → to start").waitFor();
  await page
    .getByRole("heading", { name: `Level ${course.indexOf(level) + 1}: Wind (oval)` })
    .waitFor();
  // On the front page, too, a learner is told of in laps.
  await page.goto(server.address);
  await page.getByText(/^Your best learner: \d+\.\d laps before the first crash$/).waitFor();
  await page.context().close();
});
