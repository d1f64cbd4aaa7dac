import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { byAddress, startServer, temporaryFolder } from "../server/server.ts";
import { server, useGame } from "./game.ts";
import { desktop, phone } from "./lessons.ts";
import { after, someone, useVisitors } from "./visitors.ts";

useGame();
useVisitors();

/** Whether it lies in the window, with nothing before it. */
const isInSight = (notice: Locator) =>
  notice.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const inside =
      left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight && bottom > top;
    const corners = [
      [left + 5, top + 5],
      [right - 5, bottom - 5],
    ] as const;
    return inside && corners.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
  });

/** Presses what begins a lesson, and looks for the reason why there is none. */
async function refused(page: Page, press: () => Promise<void>, reason: string): Promise<void> {
  await press();
  const notice = page.getByRole("alert");
  await notice.getByText(reason).waitFor();
  expect(await isInSight(notice)).toBe(true);
}

const play = (page: Page) => page.locator(".play");
const levels = (page: Page) => page.locator(".course-level");
const worlds = (page: Page) => page.locator(".world");

describe.each([
  ["desktop", desktop],
  ["phone", phone],
])("on a %s", (_, options) => {
  test("why no lesson begins is in sight, whatever was pressed and wherever one has scrolled", async () => {
    const strict = await startServer(temporaryFolder(), { MAX_LESSONS_AN_HOUR: "1" });
    after.push(() => strict.kill());
    const { address } = byAddress(strict);
    const page = await (await someone(options)).newPage();
    await page.goto(address);
    await play(page).click();
    await page.locator(".saved.open").waitFor();
    const tooMany =
      "Too many lessons were begun from your network address; go on with one of them.";
    const presses = [
      () => play(page).click(),
      () => levels(page).last().click(),
      () => levels(page).first().press("Enter"),
      () => worlds(page).last().click(),
      () => page.keyboard.press("3"),
      () => page.keyboard.press("Enter"),
    ];
    for (const press of presses) {
      await page.goto(address);
      await play(page).waitFor();
      await refused(page, press, tooMany);
    }
    // From the very bottom, too.
    await page.goto(address);
    await play(page).waitFor();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await refused(page, () => page.keyboard.press("1"), tooMany);
    await strict.kill();
    await refused(page, () => page.keyboard.press("1"), "The server cannot be reached.");
  });
});

test("a network that answers in the server's place is told in words", async () => {
  const page = await (await someone()).newPage();
  await page.route("**/api/lessons", (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>Welcome to our hotel</h1>" }),
  );
  await page.goto(server.address);
  const words = "The answer did not come from the server.";
  await refused(page, () => play(page).click(), words);
  await page.unroute("**/api/lessons");
  await play(page).click();
  await page.locator(".saved.open").waitFor();
});
