import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certaintyOf } from "../../shared/irl/certainty.ts";
import { featureMatching } from "../../shared/irl/featureMatching.ts";
import { evidenceOf, linearReward } from "../../shared/irl/features.ts";
import { cornerFeatures, kingGrid } from "../../shared/irl/grid.ts";
import { maxEnt } from "../../shared/irl/maxent.ts";
import { launch } from "./chromium.ts";
import { complaintsOf } from "./complaints.ts";
import { servePages } from "./pages.ts";

/** Where the pictures are left, to be looked at. */
const screens = "dist/screens";

let server: Awaited<ReturnType<typeof servePages>>;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  [server, browser] = await Promise.all([servePages(), launch()]);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Opens the page and collects whatever it complains about, and all that it asks for. */
async function openExplorer(options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const address = `${server.address}/explorer.html`;
  await page.goto(address);
  await cell(page, 1, 1).waitFor();
  return { page, complaints, asked };
}

const cell = (page: Page, row: number, column: number) =>
  page.getByRole("button", { name: new RegExp(`^row ${row}, column ${column}(,|$)`) });
const press = (page: Page, name: string) => page.getByRole("button", { name }).click();
const choose = (page: Page, name: string) => page.getByRole("radio", { name }).check();
const said = (page: Page) => page.locator("[aria-live]").textContent();
const weights = (page: Page) => page.locator(".estimate").allTextContents();
const dots = (page: Page) => page.locator(".way.current text").allTextContents();

/** The numbers on the grid as they are printed, row by row; the names of the cells must say the same. */
async function numbers(page: Page): Promise<string[]> {
  const shown = await page.locator(".cell-number").allTextContents();
  const names = await page
    .locator(".cell")
    .evaluateAll((cells) => cells.map((button) => button.getAttribute("aria-label")!));
  expect(names.map((name) => name.match(/reward ([^,]+)/)?.[1])).toEqual(shown);
  return shown;
}

/** "+0.31", "−2.00", and nothing before a zero. */
function print(value: number, digits = 2): string {
  const rounded = Number(value.toFixed(digits));
  const sign = rounded > 0 ? "+" : rounded < 0 ? "−" : "";
  return sign + Math.abs(rounded).toFixed(digits);
}

const printed = (reward: Float64Array) => [...reward].map((value) => print(value));

/** Pixels by which the page is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const features = cornerFeatures(5);

/** Episodes of one length, from the first cell: what the page has to make of what is shown. */
function solved(demonstrations: readonly number[][]) {
  const moves = demonstrations[0]!.length - 1;
  const mdp = kingGrid(5, moves, new Float64Array(25).with(0, 1));
  const shown = demonstrations.map((states) => ({ states }));
  const entropy = maxEnt(mdp, features, shown);
  const { covariance } = certaintyOf(
    mdp,
    features,
    evidenceOf(mdp, features, 3, shown),
    entropy.weights,
    {
      demonstrations: shown.length,
      l2: 1 / shown.length,
    },
  );
  return { entropy, covariance, matching: featureMatching(mdp, features, shown) };
}

const article = solved([
  [0, 6, 12, 18, 24, 24],
  [0, 1, 7, 13, 19, 24],
  [0, 5, 11, 17, 23, 24],
]);

