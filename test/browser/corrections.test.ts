import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { realign } from "../../shared/imitation/lag.ts";
import { demonstrate, driverOf } from "../../shared/imitation/rollout.ts";
import type { LessonEvent } from "../../shared/lesson.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  teachAt,
} from "../server/server.ts";
import { browser, server } from "./game.ts";

/** As a script of the debugger: the page may run none that its server did not give it. */
const axe = `${readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")};0`;
const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  colorScheme: "dark",
};

/** A lesson whose learner has been trained on one demonstration, open at this way to correct it. */
async function openLesson(name: string, way: string, options = desktop) {
  const id = await createLesson(server, name);
  const someone = await join(server, id);
  const plan =
    name === "garden"
      ? { policy: "softmax", query: "novel", budget: 8, drives: 2 }
      : { policy: "fourier", query: "novel", budget: 12, drives: 2 };
  const episode = demonstrate(worlds[name]!, 7000);
  await someone.room.request("demonstrate", { key: newKey(), episode });
  await someone.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.press("4");
  await page.getByText(way, { exact: true }).click();
  return { page, someone, complaints };
}

const number = async (page: Page, what: "takeovers" | "labels") =>
  Number(await page.locator(`.tally .${what}`).textContent());
const words = (page: Page) => page.locator(".episode-words").allTextContents();
const caption = (page: Page) => page.locator(".caption").textContent();

/** The event of this type that the lesson has at last. */
async function last<T extends LessonEvent["type"]>(someone: Participant, type: T) {
  const events = await eventsOf(someone);
  return events.filter((event): event is LessonEvent & { type: T } => event.type === type).at(-1)!;
}

const steps = ({ controllers }: Episode) =>
  controllers.filter((controller) => controller === Controller.expert).length;
/** Stretches under the expert, counted in another way than the page does. */
const stretches = ({ controllers }: Episode) => controllers.join("").match(/0+/g)?.length ?? 0;

/** Holds a key until the person has this many labels, and lets go until the learner drives. */
async function hold(page: Page, key: string, labels: number): Promise<void> {
  await page.keyboard.down(key);
  await expect.poll(() => number(page, "labels"), { timeout: 10_000 }).toBeGreaterThan(labels);
  expect(await caption(page)).toBe("You have the wheel");
  await page.keyboard.up(key);
  await expect.poll(() => caption(page)).toBe("The learner drives");
}

async function expectSound(page: Page, what: string): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, what).toBe(0);
  await page.evaluate(axe);
  const findings = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof Axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
  });
  expect(findings, what).toEqual([]);
}

