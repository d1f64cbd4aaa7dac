import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type RunningServer, startServer } from "../server/server.ts";
import { launch } from "./chromium.ts";

/** The game and a browser to play it in, in files that {@link useGame}. */
export let server: RunningServer;
export let browser: Browser;

/** Starts both for as long as the tests of the file that calls it run. */
export function useGame(): void {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
}