describe("the explorer, from a folder of files", () => {
  test("the article's demonstrations by both methods, in both views", async () => {
    const { page, complaints, asked } = await openExplorer();
    expect(await page.getByRole("radio", { name: "True" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Run inverse RL" }).isDisabled()).toBe(true);
    await press(page, "Show the article’s three");
    expect(await page.locator(".way").count()).toBe(3);
    expect(await page.locator(".cell-number").allTextContents()).toEqual(["home"]);

    await press(page, "Run inverse RL");
    expect(await numbers(page)).toEqual(printed(article.entropy.reward));
    // The 95 % quantile of the normal distribution, from a table.
    const names = ["further down", "further right", "closer to home"];
    const bound = (value: number) => print(value, 1).replace("+", "");
    const inWords = names.map((name, k) => {
      const weight = article.entropy.weights[k]!;
      const half = 1.6448536 * Math.sqrt(article.covariance[4 * k]!);
      return `${name}: ${print(weight, 1)}, between ${bound(weight - half)} and ${bound(weight + half)}`;
    });
    expect(await weights(page)).toEqual(inWords);
    expect(await said(page)).toContain(inWords.join("; "));

    await choose(page, "True");
    const truth = linearReward(features, Float64Array.of(0, 0, 6));
    expect(await numbers(page)).toEqual(printed(truth));
    await page.getByText("one thing only: closer to home").waitFor();

    await choose(page, "Feature matching");
    expect(await numbers(page)).toEqual(printed(truth));
    await choose(page, "Found");
    const { reward, weights: direction } = article.matching;
    expect(await numbers(page)).toEqual(printed(reward));
    expect(await weights(page)).toEqual(names.map((name, k) => `${name}: ${print(direction[k]!)}`));
    expect(await page.locator(".ramp-numbers span").allTextContents()).toEqual(
      [
        Math.min(...reward),
        (Math.min(...reward) + Math.max(...reward)) / 2,
        Math.max(...reward),
      ].map((value) => print(value)),
    );

    expect(complaints).toEqual([]);
    expect(asked.filter((url) => /\/api\/|matchmake|stage/.test(url))).toEqual([]);
    await page.context().close();
  });

  test("waypoints by mouse, solved anew at each, and taken back", async () => {
    const { page, complaints } = await openExplorer();
    await cell(page, 1, 1).click();
    expect(await page.getByRole("button", { name: "Run inverse RL" }).isDisabled()).toBe(true);
    await cell(page, 3, 4).click();
    expect(await dots(page)).toEqual(["1", "2"]);
    await press(page, "Run inverse RL");
    // Diagonally to (3, 3), then straight.
    const short = printed(solved([[0, 6, 12, 13]]).entropy.reward);
    expect(await numbers(page)).toEqual(short);

    await cell(page, 3, 4).click();
    expect(await numbers(page)).toEqual(printed(solved([[0, 6, 12, 13, 13]]).entropy.reward));
    await page.keyboard.press("z");
    expect(await numbers(page)).toEqual(short);

    // A second demonstration counts from its second waypoint on, and waits for the first.
    await press(page, "New demonstration");
    await cell(page, 1, 1).click();
    expect(await numbers(page)).toEqual(short);
    await cell(page, 1, 3).click();
    const both = solved([
      [0, 6, 12, 13],
      [0, 1, 2, 2],
    ]);
    expect(await numbers(page)).toEqual(printed(both.entropy.reward));
    await choose(page, "Feature matching");
    expect(await numbers(page)).toEqual(printed(both.matching.reward));

    await press(page, "Delete demonstration 2");
    await choose(page, "Maximum entropy");
    expect(await numbers(page)).toEqual(short);
    await press(page, "Clear all");
    expect(await page.locator(".way polyline[points]:not([points=''])").count()).toBe(0);
    expect(await page.locator(".cell-number").allTextContents()).toEqual(["home"]);
    await press(page, "Take back");
    expect(await page.locator(".episode-words").first().textContent()).toBe(
      "(1, 1) to (3, 4), 3 moves",
    );
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("waypoints by keyboard", async () => {
    const { page, complaints } = await openExplorer();
    await cell(page, 1, 1).focus();
    await page.keyboard.press("Enter");
    for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp"])
      await page.keyboard.press(key);
    await page.keyboard.press("Space");
    expect(await said(page)).toBe("Cell 2: row 2, column 2.");
    // The edge stops it, and only one cell of the grid is on the way of the Tab key.
    for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await said(page)).toBe("Cell 3: row 5, column 2.");
    expect(await page.locator(".cell[tabindex='0']").count()).toBe(1);
    expect(await page.locator(".cell:focus").getAttribute("aria-label")).toBe(
      "row 5, column 2, waypoint 3",
    );
    await page.keyboard.press("Backspace");
    expect(await dots(page)).toEqual(["1", "2"]);
    await page.keyboard.press("r");
    expect(await numbers(page)).toEqual(printed(solved([[0, 6]]).entropy.reward));
    await page.keyboard.press("n");
    await page.keyboard.press("Enter");
    expect(await page.locator(".episode-words").allTextContents()).toEqual([
      "(1, 1) to (2, 2), 1 move",
      "starts at row 5, column 2",
    ]);
    await page.getByRole("radio", { name: "Found" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("radio", { name: "True" }).isChecked()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("an expert who is after something shows it, the same in every visit", async () => {
    const visit = async () => {
      const { page } = await openExplorer();
      await page.getByText("What the expert really wants").click();
      await page.getByRole("slider", { name: "further down" }).fill("-5");
      await page.getByRole("slider", { name: "closer to home" }).fill("0");
      for (let i = 0; i < 8; i++) await press(page, "Let the expert show one");
      await press(page, "Run inverse RL");
      const found = await weights(page);
      await choose(page, "True");
      const truth = await numbers(page);
      await page.getByText("What this expert wants: further down −5.").waitFor();
      await page.context().close();
      return { found, truth };
    };
    const first = await visit();
    expect(first.truth).toEqual(printed(linearReward(features, Float64Array.of(-5, 0, 0))));
    // From below zero by its whole interval.
    expect(first.found[0]).toMatch(/^further down: −\d\.\d, between −\d\.\d and −\d\.\d$/);
    expect(await visit()).toEqual(first);
  });
});

describe.each(["desktop", "phone"] as const)("on a %s", (size) => {
  test.each(["light", "dark"] as const)("it fits, in the %s too", async (colorScheme) => {
    const phone = size === "phone";
    const { page } = await openExplorer({
      colorScheme,
      ...(phone && {
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        hasTouch: true,
        isMobile: true,
      }),
    });
    if (phone) {
      await cell(page, 2, 2).tap();
      await cell(page, 5, 4).tap();
      expect(await dots(page)).toEqual(["1", "2"]);
    }
    await press(page, "Show the article’s three");
    await press(page, "Run inverse RL");
    for (const box of await Promise.all(
      (await page.locator(".cell").all()).map((button) => button.boundingBox()),
    )) {
      expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(44);
    }
    expect(await overflow(page)).toBe(0);
    await page.screenshot({
      path: `${screens}/explorer-${size}-${colorScheme}.png`,
      fullPage: phone,
    });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    expect(await overflow(page), "text at 200 %").toBe(0);
    await page.context().close();
  });
});