describe("taking over", () => {
  test("on the road: a key held is the person's, and what they did is learned", async () => {
    const { page, someone, complaints } = await openLesson("road", "Takeover");
    await page.getByRole("button", { name: "Let it drive" }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await hold(page, "ArrowLeft", 5);
    const between = await number(page, "labels");
    await hold(page, "KeyD", between + 4);
    // Long enough that the learner has its wheel back before the end.
    const progress = page.locator(".clock progress");
    const driven = Number(await progress.getAttribute("value"));
    await expect
      .poll(async () => Number(await progress.getAttribute("value")))
      .toBeGreaterThan(driven + 0.1);
    await page.keyboard.press("Escape");
    await expect.poll(() => words(page)).toHaveLength(1);

    const { episode, round } = await last(someone, "intervened");
    expect(round).toBe(0);
    expect(stretches(episode)).toBe(2);
    expect(await number(page, "takeovers")).toBe(2);
    expect(await number(page, "labels")).toBe(steps(episode));
    expect((await words(page))[0]).toContain(`2 takeovers, ${steps(episode)} labels`);

    // What the learner did by itself is what the server's policy does there; in the third of a
    // second after the person, it is on its way to it.
    const road = worlds.road!;
    const { states, controllers, length } = replay(road, episode);
    const { json } = await someone.room.request("policy", {});
    const learner = driverOf(road, policyKinds.fourier!.fromJSON(JSON.parse(json)));
    const own = new Float64Array(1);
    let handedBack = Number.NEGATIVE_INFINITY;
    let shared = 0;
    for (let t = 0; t < length; t++) {
      if (controllers[t] === Controller.expert) {
        handedBack = t + 1;
        continue;
      }
      learner(states.subarray(t * road.stateSize), own);
      // Engines differ in the last bit of a cosine.
      const apart = Math.abs(episode.actions[t]! - own[0]!);
      if (t - handedBack > 0.35 * road.stepsPerSecond) expect(apart).toBeLessThan(1e-9);
      else if (apart > 1e-6) shared++;
    }
    expect(shared, "steps of both").toBeGreaterThan(2);

    // Taken back, and given again.
    await page.keyboard.press("z");
    await expect.poll(() => words(page)).toHaveLength(0);
    expect((await last(someone, "retracted")).correction).toBe(4);
    await page.keyboard.press("Enter");
    await hold(page, "ArrowRight", 3);
    await page.keyboard.press("Enter");
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode: second } = await last(someone, "intervened");
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Round 2" }).waitFor();
    expect((await last(someone, "trained")).labels).toBe(steps(second));

    // The learner that drives now is another one.
    await page.keyboard.press("4");
    await page.getByText("Takeover", { exact: true }).click();
    await page.getByRole("button", { name: "Let it drive" }).waitFor();
    expect(await words(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("in the garden: a key pressed is a move instead of the learner's, and a key held stops it", async () => {
    const { page, someone, complaints } = await openLesson("garden", "Takeover");
    expect(await page.locator("input[name=way]").count(), "there is nothing to shadow").toBe(2);
    await page.getByRole("button", { name: "Let it drive" }).waitFor();
    await page.keyboard.press("Enter");
    const progress = page.locator(".clock progress");
    for (const [i, key] of ["ArrowLeft", "KeyD", "Space"].entries()) {
      await page.keyboard.down(key);
      await expect.poll(() => number(page, "labels")).toBe(i + 1);
      if (i === 0) {
        // The learner would have gone on by then.
        const walked = await progress.getAttribute("value");
        await page.waitForTimeout(1000);
        expect(await progress.getAttribute("value")).toBe(walked);
      }
      await page.keyboard.up(key);
    }
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await page.keyboard.press("Enter");
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode } = await last(someone, "intervened");
    const { states, length } = replay(worlds.garden!, episode);
    expect(await page.locator(".whereabouts").textContent()).toBe(
      worlds.garden!.whereabouts!(states.subarray(2 * length)),
    );
    const mine = episode.actions.filter((_, t) => episode.controllers[t] === Controller.expert);
    expect(mine).toEqual([2, 3, 4]);
    expect(await number(page, "takeovers")).toBe(stretches(episode));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("in the garden by mouse: a tile that is pressed on is the way to go", async () => {
    const { page, someone } = await openLesson("garden", "Takeover");
    const { stage } = worlds.garden!;
    await page.getByRole("button", { name: "Let it drive" }).click();
    const box = (await page.locator(".stage").boundingBox())!;
    const { left, right, bottom, top } = stage.bounds;
    const scale = Math.min(box.width / (right - left), box.height / (top - bottom));
    // The upper left corner: up or left, whichever is farther from where the learner has got to.
    await page.mouse.click(box.x + box.width / 2 - 0.49 * (right - left) * scale, box.y + 5);
    await expect.poll(() => number(page, "labels")).toBe(1);
    await page.keyboard.press("Escape");
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode } = await last(someone, "intervened");
    const t = episode.controllers.indexOf(Controller.expert);
    const { states } = replay(worlds.garden!, episode);
    const expected = new Float64Array(1);
    const at = states.subarray(2 * t, 2 * t + 2);
    const up = (box.y + box.height / 2 - (box.y + 5)) / scale + (bottom + top) / 2;
    worlds.garden!.toward(at, (left + right) / 2 - 0.49 * (right - left), up, expected);
    expect(episode.actions[t]).toBe(expected[0]);
    await page.context().close();
  });

  test("a drive that was left to the learner is not sent", async () => {
    const { page, someone } = await openLesson("road", "Takeover");
    await page.getByRole("button", { name: "Let it drive" }).click();
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await page.getByRole("button", { name: "End the drive" }).click();
    await page.getByText("Drive over. You never took the wheel").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Another drive" }).waitFor();
    expect(await eventsOf(someone)).toHaveLength(3);
    await page.context().close();
  });

  test("by touch: a thumb on a button, and a finger on the picture", async () => {
    const { page, someone, complaints } = await openLesson("road", "Takeover", phone);
    await expectSound(page, "before");
    const touch = await page.context().newCDPSession(page);
    const down = (x: number, y: number) =>
      touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    const up = () => touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.getByRole("button", { name: "Let it drive" }).tap();
    const thumb = (await page.getByRole("button", { name: "left", exact: true }).boundingBox())!;
    await down(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2);
    await expect.poll(() => number(page, "labels")).toBeGreaterThan(4);
    await up();
    await expect.poll(() => caption(page)).toBe("The learner drives");
    const before = await number(page, "labels");
    const stage = (await page.locator(".stage").boundingBox())!;
    await down(stage.x + stage.width / 2, stage.y + stage.height / 2);
    await expect.poll(() => number(page, "labels")).toBeGreaterThan(before + 4);
    await up();
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await page.getByRole("button", { name: "End the drive" }).tap();
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode } = await last(someone, "intervened");
    expect(stretches(episode)).toBe(2);
    expect(await number(page, "labels")).toBe(steps(episode));
    await expectSound(page, "after");
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe("shadowing", () => {
  test("on the road: what was steered along is kept as it was, realigned and learned", async () => {
    const { page, someone, complaints } = await openLesson("road", "Shadow");
    await page.getByRole("button", { name: "1×" }).click();
    await page.getByText("The learner's drive 1 of 2").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing counts before your first touch").waitFor();
    // Broken off, nothing is kept.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Play it" }).waitFor();
    await page.keyboard.press("Enter");
    for (let i = 0; (await words(page)).length === 0; i++) {
      const key = i % 3 === 2 ? "ArrowRight" : "KeyA";
      await page.keyboard.down(key);
      await page.waitForTimeout(200);
      await page.keyboard.up(key);
      await page.waitForTimeout(150);
    }
    const { actions, drive, speed, lag } = await last(someone, "shadowed");
    expect([drive, speed, actions.length]).toEqual([0, 1, 200]);
    expect(Math.max(...actions)).toBeGreaterThan(0);
    expect(Math.min(...actions)).toBeLessThan(0);
    const labels = realign(worlds.road!, actions, lag).length;
    expect((await words(page))[0]).toMatch(
      new RegExp(`^Drive 1 at 1×: ${labels} labels, your hands ${(lag / 20).toFixed(2)} s late$`),
    );
    await page.getByText("The learner's drive 2 of 2").waitFor();
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Round 2" }).waitFor();
    expect((await last(someone, "trained")).labels).toBe(labels);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("on a phone it fits, and axe has no finding", async () => {
    const { page } = await openLesson("path", "Shadow", phone);
    await page.getByText("The learner's drive 1 of 2").waitFor();
    await expectSound(page, "path");
    await page.context().close();
  });
});
