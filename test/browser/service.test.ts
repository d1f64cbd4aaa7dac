import { resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../server/server.ts";
import { contractOf, type Damage } from "../server/storage/contract.ts";
import { scenarios } from "../shared/lesson/service/scenarios.ts";
import { launch } from "./chromium.ts";
import { servePages } from "./pages.ts";

let browser: Browser;
let pages: Awaited<ReturnType<typeof servePages>>;
let page: Page;

beforeAll(async () => {
  const outDir = temporaryFolder();
  const input = resolve("test/browser/local/service.worker.ts");
  const output = { entryFileNames: "[name].js" };
  const target = { outDir, emptyOutDir: true, minify: false, rolldownOptions: { input, output } };
  const worker = { format: "es" } as const;
  await build({ configFile: false, logLevel: "warn", publicDir: false, worker, build: target });
  pages = await servePages(outDir);
  browser = await launch();
  page = await browser.newPage();
  // There is no page; any file makes this its origin.
  await page.goto(`${pages.address}/service.worker.js`);
});
afterAll(async () => {
  await browser?.close();
  pages?.close();
});

/** Has a worker do something; each on its own, as tabs are. */
function inWorker(name: string, ...args: unknown[]): Promise<unknown> {
  return page.evaluate(
    (call) =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/service.worker.js", { type: "module" });
        const end = (then: () => void) => {
          worker.terminate();
          then();
        };
        worker.onmessage = ({ data: { answer, error } }) =>
          end(() => (error ? reject(new Error(error)) : resolve(answer)));
        worker.onerror = ({ message }) => end(() => reject(new Error(message)));
        worker.addEventListener("messageerror", () => end(() => reject(new Error("no answer"))));
        worker.postMessage(call);
      }),
    [name, ...args],
  );
}

const clauses = contractOf({ damage: {} as Damage });
test.each(clauses)("a log in IndexedDB: $name", async ({ name }) => {
  await inWorker("require", name);
});

test.each(scenarios)("in a worker, over IndexedDB: $name", async ({ name, seen }) => {
  expect(await inWorker("play", name)).toEqual(seen);
});

test("while a learner trains in the page the lesson is read, and the training stopped", async () => {
  expect(await inWorker("train", "training")).toEqual({
    stopped: "stopped",
    isEarly: true,
    trained: { seq: 14 },
    failures: [],
  });
});

test("several tabs write to one lesson at once, and none misses an event or hears one twice", async () => {
  const database = "tabs";
  const lesson = (await inWorker("begin", database)) as string;
  const writers = [1, 2, 3].map(() => inWorker("write", database, lesson, 40, 3));
  const heard = (await Promise.all(writers)) as number[][];
  // Each hears what comes after it has opened the lesson, until it has written for the last time.
  for (const one of heard) expect(one).toEqual(one.map((_, i) => 2 + i));
  expect(Math.max(...heard.flat())).toBe(1 + 3 * 40);
});
