import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { type Random, seeded } from "../../shared/random.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import type { TrackPosition } from "../../shared/worlds/road/track.ts";
import { lateAndNoisy } from "../client/someone.ts";
import { browser, server, useGame } from "./game.ts";
import { seeRound } from "./lessons.ts";
import { pixelOf, untilStill } from "./pointers.ts";
import { findCar } from "./sight.ts";

useGame();

const expert = [27, 158, 119] as const;
const learner = [217, 95, 2] as const;
/** Units ahead of the car that the newcomer points. */
const ahead = 1;
/** Milliseconds of the game's time from look to look. */
const look = 75;

/** The first is tried with every run of the tests; `NEWCOMERS=10` tries all. */
const newcomers = lateAndNoisy.slice(0, Number(process.env.NEWCOMERS ?? 1));

/** Where the car of this colour is, in the road's units, by looking at the picture; null where there is none. */
async function see(page: Page, colour: readonly [number, number, number]) {
  const seen = await page.evaluate(findCar, colour);
  if (!seen) return null;
  const view = await picture(page);
  return {
    x: (seen.x * view.box.width - view.box.width / 2) / view.scale + view.centre.x,
    y: -(seen.y * view.box.height - view.box.height / 2) / view.scale + view.centre.y,
  };
}

async function picture(page: Page) {
  const box = (await page.locator(".stage").boundingBox())!;
  const { left, right, bottom, top } = road.picture.bounds;
  return {
    box,
    scale: Math.min(box.width / (right - left), box.height / (top - bottom)),
    centre: { x: (left + right) / 2, y: (bottom + top) / 2 },
  };
}

/** Where on the page the middle of the road is, {@link ahead} of the car; null where there is no car. */
async function roadAhead(page: Page, colour: readonly [number, number, number]) {
  const car = await see(page, colour);
  if (!car) return null;
  const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };
  const target = { x: 0, y: 0 };
  road.track.locate(car.x, car.y, place);
  road.track.at(place.along + ahead, target);
  return pixelOf(page, road, [target.x, target.y]);
}

/** Waits for a car of this colour, and moves the mouse to the road ahead of it. */
async function pointAhead(page: Page, colour: readonly [number, number, number], miss: Miss) {
  let at: Awaited<ReturnType<typeof roadAhead>> = null;
  const isSeen = async () => {
    at = await roadAhead(page, colour);
    return at !== null;
  };
  await expect.poll(isSeen).toBe(true);
  const aimed = await miss(at!);
  await page.mouse.move(aimed.x, aimed.y);
  return aimed;
}

/** Where on the page somebody points who means another place. */
type Miss = (at: { x: number; y: number }) => Promise<{ x: number; y: number }>;

function missing(page: Page, noise: number, random: Random): Miss {
  return async ({ x, y }) => {
    const { scale } = await picture(page);
    const off = () => noise * scale * random.normal();
    return { x: x + off(), y: y + off() };
  };
}

/**
 * Drives until there is a demonstration. The page's clock goes on between looks only: however slow the
 * machine, the newcomer sees as often as people do, and is as late.
 */
async function driveOnce(page: Page, late: number, miss: Miss): Promise<void> {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
  const seen = [await pointAhead(page, expert, miss)];
  await page.mouse.down();
  while ((await page.locator(".episodes li").count()) === 0) {
    const at = await roadAhead(page, expert);
    if (at) seen.push(await miss(at));
    const { x, y } = seen.at(-1 - late) ?? seen[0]!;
    await page.mouse.move(x, y);
    await page.clock.runFor(look);
  }
  await page.mouse.up();
  await page.clock.resume();
}

/** Laps before the first crash, as the page tells it. */
async function told(page: Page): Promise<number> {
  await seeRound(page);
  return Number(await page.locator(".scores dd").textContent());
}

const left = async (page: Page) => Number(await page.locator(".left b").textContent());

test.each(newcomers)(
  "a newcomer's clone crashes within a lap, and corrected it gets five times as far: %j",
  async ({ late, noise }) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.clock.install();
    await page.goto(server.address);
    await page.locator(".play").waitFor();

    // One drive, by pointing at the road ahead.
    await page.keyboard.press("Enter");
    await page.locator(".saved.open").waitFor();
    await page.locator(".stage canvas").waitFor();
    const miss = missing(page, noise, seeded(newcomers.length));
    await driveOnce(page, late, miss);

    // The clone.
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
    const cloned = await told(page);

    // Corrections, until it holds. Where the clone's laps round to none, five times that is nothing.
    const goal = Math.max(1, 5 * cloned);
    let taught = cloned;
    let answers = 0;
    for (let round = 2; taught < goal && round < 12; round++) {
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
      for (let remaining = await left(page); remaining > 0; remaining--) {
        await expect.poll(() => left(page)).toBe(remaining);
        await page.getByText("What would you do here?", { exact: true }).waitFor();
        await pointAhead(page, learner, miss);
        await page.mouse.down();
        // The wheel takes its time, and on a busy machine more.
        await untilStill(() => page.locator(".exactly").textContent());
        await page.mouse.up();
        await page.keyboard.press("Enter");
        answers++;
      }
      await expect.poll(() => left(page)).toBe(0);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: `Round ${round}` }).waitFor({ timeout: 30_000 });
      taught = await told(page);
    }
    console.log(
      `Late by ${75 * late} ms, missing by ${noise}: cloned ${cloned} laps, after ${answers} answers ${taught}.`,
    );
    expect(cloned, "laps of the clone").toBeLessThan(1);
    expect(taught, "laps after corrections").toBeGreaterThanOrEqual(goal);
    expect(answers, "answers").toBeLessThanOrEqual(60);
    await page.close();
  },
);
