import { expect, test } from "vitest";
import { browser, server, useGame } from "./game.ts";
import { worldButton } from "./lessons.ts";

useGame();

/** Bytes that a browser which has never been here may take in until a road lesson can be taught. */
const budget = 560_000;

test("from the front page's first byte to the stage of a road lesson, a browser loads no more than its budget", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const devtools = await page.context().newCDPSession(page);
  const asked = new Map<string, string>();
  const loaded = new Map<string, number>();
  devtools.on("Network.responseReceived", ({ requestId, response }) =>
    asked.set(requestId, new URL(response.url).pathname),
  );
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
    loaded.set(asked.get(requestId) ?? requestId, encodedDataLength),
  );
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.goto(server.address);
  await worldButton(page, "Clover").click();
  await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
  await page.locator(".stage canvas").waitFor();
  await page.waitForLoadState("networkidle");
  const sum = [...loaded.values()].reduce((a, b) => a + b);
  const parts = [...loaded].map(([path, bytes]) => `${path} ${bytes}`).join("\n");
  console.log(`A road lesson takes ${sum} bytes:\n${parts}`);
  expect(sum, parts).toBeLessThan(budget);
  await page.close();
});
