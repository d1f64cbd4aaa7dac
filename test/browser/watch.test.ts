import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { type Highlight, momentOf, sayMoment } from "../../client/lesson/watch/highlights.ts";
import { rollout } from "../../shared/imitation/rollout.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { seeded } from "../../shared/random.ts";
import { clip } from "../../shared/spaces.ts";
import { Controller, replay, type Trajectory } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import { path } from "../../shared/worlds/path/levels.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { Outcome } from "../../shared/worlds/world.ts";
import { createLesson, eventsOf, join, newKey, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";

useGame();

describe("the moment of a drive", () => {
  const walk = (tiles: readonly number[], arrives: boolean): Trajectory => {
    const length = tiles.length - 1;
    const outcomes = Uint8Array.from({ length }, (_, t) =>
      arrives && t === length - 1 ? Outcome.done : Outcome.goesOn,
    );
    const states = Float64Array.from(tiles.flatMap((tile) => [0, tile]));
    return { length, states, outcomes, actions: new Float64Array(), controllers: new Uint8Array() };
  };
  const shown = new Set([0, 1, 2, 3]);

  test("in the garden it is the first tile that was never shown, or where it got stuck", () => {
    const flat = Array(9).fill(0.1);
    const of = (tiles: readonly number[], arrives = false) => {
      const moment = momentOf(garden, walk(tiles, arrives), flat, shown);
      return moment && [moment.kind, moment.t];
    };
    expect(of([0, 1, 5, 6])).toEqual(["new", 2]);
    expect(of([5, 6, 1])).toEqual(["new", 0]);
    expect(of([0, 1, 1, 1])).toEqual(["stuck", 1]);
    expect(of([0, 1, 1, 5])).toEqual(["stuck", 1]);
    // A wait on the way home is nothing to speak of.
    expect(of([0, 1, 1, 3], true)).toBeNull();
  });

  test("on the road it is the first fall, and without one there is none", () => {
    const states = new Float64Array(3 * 6);
    const outcomes = Uint8Array.of(0, 0, Outcome.fell, 0, Outcome.fell);
    const drive = { ...walk([0, 1], false), length: 5, states, outcomes };
    const moment = momentOf(road, drive, [0.1, 0.3, 0.9, 0.2, 1], new Set());
    expect(moment).toMatchObject({ kind: "fell", t: 2, here: 0.9, before: 0.2 });
    const fine = { ...drive, outcomes: new Uint8Array(5) };
    expect(momentOf(road, fine, Array(5).fill(1), new Set())).toBeNull();
  });

  test("on the path it is where it was furthest off", () => {
    const states = Float64Array.of(0, 0, 0.2, 0.4, 0.4, 2, 0.6, 1, 0.8, 1);
    const drive = { ...walk([0, 1], false), length: 4, states, outcomes: new Uint8Array(4) };
    expect(momentOf(path, drive, [0, 0, 0.5, 0], new Set())).toMatchObject({
      kind: "off",
      t: 2,
      pose: { y: 2 },
    });
  });

  test("that it had never been there is said only where it is so", () => {
    const say = (kind: Highlight["kind"], here: number, before: number | null) =>
      sayMoment({ kind, here, before, t: 3, pose: { x: 0, y: 0, heading: null } });
    expect(say("fell", 0.9, 0.1)).toBe("Here it had never been: 0.9 unfamiliar");
    expect(say("new", 1, null)).toBe("Here it had never been: 1.0 unfamiliar");
    // Not where all of it was as strange, nor where it was strange and not very.
    expect(say("fell", 0.9, 0.8)).toBe("It fell on ground like the rest: 0.9 unfamiliar");
    expect(say("fell", 0.3, 0.1)).toBe("It fell on newer ground: 0.3 unfamiliar");
    expect(say("stuck", 0.02, 0.001)).toMatch(/^It got stuck on ground it knows: 0.02 /);
    expect(say("new", 0.2, 0.1)).toBe("Here you have never been: 0.2 unfamiliar");
  });
});

const plan = { policy: "fourier", query: "novel", budget: 6, drives: 4 };

/** A lesson on the road with one demonstration, too few to stay on it, and this many rounds. */
async function taught(rounds: number): Promise<{ id: string; lesson: Lesson }> {
  const id = await createLesson(server, "road");
  const teacher = await join(server, id);
  const random = seeded(5);
  const unsteady = (state: Float64Array, action: Float64Array) => {
    road.expert(state, action);
    action[0]! += 0.03 * random.normal();
    clip(road.action, action);
  };
  const episode = rollout(road, unsteady, Controller.expert, 5006);
  await teacher.room.request("demonstrate", { key: newKey(), episode });
  let lesson = emptyLesson;
  for (let round = 0; round < rounds; round++) {
    if (round > 0) {
      const label = { key: newKey(), round: round - 1, index: 0, action: [0] };
      await teacher.room.request("label", label);
    }
    await teacher.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
    lesson = (await eventsOf(teacher)).reduce(apply, emptyLesson);
  }
  await teacher.room.leave();
  return { id, lesson };
}

/** How many pixels of the stage are more teal, and more orange, than anything that lies still on it. */
const tinted = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".stage canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const count = { teal: 0, orange: 0 };
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 1]! > data[i]! + 25) count.teal++;
      else if (data[i]! > data[i + 2]! + 60) count.orange++;
    }
    return count;
  });

