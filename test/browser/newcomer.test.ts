import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { road } from "../../shared/worlds/road/levels.ts";
import type { TrackPosition } from "../../shared/worlds/road/track.ts";
import { browser, server, useGame } from "./game.ts";
import { seeRound } from "./lessons.ts";
import { pixelOf } from "./pointers.ts";
import { findCar } from "./sight.ts";

useGame();

const expert = [27, 158, 119] as const;
const learner = [217, 95, 2] as const;
/** Units ahead of the car that the newcomer points, where it stands still. */
const ahead = 1;
/** Of the way that the car goes from look to look: it goes on while one points, and until the next look. */
const anticipation = 1.5;

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

/**
 * Moves the mouse to the middle of the road, `ahead` of the car or `further`.
 * @returns where along the road the car was seen; null where it wasn't
 */
async function pointAhead(
  page: Page,
  colour: readonly [number, number, number],
  further = 0,
): Promise<number | null> {
  const car = await see(page, colour);
  if (!car) return null;
  const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };
  const target = { x: 0, y: 0 };
  road.track.locate(car.x, car.y, place);
  road.track.at(place.along + ahead + further, target);
  const at = await pixelOf(page, road, [target.x, target.y]);
  await page.mouse.move(at.x, at.y);
  return place.along;
}

/** Drives until there is a demonstration. However slow the machine: who sees late points further ahead. */
async function driveOnce(page: Page): Promise<void> {
  let [last, way] = [0, 0];
  const look = async () => {
    const along = await pointAhead(page, expert, anticipation * way);
    if (along === null) return false;
    way = (along - last + road.track.length) % road.track.length;
    // Round the lap's end, or seen for the first time, it is no way that a car has gone.
    if (way > 3) way = 0;
    last = along;
    return true;
  };
  await expect.poll(look).toBe(true);
  await page.mouse.down();
  while ((await page.locator(".episodes li").count()) === 0) await look();
  await page.mouse.up();
}

/** Laps before the first crash, as the page tells it. */
async function told(page: Page): Promise<number> {
  await seeRound(page);
  return Number(await page.locator(".scores dd").textContent());
}
const left = async (page: Page) => Number(await page.locator(".left b").textContent());

test("a newcomer's clone crashes within a lap, and corrected it gets five times as far", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.address);
  await page.locator(".play").waitFor();
  const began = Date.now();

  // One drive, by pointing at the road ahead.
  await page.keyboard.press("Enter");
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
  await page.waitForTimeout(800);
  await driveOnce(page);

  // The clone.
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  const cloned = await told(page);

  // Corrections, until it holds.
  let taught = cloned;
  let answers = 0;
  for (let round = 2; taught < 5 * cloned && round < 12; round++) {
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "What would you have done?" }).waitFor();
    for (let remaining = await left(page); remaining > 0; remaining--) {
      await expect.poll(() => left(page)).toBe(remaining);
      await page.getByText("What would you do here?", { exact: true }).waitFor();
      await expect.poll(() => pointAhead(page, learner)).not.toBeNull();
      await page.mouse.down();
      await page.waitForTimeout(120);
      await page.mouse.up();
      await page.keyboard.press("Enter");
      answers++;
    }
    await expect.poll(() => left(page)).toBe(0);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `Round ${round}` }).waitFor({ timeout: 30_000 });
    taught = await told(page);
  }
  const seconds = (Date.now() - began) / 1000;
  console.log(
    `Cloned ${cloned} laps, after ${answers} answers ${taught}, ${seconds.toFixed(0)} s.`,
  );
  expect(cloned, "laps of the clone").toBeLessThan(1);
  expect(taught, "laps after corrections").toBeGreaterThanOrEqual(5 * cloned);
  expect(answers, "answers").toBeLessThanOrEqual(120);
  await page.close();
});
