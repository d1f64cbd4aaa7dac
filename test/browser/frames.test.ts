import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, join, newKey, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";

useGame();

/** For how long each is looked at. A few seconds tell that it runs; figures want ten or more. */
const seconds = Number(process.env.FRAME_SECONDS ?? 3);
/** In turn, since nothing is learned anew by one kind from what it has learned from. */
const networks = ["mlp", "mlpGaussian"];

/**
 * Milliseconds between frames of the page until `work` is done, and the processor time of the longest
 * task on its one thread: on a busy machine it is longer from frame to frame, and that is no longer.
 */
async function framesDuring(page: Page, work: () => Promise<unknown>) {
  await page.evaluate(() => {
    const watch = { on: true, gaps: [] as number[] };
    Object.assign(globalThis, { watch });
    let last: number | null = null;
    const frame = (now: number) => {
      if (!watch.on) return;
      if (last !== null) watch.gaps.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const main = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const busy = trace.traceEvents
    .filter(({ pid, tid, tdur }) => tdur !== undefined && main.has(`${pid} ${tid}`))
    .map(({ tdur }) => tdur! / 1000);
  const gaps = await page.evaluate(() => {
    const { watch } = globalThis as unknown as { watch: { on: boolean; gaps: number[] } };
    watch.on = false;
    return watch.gaps;
  });
  return { gaps, busy: busy.sort((a, b) => a - b) };
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Does `work` again and again for as long as one looks. */
async function again(work: () => Promise<unknown>): Promise<void> {
  const until = Date.now() + 1000 * seconds;
  do await work();
  while (Date.now() < until);
}

/*
 * How long it is from frame to frame is the machine's affair and is told, not judged. What is judged is
 * what the page itself does: none of its tasks, counted in processor time, makes a frame come late.
 */
test("the stage goes on while the server trains and infers, and does nothing that holds up a frame", async () => {
  const id = await createLesson(server, "road");
  const { room } = await join(server, id);
  for (let i = 0; i < 3; i++) {
    const episode = demonstrate(worlds.road!, 5000 + i);
    await room.request("demonstrate", { key: newKey(), episode });
  }
  let trainings = 0;
  const train = (policy: string = networks[trainings++ % networks.length]!) => {
    const plan = { policy, query: "novel", budget: 12, drives: 2 };
    return room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  };
  /** For a while: on a busy machine the whole of it takes a minute. */
  const infer = async () => {
    const key = newKey();
    const answered = room.request("infer", { key }, { timeout: 60_000 }).catch(() => {});
    await Promise.race([answered, page.waitForTimeout(1000 * seconds)]);
    await room.request("stop", { key });
    await answered;
  };
  // Of the first two rounds one guesses something before anything moves.
  for (const policy of ["linear", "fourier", undefined]) await train(policy);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.press("3");
  await page.locator('.steps [aria-current="step"]', { hasText: "Watch" }).waitFor();
  await page.waitForTimeout(1000);

  for (const [name, work] of [
    ["idle", () => page.waitForTimeout(1000 * seconds)],
    ["while a network trains", () => again(() => train())],
    ["while a reward is inferred", () => again(infer)],
  ] as const) {
    const before = await picture(page);
    const { gaps, busy } = await framesDuring(page, work);
    expect(await picture(page), name).not.toBe(before);
    expect(gaps.length, name).toBeGreaterThan(seconds);
    expect(busy.at(-1), name).toBeLessThan(50);
    const sorted = gaps.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0);
    const late = gaps.filter((gap) => gap > 50).length;
    console.log(
      `${name}: ${gaps.length} frames, median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, longest ${at(1)} ms, ${late} over 50 ms; tasks ${busy.length}, longest ${busy
        .slice(-3)
        .map((ms) => ms.toFixed(1))
        .join(", ")} ms of processor time`,
    );
  }
  await context.close();
});

/** What is on the stage, in short. */
const picture = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLCanvasElement>(".stage canvas")!.toDataURL());
