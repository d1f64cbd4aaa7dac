import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { Controller, replay } from "../../shared/worlds/episode.ts";
import { mountain } from "../../shared/worlds/mountain/levels.ts";
import { eventsOf, join, teachAt } from "../server/server.ts";
import { findings } from "./findings.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, phone, seeRound, softmax, taught, toReward, worldButton } from "./lessons.ts";

useGame();

const heading = (page: Page, name: string) =>
  page.getByRole("heading", { name, level: 2 }).waitFor();
const caption = (page: Page) => page.locator(".caption").textContent();
const words = (page: Page) => page.locator(".episode-words").allTextContents();
const left = async (page: Page) => Number(await page.locator(".left b").textContent());

/** Swings: holds one arrow and then the other, for about half a swing each, until `over`. */
async function swing(page: Page, over: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; ; turn++) {
    const key = turn % 2 === 0 ? "ArrowRight" : "ArrowLeft";
    await page.keyboard.down(key);
    for (let i = 0; i < 16; i++) {
      if (await over()) {
        await page.keyboard.up(key);
        return;
      }
      await page.waitForTimeout(100);
    }
    await page.keyboard.up(key);
  }
}

test("a lesson on the mountain is taught by keys: shown, cloned, corrected in three ways, and its reward read", async () => {
  const page = await browser.newPage(desktop);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(server.address);
  await worldButton(page, "Valley").click();
  await heading(page, "Show the learner what to do");
  await page.locator(".stage canvas").waitFor();
  expect(await page.locator(".panel .teaches").textContent()).toContain(mountain.teaches);
  await swing(page, async () => (await words(page)).length === 1);
  expect((await words(page))[0]).toMatch(/^\d+\.\d s, (not )?at the flag$/);

  await page.keyboard.press("c");
  await heading(page, "Watch the clone");
  await seeRound(page);
  expect(await page.locator(".panel").textContent()).toContain("drives that reach the flag");
  expect(await page.locator(".moments li").count()).toBe(softmax.drives);
  expect(await page.locator(".scores dd").first().textContent()).toMatch(/^\d+ %$/);

  // In stopped time an answer is one of a few: a press chooses it, and the same again gives it.
  await page.keyboard.press("4");
  await heading(page, "Answer the questions");
  const asked = await left(page);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => page.locator(".answer").textContent()).toBe("push left");
  await page.keyboard.press("Space");
  await expect.poll(() => page.locator(".answer").textContent()).toBe("coast");
  await page.keyboard.press("Space");
  await expect.poll(() => left(page)).toBe(asked - 1);
  await expect
    .poll(() => page.locator(".learned").textContent())
    .toMatch(/^(It learned this: |Nothing changed|This answer alone changed almost nothing)/);
  await page.keyboard.press("z");
  await expect.poll(() => left(page)).toBe(asked);
  for (let remaining = asked; remaining > 0; remaining--) {
    await expect.poll(() => left(page)).toBe(remaining);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
  }
  await expect.poll(() => left(page)).toBe(0);

  await page.getByRole("radio", { name: "Take over" }).click();
  await expect.poll(() => caption(page)).toBe("Let it drive, and be ready to take over");
  await page.keyboard.press("Enter");
  await expect.poll(() => caption(page)).toBe("The learner drives");
  await page.keyboard.down("ArrowRight");
  await expect.poll(() => caption(page)).toBe("You drive");
  await expect
    .poll(async () => Number(await page.locator(".tally .labels").textContent()))
    .toBeGreaterThan(5);
  await page.keyboard.up("ArrowRight");
  await expect.poll(() => caption(page)).toBe("The learner drives");
  await page.keyboard.press("Enter");
  await expect.poll(() => words(page)).toHaveLength(1);

  await page.getByRole("radio", { name: "Steer along" }).click();
  await page.keyboard.press("Enter");
  await swing(page, async () => (await words(page)).some((said) => said.startsWith("Drive 1")));
  expect((await words(page))[0]).toMatch(/^Drive 1 at ¾×: \d+ answers?, about \d\.\d\d s late$/);
  await page.keyboard.press("t");
  await heading(page, "Round 2");

  await toReward(page);
  await heading(page, "What you want");
  await page.locator(".legend").waitFor({ timeout: 60_000 });
  expect(await page.locator(".weights").textContent()).toContain("at the flag");
  expect(complaints).toEqual([]);

  const reader = await join(server, new URL(page.url()).searchParams.get("lesson")!);
  const events = await eventsOf(reader);
  await reader.room.leave();
  const of = <T extends LessonEvent["type"]>(type: T) =>
    events.filter((event): event is LessonEvent & { type: T } => event.type === type);
  const { episode } = of("intervened")[0]!;
  replay(mountain, episode);
  const mine = episode.actions.filter((_, t) => episode.controllers[t] === Controller.expert);
  expect(mine.length).toBeGreaterThan(5);
  expect(new Set(mine)).toEqual(new Set([2]));
  const [{ actions }] = of("shadowed") as [LessonEvent & { type: "shadowed" }];
  expect(new Set(actions).has(0) && new Set(actions).has(2)).toBe(true);
  expect(of("labelled").at(-1)!.action).toEqual([2]);
  await page.close();
});

test("thumbs and the dark are served too", async () => {
  const id = await taught("mountain", 1, softmax);
  const context = await browser.newContext({ ...phone, colorScheme: "dark" });
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  await page.getByRole("button", { name: "Demonstrate" }).tap();
  await expect.poll(() => page.locator(".pad").count()).toBe(3);
  expect(await page.locator(".pad").allTextContents()).toEqual(["◀", "●", "▶"]);
  expect(await findings(page)).toEqual([]);
  await context.close();
});
