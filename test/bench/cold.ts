import type { Browser } from "playwright-core";
import { launch } from "../browser/chromium.ts";
import { startServer } from "../server/server.ts";
import { type Bench, ratio } from "./harness.ts";

const visits = 5;
/** A phone of the middle class on a slow mobile network: how much slower its processor is, and its line. */
const slower = 4;
const line = {
  offline: false,
  latency: 150, // ms
  downloadThroughput: 1_600_000 / 8, // bytes a second
  uploadThroughput: 750_000 / 8,
};

/** From the first byte of the front page, which the browser has never seen, to a car that is driven. */
export const cold: Bench = {
  name: `A first visit, ${slower} times slower and at 1.6 Mb/s`,
  async run(clock) {
    const server = await startServer();
    const browser = await launch();
    try {
      const times: { play: number; drive: number }[] = [];
      for (let i = 0; i < visits; i++) times.push(await visit(browser, server.address, clock));
      const within = (seconds: number) => new Array<number>(visits).fill(1000 * seconds);
      const of = (what: "play" | "drive") => times.map((time) => time[what]);
      return [
        ratio("until Play can be pressed / 2.5 s", of("play"), within(2.5), { atMost: 1 }),
        ratio("until one drives / 6 s", of("drive"), within(6), { atMost: 1 }),
      ];
    } finally {
      await browser.close();
      await server.stop();
    }
  },
};

/** One visit by a browser that remembers nothing; milliseconds from its beginning. */
async function visit(browser: Browser, address: string, clock: () => number) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", line);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slower });
  const start = clock();
  await page.goto(address, { waitUntil: "commit" });
  await page.locator(".play").waitFor();
  const play = clock() - start;
  await page.locator(".play").click();
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.down("ArrowLeft");
  await page.locator(".clock", { hasText: "s left" }).waitFor();
  const drive = clock() - start;
  await context.close();
  return { play, drive };
}
