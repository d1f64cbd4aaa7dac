import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demonstrate, rollout } from "../../shared/imitation/rollout.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, join, newKey, refusal, teachAt } from "../server/server.ts";
import { findings } from "./findings.ts";
import { browser, server } from "./game.ts";

/** A lesson with this many demonstrations, and a learner where it is wanted. */
async function taught(world: string, demonstrations: number, plan?: object): Promise<string> {
  const id = await createLesson(server, world);
  const { room } = await join(server, id);
  for (let i = 0; i < demonstrations; i++) {
    const episode = demonstrate(worlds[world]!, 5000 + i);
    await room.request("demonstrate", { key: newKey(), episode });
  }
  const patience = { timeout: 60_000 };
  if (plan) await room.request("train", { key: newKey(), plan } as never, patience);
  await room.leave();
  return id;
}

async function openLesson(id: string, options: object = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  return page;
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const fourier = { policy: "fourier", query: "novel", budget: 8, drives: 2 };
const softmax = { policy: "softmax", query: "novel", budget: 8, drives: 5 };
const said = (page: Page) => page.locator(".code header [role=status]");

describe("the code", () => {
  test("is the file's own, line by line, numbers included", async () => {
    const page = await openLesson(await taught("road", 0));
    await page.keyboard.press("p");
    const shown = page.locator(".listing > pre > code");
    // The loop is the last thing in its file.
    const source = readFileSync("shared/imitation/dagger.ts", "utf8");
    const start = source.indexOf("export function* dagger(");
    expect(await page.locator(".listing > pre").textContent()).toBe(source.slice(start));
    const before = source.slice(0, start).split("\n").length;
    const numbers = await shown.evaluateAll((lines) => lines.map((l) => l.dataset.line));
    expect(numbers).toEqual(numbers.map((_, i) => String(before + i)));
    expect(numbers.length).toBeGreaterThan(15);
    for (const part of await page.locator(".listing details pre").allTextContents()) {
      expect(part).toMatch(/^export function (clone|drive|ask)\(/);
      expect(part).toMatch(/\n}\n$/);
      expect(source).toContain(part);
    }
    await page.context().close();
  });

  test("follows the lesson, which goes on by keyboard", async () => {
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
        const number =
          sheet.querySelector("[role=status]")!.textContent?.match(/\d/)?.[0] ?? "none";
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
    await page.keyboard.press("Enter");
    await expect.poll(told).toBe("2:2 3:3 4:4 5:5");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(told).toMatch(/^2:2 3:3 4:4 5:5 6:6 4:4/);
    await page.keyboard.press("t");
    await expect.poll(told).toMatch(/^2:2 3:3 4:4 5:5 6:6 4:4( 5:5)? 2:2 3:3$/);
    await page.keyboard.press("5");
    expect(await said(page).textContent()).toBe("Not a step of the loop");
    expect(await page.locator(".listing [aria-current]").count()).toBe(0);
    await page.context().close();
  });

  test("closes with its key and with Escape, and gives the focus back", async () => {
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
});

describe("the keys", () => {
  test("are those of the world and the step, each with what its button says", async () => {
    const page = await openLesson(await taught("garden", 1, softmax));
    await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
    await page.keyboard.press("Shift+?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    const list = async () => (await dialog.locator("dl > div").allTextContents()).join("|");
    expect(await list()).toMatch(/^EnterCorrect it\|.*GRace them\|1–5Go to a step\|/);
    expect(await list()).toMatch(/PShow the code\|\?Show these keys$/);
    // Its keys are its own: no step is gone to behind it.
    await page.keyboard.press("1");
    await page.keyboard.press("Escape");
    expect(await dialog.count()).toBe(0);
    await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
    await page.keyboard.press("4");
    await page.getByRole("button", { name: "Keys" }).click();
    expect(await list()).toMatch(/^[↑←↓→]{4}.* or .*Move\|/);
    expect(await list()).toContain("ZTake back");
    await page.getByRole("button", { name: "Close" }).click();
    expect(await dialog.count()).toBe(0);
    await page.context().close();
  });
});

test("a hint is there when hands are still, one at a time, and gone for good once it was followed", async () => {
  const id = await createLesson(server, "garden");
  const page = await openLesson(id);
  const hint = page.locator(".nudge");
  await expect.poll(() => hint.textContent(), { timeout: 20_000 }).toBe("Press ↑ to move");
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => hint.textContent()).toBe("");
  const { room } = await join(server, id);
  await room.request("demonstrate", { key: newKey(), episode: demonstrate(worlds.garden!, 5000) });
  await page.keyboard.press("Escape");
  await expect.poll(() => hint.textContent()).toBe("Press C to clone yourself");
  await page.keyboard.press("c");
  await expect.poll(() => hint.textContent()).toBe("Seen enough? Press 4 to correct it");
  await page.keyboard.press("4");
  await expect.poll(() => hint.textContent()).toBe("");
  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  expect(await hint.textContent()).toBe("");
  // Of another lesson in this browser too.
  await page.goto(teachAt(server, await taught("garden", 1)));
  await page.getByRole("heading", { name: "Make a copy of you" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("heading", { name: "Show it how" }).waitFor();
  expect(await hint.textContent()).toBe("");
  await page.context().close();
});

test("time stands still behind the keys; a step begins at its top, in the way chosen last", async () => {
  const page = await openLesson(await taught("road", 1, fourier));
  await page.keyboard.press("1");
  const clock = page.locator(".clock progress");
  const driven = async () => Number(await clock.getAttribute("value"));
  await page.waitForTimeout(800);
  await page.keyboard.down("ArrowLeft");
  await expect.poll(driven).toBeGreaterThan(0);
  await page.keyboard.up("ArrowLeft");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  const before = await driven();
  await page.waitForTimeout(500);
  expect(await driven()).toBe(before);
  await page.keyboard.press("Escape");
  await expect.poll(driven).toBeGreaterThan(before);

  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  const panel = page.locator("main.panel");
  const top = () => panel.evaluate(({ scrollTop }) => scrollTop);
  await panel.evaluate((element) => element.scrollTo(0, 200));
  expect(await top()).toBeGreaterThan(100);
  await page.keyboard.press("4");
  await expect.poll(top).toBe(0);
  await page.getByText("Takeover", { exact: true }).click();
  await page.keyboard.press("3");
  await page.keyboard.press("4");
  await expect.poll(() => page.getByRole("radio", { name: "Takeover" }).isChecked()).toBe(true);
  await page.context().close();
});

test("half a walk is no demonstration", async () => {
  const page = await openLesson(await taught("garden", 1));
  await page.keyboard.press("1");
  await page.getByText("Your move").waitFor();
  for (let moves = 0; moves < 3; moves++) {
    await page.keyboard.press("Space");
    await page.waitForTimeout(200);
  }
  expect(await page.locator(".clock").textContent()).toContain("37 moves left");
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("heading", { name: "Show it how" }).waitFor();
  expect(await page.locator(".episodes li").count()).toBe(1);
  await page.context().close();
});

test("who shows it how to fall is told so, until they show something better", async () => {
  const id = await createLesson(server, "road");
  const page = await openLesson(id);
  const hint = page.locator(".nudge");
  const { room } = await join(server, id);
  const circles = rollout(worlds.road!, (_, action) => action.fill(0.2), Controller.expert, 5000);
  await room.request("demonstrate", { key: newKey(), episode: circles });
  await page.keyboard.press("Escape");
  await expect
    .poll(() => hint.textContent())
    .toBe("It copies falls too: drive again, and ✕ deletes this one");
  await room.request("demonstrate", { key: newKey(), episode: demonstrate(worlds.road!, 5001) });
  await expect.poll(() => hint.textContent()).toBe("Press C to clone yourself");
  await room.request("demonstrate", { key: newKey(), episode: circles });
  await expect.poll(() => page.locator(".episodes li").count()).toBe(3);
  expect(await hint.textContent()).toBe("Press C to clone yourself");
  await page.context().close();
});

test("long work is stopped with Escape, in words, and the lesson is as it was", async () => {
  const network = { policy: "mlp", query: "novel", budget: 4, drives: 1 };
  const id = await taught("road", 12);
  const page = await openLesson(id);
  await page.locator("summary", { hasText: "Method" }).click();
  await page.getByLabel("Learner").selectOption(network.policy);
  await page.getByRole("button", { name: "Clone me" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alert").filter({ hasText: "Stopped. The lesson is as it was." }).waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Clone me" }).isEnabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
  await page.getByLabel("Learner").selectOption("fourier");
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.context().close();
});

test("who waits for a thread is told their place, which moves up as others are done", async () => {
  const ensemble = { policy: "mlpEnsemble", query: "novel", budget: 4, drives: 1 };
  const page = await openLesson(await taught("road", 8));
  await page.locator("summary", { hasText: "Method" }).click();
  await page.getByLabel("Learner").selectOption(ensemble.policy);
  // One thread is kept for short work, so that one of these waits.
  const others = await Promise.all(
    Array.from({ length: Math.max(2, availableParallelism()) }, async () => {
      const { room, progress } = await join(server, await taught("road", 8));
      return { room, progress, key: newKey() };
    }),
  );
  const ends = others.map(({ room, key }) =>
    refusal(room.request("train", { key, plan: ensemble }, { timeout: 60_000 })),
  );
  const place = (of: number) => others.at(of)!.progress.at(-1)?.place;
  const stop = (of: number) => others.at(of)!.room.request("stop", { key: others.at(of)!.key });
  await expect.poll(() => place(-1)).toBe(1);
  await page.getByRole("button", { name: "Clone me" }).click();
  const words = page.locator(".working [role=status]");
  await words.getByText("Waiting for a free thread: 1 before yours.").waitFor();
  await stop(-1);
  await words.getByText("Waiting for a free thread: yours is next.").waitFor();
  await stop(0);
  await words.getByText("Learning from you …").waitFor();
  await page.keyboard.press("Escape");
  for (let of = 1; of < others.length - 1; of++) await stop(of);
  expect((await Promise.all(ends)).map(({ code }) => code)).toEqual(others.map(() => "stopped"));
  await page.context().close();
});

describe.each([
  ["desktop", {}],
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
      expect(await findings(page), `${sheet}, ${colorScheme}`).toEqual([]);
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
