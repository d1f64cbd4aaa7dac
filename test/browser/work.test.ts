import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { byAddress, eventsOf, join, newKey, refusal } from "../server/server.ts";
import { server, useGame } from "./game.ts";
import { desktop, fourier, openLesson, taught, toReward } from "./lessons.ts";

useGame();

test("long work is stopped with Escape, in words, and the lesson is as it was", async () => {
  const network = { policy: "mlpEnsemble", query: "novel", budget: 4, drives: 1 };
  const id = await taught("road", 24);
  const page = await openLesson(id);
  await page.locator("summary", { hasText: "For the curious" }).click();
  await page.getByLabel("Learner").selectOption(network.policy);
  await page.getByRole("button", { name: "Clone me" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alert").filter({ hasText: "Stopped. The lesson is as it was." }).waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Clone me" }).isEnabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
  await page.getByLabel("Learner").selectOption("gaussianProcess");
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.context().close();
});

test("who has gone on to something else is not called away when the learner is trained", async () => {
  const page = await openLesson(await taught("road", 24));
  await page.locator("summary", { hasText: "For the curious" }).click();
  await page.getByLabel("Learner").selectOption("mlpEnsemble");
  await page.getByRole("button", { name: "Clone me" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
  await page.getByText("The learner is trained").waitFor({ state: "attached", timeout: 60_000 });
  await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.context().close();
});

test("an inference that was stopped can be asked for again", async () => {
  const page = await openLesson(await taught("road", 2));
  await toReward(page);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("alert").filter({ hasText: "Stopped." }).waitFor();
  await page.getByRole("button", { name: "Work it out" }).click();
  await page.getByRole("button", { name: "Try it elsewhere" }).waitFor({ timeout: 180_000 });
  expect(await page.getByRole("button", { name: /^Infer/ }).count()).toBe(0);
  await page.context().close();
});

test("who waits for a thread is told their place, which moves up as others are done", async () => {
  const ensemble = { policy: "mlpEnsemble", query: "novel", budget: 4, drives: 1 };
  const here = byAddress(server);
  const page = await openLesson(await taught("road", 8), desktop, here);
  await page.locator("summary", { hasText: "For the curious" }).click();
  await page.getByLabel("Learner").selectOption(ensemble.policy);
  // One thread is kept for other addresses, and one for short work, so that the last of these waits, if
  // they come in order.
  const others = await Promise.all(
    Array.from({ length: Math.max(2, availableParallelism() - 1) }, async () => {
      const { room, progress } = await join(here, await taught("road", 8));
      return { room, progress, key: newKey() };
    }),
  );
  const ends: ReturnType<typeof refusal>[] = [];
  for (const { room, progress, key } of others) {
    ends.push(refusal(room.request("train", { key, plan: ensemble }, { timeout: 60_000 })));
    await expect.poll(() => progress.length).toBeGreaterThan(0);
  }
  const place = (of: number) => others.at(of)!.progress.at(-1)?.place;
  const stop = (of: number) => others.at(of)!.room.request("stop", { key: others.at(of)!.key });
  await expect.poll(() => place(-1)).toBe(1);
  await page.getByRole("button", { name: "Clone me" }).click();
  const words = page.locator(".working [role=status]");
  await words.getByText("The server is busy. Others before you: 1.").waitFor();
  await stop(-1);
  await words.getByText("The server is busy. You are next.").waitFor();
  await stop(0);
  await words.getByText("Learning from you …").waitFor();
  await page.keyboard.press("Escape");
  for (let of = 1; of < others.length - 1; of++) await stop(of);
  expect((await Promise.all(ends)).map(({ code }) => code)).toEqual(others.map(() => "stopped"));
  await page.context().close();
});

test("a training is not offered where there is nothing new to learn from, and the page says so", async () => {
  const id = await taught("road", 1, fourier);
  const page = await openLesson(id);
  const train = page.getByRole("button", { name: "Clone again" });
  const reason = page.getByText("There is nothing new to learn from");
  await page.keyboard.press("2");
  await reason.waitFor();
  expect(await train.isEnabled()).toBe(false);
  await page.keyboard.press("c");
  await page.keyboard.press("Enter");
  await page.keyboard.press("1");
  const clone = page.getByRole("button", { name: "Clone me" });
  await clone.waitFor();
  expect(await clone.isEnabled()).toBe(false);
  await page.keyboard.press("4");
  await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
  await page.keyboard.press("t");
  await page.keyboard.press("2");
  await page.locator("summary", { hasText: "For the curious" }).click();
  await page.getByLabel("Learner").selectOption("linear");
  await expect.poll(() => train.isEnabled()).toBe(true);
  expect(await reason.count()).toBe(0);
  await page.getByLabel("Learner").selectOption(fourier.policy);
  await expect.poll(() => train.isEnabled()).toBe(false);
  const asked = ["created", "demonstrated", "trained"];
  const someone = await join(server, id);
  expect((await eventsOf(someone)).map(({ type }) => type)).toEqual(asked);
  await someone.room.leave();
  await page.context().close();
});
