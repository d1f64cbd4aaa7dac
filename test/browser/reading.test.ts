import { describe, expect, test } from "vitest";
import { findings } from "./findings.ts";
import { useGame } from "./game.ts";
import { desktop, fourier, openLesson, phone, softmax, taught } from "./lessons.ts";

useGame();

describe.each([
  ["desktop", desktop],
  ["phone", phone],
])("text at 200 %% on a %s", (_, options) => {
  test.each([
    ["road", fourier],
    ["garden", softmax],
  ])("breaks nothing in %s, at any step", async (world, plan) => {
    const page = await openLesson(await taught(world, 1, plan), options);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    const steps = page.locator(".steps button");
    for (let i = 0; i < (await steps.count()); i++) {
      await steps.nth(i).click();
      await expect.poll(() => steps.nth(i).getAttribute("aria-current")).toBe("step");
      for (const code of [false, true]) {
        if (code) await page.getByRole("button", { name: "Show the code" }).click();
        expect(await page.evaluate(outside), `step ${i + 1}, code ${code}`).toEqual([]);
        if (code) await page.getByRole("button", { name: "Close the code" }).click();
      }
    }
    await page.context().close();
  });
});

test.each([390, 360])(
  "on a phone %i px wide the bar is one row, whatever it says",
  async (wide) => {
    const viewport = { ...phone.viewport!, width: wide };
    const page = await openLesson(await taught("road", 0), { ...phone, viewport });
    const bar = page.locator(".bar");
    for (const words of [
      "saved",
      "saved in this browser",
      "watching only",
      "offline, 3 not saved",
    ]) {
      await bar.locator(".saved").evaluate((saved, words) => {
        saved.textContent = words;
      }, words);
      const { height } = (await bar.boundingBox())!;
      expect(height, words).toBeLessThan(56);
      const small = await bar.locator("button").evaluateAll((buttons) =>
        buttons
          .map((button) => button.getBoundingClientRect())
          .filter(({ width, height }) => Math.min(width, height) < 40)
          .map(({ width, height }) => `${width} × ${height}`),
      );
      expect(small).toEqual([]);
      expect(await page.evaluate(outside), words).toEqual([]);
    }
    await page.context().close();
  },
);

test("axe has no finding with the code open, nor with the keys, in either theme", async () => {
  const page = await openLesson(await taught("road", 1, fourier));
  for (const [key, sheet] of [
    ["p", ".code"],
    ["?", "dialog[open]"],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(sheet).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(200);
      expect(await findings(page, colorScheme === "dark"), `${sheet}, ${colorScheme}`).toEqual([]);
    }
  }
  await page.context().close();
});

/** What cannot be reached: what sticks out sideways, and a panel too low to read in. Runs in the page. */
function outside(): string[] {
  const found: string[] = [];
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) found.push("the page overflows");
  for (const element of document.querySelectorAll<HTMLElement>(
    ".lesson :is(button, select, input, summary, h2, p, dl)",
  )) {
    // Words for screen readers only are cut off on purpose, and the code scrolls in its own box.
    if (!element.checkVisibility() || element.closest(".hidden, .listing")) continue;
    const { left, right } = element.getBoundingClientRect();
    if (left < -1 || right > wide + 1)
      found.push(`${element.tagName} ${element.textContent?.slice(0, 30)}: ${left} to ${right}`);
  }
  const panel = document.querySelector(".panel")!;
  if (panel.scrollWidth > panel.clientWidth) found.push("the panel overflows");
  if (panel.clientHeight < 150) found.push(`the panel is ${panel.clientHeight} px high`);
  const stage = document.querySelector(".stage")!;
  if (stage.clientHeight < 120) found.push(`the stage is ${stage.clientHeight} px high`);
  return found;
}
