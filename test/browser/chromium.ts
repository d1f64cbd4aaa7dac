import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/**
 * What the browser is to do without. Suggestions below the address bar are two pages of their own, which
 * it loads anew, unseen, for every page of a test: as much work as the page itself. The others are those
 * that Playwright turns off, which a list of one's own replaces.
 */
const disabled = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];
const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * A real, headless browser: the one that `npm test` has found and names in CHROMIUM.
 * @throws Error where there is none; a page that was not looked at has not been tested
 */
export async function launch(...args: string[]): Promise<Browser> {
  const options = chromiumOptions();
  return chromium.launch({ ...options, args: [...options.args, ...args] });
}

/** How to start it. @throws Error where there is none */
export function chromiumOptions() {
  const executablePath = process.env.CHROMIUM ?? usual.find((path) => existsSync(path));
  if (!executablePath) throw new Error("No Chromium: `npm test` finds or installs one.");
  return {
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
      `--disable-features=${disabled.join(",")}`,
    ],
  };
}
