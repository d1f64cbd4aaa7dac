import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { createLesson, join, startServer, teachAt, temporaryFolder } from "../server/server.ts";
import { server, useGame } from "./game.ts";
import { worldButton } from "./lessons.ts";
import { networkTo } from "./proxy.ts";
import { after, open, saved, someone, useVisitors } from "./visitors.ts";

useGame();
useVisitors();

/** The page has come back, or has opened, by itself: it is the one that said why it had not. */
async function isThere(page: Page): Promise<void> {
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
  await expect.poll(() => page.getByText("keeps trying").count()).toBe(0);
}

describe("a network that does not let websockets through", () => {
  const words = /^The lesson was found, but the live connection .* does not get through/;

  test.each(["refused", "swallowed"] as const)(
    "%s: a page that opens says what is the matter, and opens once they get through",
    async (websockets) => {
      const network = await networkTo(server);
      after.push(() => network.close());
      network.websockets = websockets;
      const page = await (await someone()).newPage();
      await page.goto(teachAt(network, await createLesson(server, "garden")));
      await page.getByRole("alert").getByText(words).waitFor();
      expect(await page.getByRole("alert").textContent()).toMatch(/The page keeps trying\.$/);
      network.websockets = "pass";
      await isThere(page);
    },
  );

  test("a page that was open says so too, and comes back", async () => {
    const network = await networkTo(server);
    after.push(() => network.close());
    const url = teachAt(network, await createLesson(server, "garden"));
    const page = await open(await someone(), url);
    network.websockets = "refused";
    network.cut();
    await page.locator(".panel .notice").getByText(words).waitFor();
    expect(await saved(page)).toBe("reconnecting …");
    network.websockets = "pass";
    await isThere(page);
  });
});

describe("a seat that is not to be had", () => {
  test("the page says the server's reason, and opens once there is one", async () => {
    const small = await startServer(temporaryFolder(), { MAX_ROOMS: "1" });
    after.push(() => small.kill());
    const { room } = await join(small, await createLesson(small, "garden"));
    const page = await (await someone()).newPage();
    await page.goto(teachAt(small, await createLesson(small, "garden")));
    const reason = "Too many lessons are open; try again in a minute. The page keeps trying.";
    await page.getByRole("alert").getByText(reason).waitFor();
    await room.leave();
    await isThere(page);
  });

  test("of a server that cannot be reached", async () => {
    const frail = await startServer();
    after.push(() => frail.kill());
    const page = await open(await someone(), teachAt(frail, await createLesson(frail, "garden")));
    await page.goto(frail.address);
    await worldButton(page, "Meadow").click();
    await page.locator(".saved.open").waitFor();
    await page.goBack();
    await page.locator(".play").waitFor();
    await frail.kill();
    await page.goForward();
    await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
    await frail.start(new URL(frail.address).port);
    await isThere(page);
  });

  test("of a network that wants one to log in first, and answers with a page of its own", async () => {
    const page = await (await someone()).newPage();
    // As such networks do, with any status.
    for (const status of [404, 200]) {
      await page.route("**/matchmake/**", (route) =>
        route.fulfill({ status, contentType: "text/html", body: "<h1>Welcome to our hotel</h1>" }),
      );
      await page.goto(teachAt(server, await createLesson(server, "garden")));
      const words = "The answer did not come from the server.";
      await page.getByRole("alert").getByText(words).waitFor();
      await page.unroute("**/matchmake/**");
      await isThere(page);
    }
  });
});

test("a page that has left a lesson asks for it no longer", async () => {
  const page = await (await someone()).newPage();
  await page.goto(server.address);
  await worldButton(page, "Meadow").click();
  await page.locator(".saved.open").waitFor();
  await page.goBack();
  await page.locator(".play").waitFor();
  let asked = 0;
  await page.route("**/matchmake/**", (route) => {
    asked++;
    return route.abort();
  });
  await page.goForward();
  await expect.poll(() => asked).toBeGreaterThan(1);
  await page.goBack();
  await page.locator(".play").waitFor();
  const before = asked;
  await page.waitForTimeout(6000);
  // One may have been on its way.
  expect(asked).toBeLessThanOrEqual(before + 1);
});
