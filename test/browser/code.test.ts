import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useGame } from "./game.ts";
import { openLesson, taught } from "./lessons.ts";

useGame();

const said = (page: Page) => page.locator(".code header [role=status]");

test("the code is the file's own, line by line, numbers included", async () => {
  const page = await openLesson(await taught("road", 0));
  await page.keyboard.press("p");
  const shown = page.locator(".listing > pre > code");
  // The loop is the last thing in its file.
  const source = readFileSync("shared/imitation/round.ts", "utf8");
  const start = source.indexOf("export function* rounds(");
  expect(await page.locator(".listing > pre").textContent()).toBe(source.slice(start));
  const before = source.slice(0, start).split("\n").length;
  const numbers = await shown.evaluateAll((lines) => lines.map((l) => l.dataset.line));
  expect(numbers).toEqual(numbers.map((_, i) => String(before + i)));
  expect(numbers.length).toBeGreaterThan(15);
  for (const part of await page.locator(".listing details pre").allTextContents()) {
    expect(part).toMatch(/^export function (fit|rollOut|choose|ask)\(/);
    expect(part).toMatch(/\n}\n$/);
    expect(source).toContain(part);
  }
  await page.context().close();
});

test("the code follows the lesson, which goes on by keyboard", async () => {
  const page = await openLesson(await taught("garden", 1));
  await page.keyboard.press("1");
  await page.keyboard.press("p");
  expect(await said(page).textContent()).toBe("Step 1 of 6: D ← demonstrations");
  // Each step that is said from here on, with the line that is lit.
  await page.evaluate(() => {
    const sheet = document.querySelector(".code")!;
    const told: string[] = [];
    Object.assign(globalThis, { told });
    new MutationObserver(() => {
      const number = sheet.querySelector("[role=status]")!.textContent?.match(/\d/)?.[0] ?? "none";
      const lit = [...sheet.querySelectorAll("[aria-current]")].map(
        ({ textContent }) => textContent?.match(/\/\/ +(\d)\./)?.[1],
      );
      const now = `${number}:${lit.join()}`;
      if (told.at(-1) !== now) told.push(now);
    }).observe(sheet, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const told = () =>
    page.evaluate(() => (globalThis as unknown as { told: string[] }).told.join(" "));
  await page.keyboard.press("c");
  await expect.poll(told).toBe("2:2 3:3");
  await page.keyboard.press("4");
  await expect.poll(told).toBe("2:2 3:3 4:4 5:5");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(told).toMatch(/^2:2 3:3 4:4 5:5 6:6 4:4/);
  await page.keyboard.press("t");
  await expect.poll(told).toMatch(/^2:2 3:3 4:4 5:5 6:6 4:4( 5:5)? 2:2 3:3$/);
  await page.keyboard.press("5");
  expect(await said(page).textContent()).toBe("This step of the lesson is not in the loop");
  expect(await page.locator(".listing [aria-current]").count()).toBe(0);
  await page.context().close();
});

test("the code closes with its key and with Escape, and gives the focus back", async () => {
  const page = await openLesson(await taught("road", 0));
  const button = page.getByRole("button", { name: "Show the code" });
  await button.focus();
  await page.keyboard.press("Enter");
  expect(await button.getAttribute("aria-expanded")).toBe("true");
  expect(await page.locator(".listing:focus").count()).toBe(1);
  await page.keyboard.press("Escape");
  expect(await page.locator(".code").count()).toBe(0);
  expect(await button.evaluate((it) => it === document.activeElement)).toBe(true);
  await page.keyboard.press("p");
  await page.locator(".code").waitFor();
  await page.keyboard.press("p");
  expect(await page.locator(".code").count()).toBe(0);
  expect(await button.evaluate((it) => it === document.activeElement)).toBe(true);
  await page.context().close();
});
