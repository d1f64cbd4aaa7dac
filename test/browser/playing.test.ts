import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useGame } from "./game.ts";
import { desktop, fourier, openLesson, phone, seeRound, taught } from "./lessons.ts";

useGame();

const slider = (page: Page) => page.getByRole("slider", { name: "Where the replay is" });
const position = async (page: Page) => Number(await slider(page).inputValue());
const button = (page: Page, name: string) => page.getByRole("button", { name });

/** Where it is after a second of frames. */
async function later(page: Page): Promise<number> {
  await page.evaluate(async () => {
    for (let i = 0; i < 40; i++) await new Promise(requestAnimationFrame);
  });
  return position(page);
}

describe("a replay in Watch", () => {
  test("stops and goes on by Space, is gone through by keys, and has its speed", async () => {
    const page = await openLesson(await taught("road", 1, fourier), desktop);
    await seeRound(page);
    const before = await position(page);
    await expect.poll(() => position(page)).toBeGreaterThan(before);
    await page.keyboard.press("Space");
    await button(page, "Play").waitFor();
    const stopped = await position(page);
    expect(await later(page)).toBe(stopped);

    // The whole of both drives is on the slider, and a key is a fortieth of it.
    const length = Number(await slider(page).getAttribute("max"));
    expect(length).toBe(400);
    await page.keyboard.press(".");
    await expect.poll(() => position(page)).toBe(stopped + length / 40);
    await page.keyboard.press(",");
    await expect.poll(() => position(page)).toBe(stopped);
    await slider(page).focus();
    await page.keyboard.press("End");
    await expect.poll(() => page.locator(".caption").textContent()).toMatch(/drive 2|crashed/);
    await page.keyboard.press("Home");
    await expect.poll(() => position(page)).toBe(0);
    await expect.poll(() => page.locator(".caption").textContent()).toContain("drive 1");

    await button(page, "Speed 1×").click();
    await button(page, "Speed 2×").waitFor();
    await page.keyboard.press("s");
    await button(page, "Speed 4×").waitFor();
    await page.keyboard.press("Space");
    await button(page, "Pause").waitFor();
    await expect.poll(() => position(page)).toBeGreaterThan(20);
    await page.context().close();
  });

  test("is there for thumbs", async () => {
    const page = await openLesson(await taught("road", 1, fourier), phone);
    await seeRound(page);
    await button(page, "Pause").tap();
    await button(page, "Play").waitFor();
    const stopped = await position(page);
    expect(await later(page)).toBe(stopped);
    for (const control of [button(page, "Play"), slider(page), button(page, "Speed 1×")])
      expect((await control.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await page.context().close();
  });

  test("does not play by itself for who prefers reduced motion, and shows where it came to", async () => {
    const page = await openLesson(await taught("road", 1, fourier), {
      ...desktop,
      reducedMotion: "reduce",
    });
    await seeRound(page);
    const before = await position(page);
    expect(before).toBe(199);
    expect(await later(page)).toBe(before);
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await expect.poll(() => position(page)).not.toBe(before);
    await page.context().close();
  });
});
