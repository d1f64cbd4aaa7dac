import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, join, newKey, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { toReward } from "./lessons.ts";

useGame();

/** A page, and what the browser has against it: violations of its policy, errors, and files not got. */
async function open(): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  await page.exposeFunction("complain", (words: string) => complaints.push(words));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
      const where = `${sourceFile}:${lineNumber}`;
      const { complain } = globalThis as unknown as { complain: (words: string) => void };
      complain(`${violatedDirective} ${blockedURI} ${where}`);
    });
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || /policy/i.test(message.text()))
      complaints.push(message.text());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, complaints };
}

test("a lesson runs under its policy, at every step", async () => {
  const lesson = await createLesson(server, "garden");
  const teacher = await join(server, lesson);
  const episode = demonstrate(worlds.garden!, 5006);
  await teacher.room.request("demonstrate", { key: newKey(), episode });
  const plan = { policy: "softmax", query: "novel", budget: 4, drives: 1 };
  await teacher.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  await teacher.room.request("infer", { key: newKey() }, { timeout: 60_000 });

  const { page, complaints } = await open();
  await page.goto(server.address);
  await page.locator(".play").waitFor();
  await page.goto(teachAt(server, lesson));
  await page.locator(".stage canvas").waitFor();
  const steps = page.locator(".steps button");
  expect(await steps.count()).toBe(5);
  for (let i = 0; i < 5; i++) {
    await steps.nth(i).click();
    await expect.poll(() => steps.nth(i).getAttribute("aria-current")).toBe("step");
    await page.waitForTimeout(300);
  }
  await toReward(page);
  // The reward's worker has been asked, and has answered.
  await page.getByRole("button", { name: "Try it elsewhere" }).waitFor();
  await expect.poll(() => page.workers().length).toBeGreaterThan(0);
  await page.getByRole("radio", { name: "How sure it is" }).check();
  expect(complaints).toEqual([]);
  await page.close();
});

test.each([
  ["/explorer.html", "canvas, svg"],
  ["/bc-vs-dagger.html", "canvas, svg"],
])("%s runs under its policy", async (path, sight) => {
  const { page, complaints } = await open();
  await page.goto(server.address + path);
  await page.locator(sight).first().waitFor();
  await page.waitForTimeout(1000);
  expect(complaints).toEqual([]);
  await page.close();
});

test("what the policy forbids is reported, so that silence means something", async () => {
  const { page, complaints } = await open();
  await page.goto(`${server.address}/explorer.html`);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.foreign = true";
    document.head.append(script);
  });
  await expect.poll(() => complaints.some((words) => /^script-src/.test(words))).toBe(true);
  expect(await page.evaluate(() => "foreign" in globalThis)).toBe(false);
  await page.close();
});
