import type { Page } from "playwright-core";
import { describe, type ExpectStatic, expect, test } from "vitest";
import { startServer, teachAt } from "../server/server.ts";
import { complaintsOf } from "./complaints.ts";
import { browser, server, useGame } from "./game.ts";
import { anyWay, tapTile, walkHome } from "./gardener.ts";
import { fourier, seeRound, taught, toReward, worldButton } from "./lessons.ts";

useGame();

/** Opens a page and collects whatever it complains about. */
async function openPage(path = "/"): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints = complaintsOf(page);
  await page.goto(new URL(path, server.address).href);
  return { page, complaints };
}

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { name, level: 2 }).waitFor();

const driveRoad = (page: Page) => steer(page, "KeyA", "ArrowRight");
const drivePath = (page: Page) => steer(page, "ArrowUp", "KeyS");

/** Holds two keys in turn until the drive is over. */
async function steer(page: Page, often: string, seldom: string): Promise<void> {
  const before = await page.locator(".episodes li").count();
  for (let turn = 0; (await page.locator(".episodes li").count()) === before; turn++) {
    const key = turn % 3 === 2 ? seldom : often;
    await page.keyboard.down(key);
    await page.waitForTimeout(120);
    await page.keyboard.up(key);
    await page.waitForTimeout(120);
  }
}

const left = async (page: Page) => Number(await page.locator(".left b").textContent());
/** The rows of the chart's table, one a round. */
const rounds = (page: Page) =>
  page.getByRole("table", { name: /after each round/, includeHidden: true }).locator("tbody tr");
const points = (page: Page) => rounds(page).count();

/** Answers every question of the round with real keys; returns how many there were. */
async function correctRound(
  expect: ExpectStatic,
  page: Page,
  answer: () => Promise<void>,
): Promise<number> {
  const asked = await left(page);
  expect(asked).toBeGreaterThan(0);
  for (let remaining = asked; remaining > 0; remaining--) {
    await expect.poll(() => left(page), { timeout: 10_000 }).toBe(remaining);
    await answer();
    await page.keyboard.press("Enter");
    await expect.poll(() => left(page), { timeout: 10_000 }).toBe(remaining - 1);
  }
  await page.keyboard.press("Enter");
  return asked;
}

// Side by side: most of a drive is waiting for it to be over.
describe.concurrent.each<{
  world: string;
  way?: "comparing";
  drive: (page: Page) => Promise<void>;
  answer: (page: Page) => Promise<void>;
}>([
  {
    world: "Clover",
    drive: driveRoad,
    answer: async (page: Page) => {
      await page.keyboard.down("ArrowLeft");
      await page.waitForTimeout(80);
      await page.keyboard.up("ArrowLeft");
    },
  },
  {
    world: "Meadow",
    drive: walkHome,
    answer: (page: Page) => page.keyboard.press("ArrowDown"),
  },
  {
    world: "Wave",
    way: "comparing",
    drive: drivePath,
    answer: async (page: Page) => {
      await page.keyboard.down("ArrowUp");
      await page.waitForTimeout(80);
      await page.keyboard.up("ArrowUp");
    },
  },
])("the whole loop in $world", ({ world, way, drive, answer }) => {
  test("is played by keyboard, and is there again after a reload", async ({ expect }) => {
    const { page, complaints } = await openPage();
    if (way === "comparing") {
      await page.getByRole("link", { name: "Cloning and DAgger compared" }).press("Enter");
      await page.getByRole("radio", { name: "Path" }).press("Space");
    }
    await worldButton(page, world).waitFor();
    const began = Date.now();
    await worldButton(page, world).press("Enter");
    await heading(page, "Show the learner what to do");
    await page.locator(".stage canvas").waitFor();
    expect(Date.now() - began, "from the front page to the wheel").toBeLessThan(10_000);
    expect(await page.getByRole("button", { name: "Clone me" }).isDisabled()).toBe(true);

    // Demonstrate, delete one, demonstrate again.
    await drive(page);
    await drive(page);
    expect(await page.locator(".episodes li").count()).toBe(2);
    await page.getByRole("button", { name: "Delete demonstration 1" }).click();
    await expect.poll(() => page.locator(".episodes li").count()).toBe(1);
    const kept = await page.locator(".episodes li .episode-words").textContent();

    // Clone, and watch.
    await page.keyboard.press("c");
    await heading(page, "Watch the clone");
    await seeRound(page);
    expect(await points(page)).toBe(1);
    await page.keyboard.press("2");
    expect(await page.locator(".facts").textContent()).toMatch(/Loss\s*[\d.e-]+/);
    await page.keyboard.press("3");

    // Correct one round: commit, take back, commit again, to the end; then train again.
    await page.keyboard.press("Enter");
    await heading(page, "Answer the questions");
    const asked = await left(page);
    if (asked > 1) {
      await answer(page);
      await page.keyboard.press("Enter");
      await expect.poll(() => left(page)).toBe(asked - 1);
      await page.keyboard.press("z");
      await expect.poll(() => left(page)).toBe(asked);
    }
    expect(await correctRound(expect, page, () => answer(page))).toBe(asked);
    await heading(page, "Round 2");
    await seeRound(page);
    expect(await points(page)).toBe(2);
    expect(await rounds(page).last().textContent()).toContain(String(asked));

    // The reward map.
    await toReward(page);
    await heading(page, "What you want");
    await page.locator(".legend").waitFor({ timeout: 60_000 });
    const legend = await page.locator(".ramp-numbers").textContent();
    const weights = await page.locator(".weights").textContent();
    expect(legend).toMatch(/\d+\.\d\d.*\d+\.\d\d/);

    // Everything is there again after a reload.
    await page.reload();
    // One is where one was.
    await page.locator(".legend").waitFor();
    expect(await page.locator(".ramp-numbers").textContent()).toBe(legend);
    await page.keyboard.press("3");
    await heading(page, "Round 2");
    expect(await points(page)).toBe(2);
    await page.keyboard.press("1");
    expect(await page.locator(".episodes li .episode-words").allTextContents()).toEqual([kept]);
    await page.keyboard.press("5");
    expect(await page.locator(".ramp-numbers").textContent()).toBe(legend);
    expect(await page.locator(".weights").textContent()).toBe(weights);

    // And in another browser, at the same address.
    const { page: other } = await openPage(new URL(page.url()).search);
    await heading(other, "Round 2");
    await seeRound(other);
    expect(await points(other)).toBe(2);
    await other.close();

    expect(complaints).toEqual([]);
    await page.close();
  });
});

