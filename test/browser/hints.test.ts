import { expect, test } from "vitest";
import { demonstrate, rollout } from "../../shared/imitation/rollout.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, join, newKey, teachAt } from "../server/server.ts";
import { server, useGame } from "./game.ts";
import { openLesson, seeRound, taught } from "./lessons.ts";

useGame();

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
  await expect.poll(() => hint.textContent()).toBe("Press C to make your clone");
  await page.keyboard.press("c");
  await seeRound(page);
  await expect.poll(() => hint.textContent()).toBe("Press Enter to correct it");
  await page.keyboard.press("4");
  await expect.poll(() => hint.textContent()).toBe("");
  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  expect(await hint.textContent()).toBe("");
  // Of another lesson in this browser too.
  await page.goto(teachAt(server, await taught("garden", 1)));
  await page.getByRole("heading", { name: "Make your clone" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
  expect(await hint.textContent()).toBe("");
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
  await expect.poll(() => hint.textContent()).toMatch(/^\d+ crashes\. Drive again, with fewer$/);
  await room.request("demonstrate", { key: newKey(), episode: demonstrate(worlds.road!, 5001) });
  await expect.poll(() => hint.textContent()).toBe("Press C to make your clone");
  await room.request("demonstrate", { key: newKey(), episode: circles });
  await expect.poll(() => page.locator(".episodes li").count()).toBe(3);
  expect(await hint.textContent()).toBe("Press C to make your clone");
  await page.context().close();
});
