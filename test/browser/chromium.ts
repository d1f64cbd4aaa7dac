import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * A real, headless browser: the one that `npm test` has found and names in CHROMIUM.
 * @throws Error where there is none; a page that was not looked at has not been tested
 */
export async function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? usual.find((path) => existsSync(path));
  if (!executablePath) throw new Error("No Chromium: `npm test` finds or installs one.");
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