test("what is done while the server is down is sent when it is back", async () => {
  const frail = await startServer();
  const page = await browser.newPage();
  await page.goto(frail.address);
  await worldButton(page, "Meadow").click();
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
  await frail.kill();
  await page.getByText(/reconnecting|offline/).waitFor();
  const walk = walkHome(page);
  await expect
    .poll(() => page.locator(".whereabouts").textContent(), { timeout: 20_000 })
    .toMatch(/^Row \d, column \d, home\./);
  expect(await page.locator(".episodes li").count()).toBe(0);
  await frail.start(new URL(frail.address).port);
  await walk;
  expect(await page.locator(".episode-words").allTextContents()).toEqual([
    expect.stringMatching(/moves, home/),
  ]);
  await page.close();
  await frail.stop();
});

test("a lesson of many pages opens where it was left", async () => {
  const { page } = await openPage();
  await page.goto(teachAt(server, await taught("road", 80, fourier)));
  await heading(page, "Watch the clone");
  await page.keyboard.press("1");
  await expect.poll(() => page.locator(".episodes li").count()).toBe(80);
  await page.close();
});

describe("an address that leads nowhere", () => {
  test.each([
    ["?lesson=nonsense", "This is not the address of a lesson."],
    ["?lesson=AAAAAAAAAAAAAAAAAAAAAA", "There is no lesson at this address."],
  ])("%s is told in words", async (search, words) => {
    const { page } = await openPage(`/${search}`);
    await page.getByText(words).waitFor();
    await page.getByRole("link", { name: "Start a new one" }).click();
    await page.locator(".play").waitFor();
    await page.close();
  });
});

describe.concurrent("without a keyboard", () => {
  async function openPhone(): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    await page.goto(server.address);
    return page;
  }

  test("the mouse steers the car, and a finger or the buttons for thumbs do", async () => {
    const page = await openPhone();
    await worldButton(page, "Clover").tap();
    await heading(page, "Show the learner what to do");
    await page.locator(".stage canvas").waitFor();
    await page.waitForTimeout(800);
    // A thumb on the button that turns left, held until the drive is over, and one on the right.
    const thumb = await page.getByRole("button", { name: "left", exact: true }).boundingBox();
    await page.mouse.move(thumb!.x + 20, thumb!.y + 20);
    await page.mouse.down();
    await page.locator(".episodes li").first().waitFor({ timeout: 20_000 });
    await page.mouse.up();
    // Left all the way is round in circles: off the road again and again.
    expect(await page.locator(".episode-words").first().textContent()).toMatch(
      /^10\.0 s, \d+ crashes/,
    );

    // A pressed pointer on the stage is where the car heads for.
    await page.waitForTimeout(800);
    const stage = (await page.locator(".stage").boundingBox())!;
    await page.mouse.move(stage.x + stage.width * 0.5, stage.y + stage.height * 0.5);
    await page.mouse.down();
    await page.locator(".episodes li").nth(1).waitFor({ timeout: 20_000 });
    await page.mouse.up();
    await page.context().close();
  });

  test("tapping tiles walks through the garden", async () => {
    const page = await openPhone();
    await worldButton(page, "Meadow").tap();
    await page.locator(".stage canvas").waitFor();
    await page.waitForTimeout(800);
    await walkHome(page, anyWay, tapTile);
    expect(await page.locator(".episode-words").first().textContent()).toMatch(/moves, home/);
    await page.context().close();
  });
});
