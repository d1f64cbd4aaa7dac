import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as Bits from "../shared/bits.ts";
import bits from "../shared/fixtures/bits.json" with { type: "json" };
import { bundledBits } from "./bundledBits.ts";
import { launch } from "./chromium.ts";
import { servePages } from "./pages.ts";

let server: Awaited<ReturnType<typeof servePages>>;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([servePages(), launch()]);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

test("drives, policies and questions have the same bits in a browser", async () => {
  const page = await browser.newPage();
  // Not about:blank: `crypto.subtle` is there for pages from localhost and by https only.
  await page.goto(`${server.address}/bc-vs-dagger.html`);
  await page.addScriptTag({ content: await bundledBits() });
  const computed = await page.evaluate(() =>
    (globalThis as unknown as { bits: typeof Bits }).bits.computeBits(),
  );
  expect(computed).toEqual(bits);
});