// Side by side: a race takes its ten seconds.
test.concurrent("after two rounds one sees why: moments, densities, intervals, and a race, by keyboard", async ({
  expect,
}) => {
  const { id, lesson } = await taught(2);
  const { episodes } = lesson.rounds.at(-1)!;
  const drives = episodes.map((episode) => replay(road, episode));
  const fell = drives.map(({ outcomes }) => outcomes.includes(Outcome.fell));
  expect(fell).toContain(true);

  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
  });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(teachAt(server, id));
  await page.getByRole("heading", { name: "Round 2", level: 2 }).waitFor();
  await page.locator(".stage canvas").waitFor();

  // Each drive's first fall, in words.
  const words = await page.locator(".moments li").allTextContents();
  expect(words).toHaveLength(drives.length);
  words.forEach((said, i) => {
    if (!fell[i]) {
      expect(said).toBe("It did not fall.");
      return;
    }
    const t = drives[i]!.outcomes.indexOf(Outcome.fell);
    expect(said).toContain(`${(t / 20).toFixed(1)} s `);
    expect(said).toMatch(
      /(Here it had never been|It fell on (newer ground|ground it knows|ground like the rest)): [\d.]+ unfamiliar(, [\d.]+ before)?\.$/,
    );
  });
  await expect
    .poll(() => page.locator(".caption").textContent(), { timeout: 60_000 })
    .toMatch(/^(Here it had|It fell).* unfamiliar$/);

  // The densities come and go.
  const cellsOf = ({ states }: Trajectory) =>
    Array.from({ length: states.length / 3 }, (_, t) =>
      road.lattice.cellOf(states.subarray(3 * t, 3 * t + 3)),
    );
  const known = lesson.demonstrations.flatMap(({ episode }) => cellsOf(replay(road, episode)));
  const visits = drives.flatMap(cellsOf);
  const strange = visits.filter((cell) => !known.includes(cell)).length;
  const share = `${Math.round((100 * strange) / visits.length)} % of where it goes, you have never been.`;
  await page.getByText(share, { exact: true }).first().waitFor();
  const before = await tinted(page);
  await page.keyboard.press("d");
  await page.getByText("where you were").waitFor();
  await expect.poll(async () => (await tinted(page)).teal).toBeGreaterThan(5 * before.teal);
  expect((await tinted(page)).orange).toBeGreaterThan(before.orange + 3000);
  await page.keyboard.press("d");
  await expect.poll(async () => (await tinted(page)).teal).toBeLessThan(2 * before.teal + 500);

  // Each point of the chart with its interval, and the errors over time.
  const rows = page.locator(".chart").first().locator("tbody tr");
  expect(await rows.count()).toBe(2);
  for (const row of await rows.all()) {
    const [, , value, interval] = await row.locator("th, td").allTextContents();
    const [low, high] = interval!.split(" to ").map(Number);
    expect(low).toBeLessThan(high!);
    expect(Number(value)).toBeGreaterThanOrEqual(low!);
    expect(Number(value)).toBeLessThanOrEqual(high!);
  }
  const strokes = async (mark: string) =>
    (await page.locator(`.chart .${mark}`).getAttribute("d"))!.split("M").length - 1;
  expect([await strokes("dots"), await strokes("whiskers")]).toEqual([2, 6]);
  const last = page.locator(".chart").nth(1).locator("tbody tr").last();
  const [seconds, person, clone, learner] = await last.locator("th, td").allTextContents();
  expect(seconds).toBe("10.0");
  expect(clone).toBe(lesson.rounds[0]!.errors!.at(-1)!.toFixed(1));
  expect(learner).toBe(lesson.rounds[1]!.errors!.at(-1)!.toFixed(1));
  expect(Number(person)).toBeLessThan(Number(clone));

  // The race: D steers now.
  await page.keyboard.press("g");
  await page.getByRole("button", { name: "Race again" }).waitFor();
  await page.waitForTimeout(700);
  for (let turn = 0; (await page.locator(".standings").count()) === 0; turn++) {
    const key = turn % 2 === 0 ? "KeyA" : "KeyD";
    await page.keyboard.down(key);
    await page.waitForTimeout(100);
    await page.keyboard.up(key);
    await page.waitForTimeout(100);
  }
  const standings = page.locator(".standings tr");
  expect(await standings.locator("th").allTextContents()).toEqual([
    "You",
    "The clone",
    "The learner, round 2",
  ]);
  for (const said of await standings.locator("td").allTextContents()) {
    expect(said).toMatch(/^(1 fall|(0|[2-9]|\d\d) falls)$/);
  }
  expect(await page.getByRole("button", { name: "where you both go" }).textContent()).toMatch(
    /^Show/,
  );
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Race them" }).waitFor();
  expect(await page.locator(".standings").count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test.concurrent("in the first round one races the clone alone, with thumbs", async ({ expect }) => {
  const { id } = await taught(1);
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  await page.getByRole("button", { name: "Race them" }).tap();
  const thumb = page.getByRole("button", { name: "left", exact: true });
  await thumb.waitFor();
  await page.waitForTimeout(700);
  const { x, y } = (await thumb.boundingBox())!;
  await page.mouse.move(x + 20, y + 20);
  await page.mouse.down();
  await page.locator(".standings").waitFor({ timeout: 30_000 });
  await page.mouse.up();
  expect(await page.locator(".standings th").allTextContents()).toEqual(["You", "The clone"]);
  // Left all the way is round in circles.
  expect(await page.locator(".standings td").first().textContent()).toMatch(/^\d+ falls$/);
  await context.close();
});

test.concurrent("what others answer meanwhile does not take the drives off the stage", async ({
  expect,
}) => {
  const { id } = await taught(1);
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
  });
  await page.goto(teachAt(server, id));
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.locator(".stage canvas").waitFor();
  const orange = async () => (await tinted(page)).orange;
  await expect.poll(orange).toBeGreaterThan(200);
  const teacher = await join(server, id);
  const label = { key: newKey(), round: 0, index: 0, action: [0] };
  await teacher.room.request("label", label);
  // Told to this page too before it is acknowledged.
  await page.waitForTimeout(500);
  await expect.poll(orange).toBeGreaterThan(200);
  await page.keyboard.press("4");
  await expect.poll(() => page.locator(".left b").textContent()).toBe(String(plan.budget - 1));
  await page.close();
});
