import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useGame } from "./game.ts";
import { desktop, fourier, openLesson, taught } from "./lessons.ts";

useGame();

/** Counts what a page makes of Web Audio, from its first script on. */
async function count(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const made = { contexts: 0, oscillators: 0 };
    Object.assign(globalThis, { made });
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      made.oscillators++;
      return createOscillator.call(this);
    };
    globalThis.AudioContext = class extends AudioContext {
      constructor() {
        super();
        made.contexts++;
      }
    };
  });
}
const made = (page: Page) =>
  page.evaluate("made") as Promise<{ contexts: number; oscillators: number }>;

test("nothing sounds before the speaker is pressed; then a learner's fall does, and it stays on", async () => {
  const id = await taught("road", 1, fourier);
  const page = await openLesson(id, desktop);
  await count(page);
  await page.reload();
  await page.locator(".stage canvas").waitFor();
  const speaker = page.getByRole("button", { name: "Sound" });
  expect(await speaker.getAttribute("aria-pressed")).toBe("false");
  await page.keyboard.press("3");
  await page.locator('.steps [aria-current="step"]', { hasText: "Watch" }).waitFor();
  await page.locator(".stage").click();
  expect(await made(page)).toEqual({ contexts: 0, oscillators: 0 });

  await speaker.click();
  expect(await speaker.getAttribute("aria-pressed")).toBe("true");
  // A guess, and it drives.
  await page.keyboard.press("a");
  // The engine's two, and one more for a crash.
  const oscillators = async () => (await made(page)).oscillators;
  await expect.poll(oscillators, { timeout: 60_000 }).toBeGreaterThan(2);
  expect((await made(page)).contexts).toBe(1);

  await page.reload();
  await page.locator(".stage canvas").waitFor();
  expect(await speaker.getAttribute("aria-pressed")).toBe("true");
  expect((await made(page)).contexts).toBe(0);
  await page.keyboard.press("3");
  await expect.poll(async () => (await made(page)).contexts).toBe(1);

  await speaker.click();
  await page.reload();
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.press("3");
  await page.locator('.steps [aria-current="step"]', { hasText: "Watch" }).waitFor();
  expect((await made(page)).contexts).toBe(0);
  await page.context().close();
});
