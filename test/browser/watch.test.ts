import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { isNew, momentOf, sayMoment } from "../../client/lesson/watch/highlights.ts";
import { summaryOf, toldLaps } from "../../shared/imitation/endurance.ts";
import { rollout } from "../../shared/imitation/rollout.ts";
import { bestRound } from "../../shared/lesson/best.ts";
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
import { seeRound } from "./lessons.ts";

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
  const nothing = { poses: [], falls: [], corrected: [] };
  /** The tiles of the first row as far as the fourth. */
  const shown = [0, 1, 2, 3].map((tile) => garden.picture.pose(Float64Array.of(0, tile)));

  test("in the garden it is the first tile that was never shown, or where it got stuck", () => {
    const of = (tiles: readonly number[], arrives = false) => {
      const moment = momentOf(garden, walk(tiles, arrives), {
        poses: shown,
        falls: [],
        corrected: [],
      });
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
    expect(momentOf(road, drive, nothing)).toMatchObject({ kind: "fell", t: 2, isNew: true });
    const fine = { ...drive, outcomes: new Uint8Array(5) };
    expect(momentOf(road, fine, nothing)).toBeNull();
  });

  test("on the path it is where it was furthest off", () => {
    const states = Float64Array.of(0, 0, 0.2, 0.4, 0.4, 2, 0.6, 1, 0.8, 1);
    const drive = { ...walk([0, 1], false), length: 4, states, outcomes: new Uint8Array(4) };
    expect(momentOf(path, drive, nothing)).toMatchObject({ kind: "off", t: 2, pose: { y: 2 } });
  });

  test("that it was never shown is said only where no demonstration came by, looking that way", () => {
    const here = { x: 1, y: 1, heading: 0 };
    expect(isNew(road, here, [])).toBe(true);
    expect(isNew(road, here, [{ ...here, x: 1.2, heading: 2 * Math.PI + 0.1 }])).toBe(false);
    expect(isNew(road, here, [{ ...here, x: 1.5 }])).toBe(true);
    expect(isNew(road, here, [{ ...here, heading: Math.PI }])).toBe(true);
    expect(sayMoment({ kind: "fell", isNew: true })).toBe("It crashed. You never showed it this.");
    expect(sayMoment({ kind: "fell", isNew: false })).toBe("It crashed.");
    expect(sayMoment({ kind: "new", isNew: true })).toBe("You never showed it this.");
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

/** The round whose learner is told of. */
const bestOf = (lesson: Lesson) => lesson.rounds[bestRound(lesson)!]!;

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
test.concurrent("after two rounds one guesses, sees, is told, and sees why, and races, by keyboard", async ({
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

  // The guess comes before the number, and stays beside it.
  expect(await page.locator(".scores").count()).toBe(0);
  expect(await page.locator(".panel").textContent()).not.toMatch(/\d\.\d/);
  await page.keyboard.press("d");
  await page.getByText("The same start, the same wind.").waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".scores").waitFor();
  expect(await page.locator(".guessed").textContent()).toMatch(/^Your guess: 5 laps or more\./);
  const { laps, held } = summaryOf(bestOf(lesson).endurance!);
  expect(await page.locator(".scores").textContent()).toBe(
    `laps before the first crash${toldLaps(laps).toFixed(1)}`,
  );
  const verdict = (await page.locator(".in-words").textContent())!;
  if (bestOf(lesson) !== lesson.rounds.at(-1))
    expect(verdict).toContain("Your last answers are kept.");
  else expect(verdict).toMatch(2 * held >= 20 ? /^No crash in/ : /^It gets/);
  expect(await page.locator(".curious").getAttribute("open")).toBeNull();
  await page.getByText("For the curious").click();

  // Each drive's first fall, in words.
  const words = await page.locator(".moments li").allTextContents();
  expect(words).toHaveLength(drives.length);
  words.forEach((said, i) => {
    if (!fell[i]) {
      expect(said).toBe("No crash.");
      return;
    }
    const t = drives[i]!.outcomes.indexOf(Outcome.fell);
    // The others after it, by their times.
    const others = Array.from(drives[i]!.outcomes.slice(t + 1), (outcome, later) =>
      outcome === Outcome.fell ? [`${((t + 1 + later) / 20).toFixed(1)} s`] : [],
    ).flat();
    const again =
      others.length === 0 ? "" : `Again at ${new Intl.ListFormat("en").format(others)}.`;
    expect(said.trim()).toMatch(
      new RegExp(
        `^${(t / 20).toFixed(1)} s It crashed\\.( You never showed it this\\.)? ?${again}$`,
      ),
    );
  });
  await expect
    .poll(() => page.locator(".caption").textContent(), { timeout: 60_000 })
    .toMatch(/^It crashed\./);

  // The densities come and go, while nothing else does.
  await page.keyboard.press("Space");
  await page.getByRole("slider").focus();
  await page.keyboard.press("Home");
  const before = await tinted(page);
  await page.keyboard.press("d");
  await page.locator(".densities").waitFor();
  await expect.poll(async () => (await tinted(page)).teal).toBeGreaterThan(before.teal + 20_000);
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
    expect(said).toMatch(/^(1 crash|(0|[2-9]|\d\d) crashes)$/);
  }
  expect(await page.getByRole("button", { name: "where you both go" }).textContent()).toMatch(
    /^Show/,
  );
  await page.keyboard.press("Escape");
  await page
    .getByRole("button", { name: "Race", exact: false })
    .and(page.locator(":enabled"))
    .waitFor();
  expect(await page.locator(".standings").count()).toBe(0);

  // Whoever has seen a round is told at once.
  await page.reload();
  await page.locator(".scores").waitFor();
  expect(await page.locator(".guessed").textContent()).toMatch(/^Your guess: 5 laps or more\./);
  expect(complaints).toEqual([]);
  await page.close();
});

test.concurrent("in the first round one races the clone alone, with thumbs", async ({ expect }) => {
  const { id, lesson } = await taught(1);
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto(teachAt(server, id));
  // A tap is a guess; then a crash from close by, and drives from all starts, before any number.
  await page.getByRole("button", { name: "Half a lap or less" }).tap();
  await page.locator(".in-words", { hasText: /It crashed|You never showed it this/ }).waitFor();
  await page.locator(".tally").waitFor();
  const { held, laps } = summaryOf(lesson.rounds[0]!.endurance!);
  await expect
    .poll(() => page.locator(".tally").textContent(), { timeout: 30_000 })
    .toBe(`${20 - held} of 20 crashed`);
  expect(await page.locator(".scores").count()).toBe(0);
  await page.locator(".scores dd").waitFor();
  expect(await page.locator(".scores dd").textContent()).toBe(toldLaps(laps).toFixed(1));
  await page.getByRole("button", { name: "Race" }).tap();
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
  expect(await page.locator(".standings td").first().textContent()).toMatch(/^\d+ crashes$/);
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
  await seeRound(page);
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
