import { execFileSync } from "node:child_process";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { temporaryFolder } from "../server/server.ts";
import { chromiumOptions, launch } from "./chromium.ts";
import { walkHome } from "./gardener.ts";
import { desktop, toReward, worldButton } from "./lessons.ts";
import {
  ask,
  begin,
  builtPages,
  complaintsOf,
  FileServer,
  foreignName,
  isOpen,
  lessonOf,
  storedIn,
} from "./static.ts";

let folder: string;
/** The next build, none of whose files has the path of another one's in this. */
let nextFolder: string;
let server: FileServer;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  folder = await builtPages();
  nextFolder = await builtPages("files");
  browser = await launch(foreignName);
});
afterAll(() => browser?.close());
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await server?.stop();
});

async function serve(): Promise<string> {
  server = new FileServer(folder);
  await server.start();
  return server.address;
}

async function someone(): Promise<BrowserContext> {
  const context = await browser.newContext(desktop);
  contexts.push(context);
  return context;
}

/** A browser whose profile is in a folder, as that of a person is. */
async function startWith(profile: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(profile, {
    ...desktop,
    ...chromiumOptions(),
  });
  contexts.push(context);
  return context;
}

const walk = (seed: number) => ({ episode: demonstrate(worlds.garden!, seed) });
const plan = { policy: "softmax", query: "novel", budget: 4, drives: 1 };
const walks = (page: Page) => page.locator(".episodes li");
const saved = (page: Page) => page.locator(".saved").textContent();
const scriptsOf = (page: Page) =>
  page.evaluate(() => [...document.scripts].map(({ src }) => src).join(" "));
const isKeptOffline = (page: Page) =>
  page.getByText("This page works without a connection, too.").waitFor({ timeout: 60_000 });

test("what is said to be saved is there after the whole browser was killed", async () => {
  const address = await serve();
  const profile = temporaryFolder();
  const page = await (await startWith(profile)).newPage();
  await page.goto(address);
  await begin(page, "Meadow");
  const lesson = page.url();
  const walking = walkHome(page);
  await walks(page).first().waitFor();
  await page.getByText("saved in this browser", { exact: true }).waitFor();
  kill(profile);
  await walking.catch(() => {});
  contexts.length = 0;

  const again = await (await startWith(profile)).newPage();
  await again.goto(lesson);
  await isOpen(again);
  expect((await storedIn(again)).map(({ type }) => type)).toEqual(["created", "demonstrated"]);
  await again.getByRole("button", { name: "Demonstrate" }).click();
  await expect.poll(() => walks(again).count()).toBe(1);
});

test("two tabs teach one lesson, and each hears what the other does", async () => {
  const address = await serve();
  const context = await someone();
  const complaints = complaintsOf(context, address);
  const first = await context.newPage();
  await first.goto(address);
  await begin(first, "Meadow");
  const second = await context.newPage();
  await second.goto(first.url());
  await isOpen(second);
  await ask(second, ["demonstrate", walk(5000)]);
  await expect.poll(() => walks(first).count()).toBe(1);
  await ask(first, ["demonstrate", walk(5001)]);
  await expect.poll(() => walks(second).count()).toBe(2);
  // At the same time: each is asked for once, and what one does the other does not do again.
  await Promise.all([
    ask(first, ["demonstrate", walk(5002)], ["train", { plan }]),
    // Another kind of learner has something to learn whether or not it is the second.
    ask(second, ["demonstrate", walk(5003)], ["train", { plan: { ...plan, policy: "tabular" } }]),
  ]);
  const events = await storedIn(first);
  const of = (type: string) => events.filter((event) => event.type === type).length;
  expect([of("demonstrated"), of("trained")]).toEqual([4, 2]);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  for (const page of [first, second]) {
    await page.getByRole("button", { name: "Demonstrate" }).click();
    await expect.poll(() => walks(page).count()).toBe(4);
    expect(await saved(page)).toBe("saved in this browser");
  }
  expect(complaints).toEqual([]);
});

test("once it was open it works without a connection", async () => {
  const address = await serve();
  const page = await (await someone()).newPage();
  await page.goto(address);
  await isKeptOffline(page);
  await server.stop();
  await page.reload();
  await begin(page, "Meadow");
  await ask(page, ["demonstrate", walk(5000)], ["train", { plan }]);
  // Letters of work are sent side by side, and a lesson that works refuses more work.
  await ask(page, ["infer", {}]);
  const types = (await storedIn(page)).map(({ type }) => type);
  expect(types).toEqual(["created", "demonstrated", "trained", "inferred"]);
  await page.goto(`${address}explorer.html`);
  await page.locator("canvas, svg").first().waitFor();
  await server.start();
});

test("an open page goes on when the folder has another build, which a new visit gets", async () => {
  const address = await serve();
  const context = await someone();
  const complaints = complaintsOf(context, address);
  const old = await context.newPage();
  await old.goto(address);
  await isKeptOffline(old);
  const oldScripts = await scriptsOf(old);
  server.folder = nextFolder;

  // Nothing of a lesson has been loaded yet but the page itself: not the worker that has it, for one.
  await begin(old, "Meadow");
  await walkHome(old);
  const visit = await context.newPage();
  await visit.goto(address);
  expect(await scriptsOf(visit)).not.toBe(oldScripts);
  expect(await scriptsOf(visit)).toContain("/files/");
  // Until the next build's files are all kept, and its service worker answers for the old page, too.
  await expect.poll(() => buildsKept(visit), { timeout: 60_000 }).toBe(2);
  await expect.poll(() => workersOf(visit), { timeout: 60_000 }).toEqual([null, null, "activated"]);
  // The threads for training and for the reward, and what draws it, are loaded only now.
  expect(await scriptsOf(old)).toBe(oldScripts);
  await old.keyboard.press("c");
  await old.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await toReward(old);
  await old.locator(".legend").waitFor({ timeout: 30_000 });
  expect(complaints).toEqual([]);
  expect(server.missing).toEqual([]);

  // The same lesson in the new build, without a connection.
  await server.stop();
  await visit.goto(`${address}?lesson=${lessonOf(old)}`);
  await isOpen(visit);
  expect(await scriptsOf(visit)).toContain("/files/");
  await server.start();
});

test("over plain http it teaches as well, and says that it needs the connection", async () => {
  await serve();
  const address = server.insecureAddress;
  const context = await someone();
  const complaints = complaintsOf(context, address);
  const page = await context.newPage();
  await page.goto(address);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await page
    .getByText("You opened this page over plain http, so it works only with a connection.")
    .waitFor();
  await begin(page, "Meadow");
  await ask(page, ["demonstrate", walk(5000)], ["train", { plan }]);
  await ask(page, ["infer", {}]);
  const types = (await storedIn(page)).map(({ type }) => type);
  expect(types).toEqual(["created", "demonstrated", "trained", "inferred"]);
  expect(complaints).toEqual([]);
});

test("a browser that keeps nothing is told of before anything is taught", async () => {
  const address = await serve();
  const context = await someone();
  // As with "block all cookies", a setting that a headless Chromium does not have.
  const refusal =
    'IDBFactory.prototype.open = () => { throw new DOMException("", "SecurityError"); };';
  await context.route(/lesson\.worker-/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${refusal}${await response.text()}` });
  });
  const complaints = complaintsOf(context, address);
  const page = await context.newPage();
  await page.goto(address);
  await page.getByText("This page cannot keep lessons.").waitFor();
  await worldButton(page, "Meadow").click();
  await expect.poll(() => page.getByText("does not let this page store anything").count()).toBe(2);
  expect(await page.locator(".stage").count()).toBe(0);
  expect(complaints).toEqual([]);
  // Each attempt to keep a lesson loads it again.
  await context.unrouteAll({ behavior: "wait" });
});

test("a browser that has no room is told of before anything is taught", async () => {
  const address = await serve();
  const page = await (await someone()).newPage();
  const { origin } = new URL(address);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1000 });
  await page.goto(address);
  await page.getByText("This page cannot keep lessons.").waitFor();
  await page.getByText("This browser has no storage left").waitFor();
});

/** In which state the service worker is that installs, the one that waits and the one that answers. */
function workersOf(page: Page): Promise<(string | null)[]> {
  return page.evaluate(async () => {
    const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration())!;
    return [installing, waiting, active].map((worker) => worker?.state ?? null);
  });
}

/** How many builds' files the browser keeps. */
function buildsKept(page: Page): Promise<number> {
  return page.evaluate(async () => (await caches.keys()).length);
}

/** Ends a browser, all its processes at once, as when the power fails. */
function kill(profile: string): void {
  const list = execFileSync("ps", ["-axo", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = [...list.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, args]) => ({
    pid: Number(pid),
    parent: Number(parent),
    isIts: args!.includes(`--user-data-dir=${profile}`),
  }));
  const ended = all.filter(({ isIts }) => isIts);
  expect(ended.length).toBeGreaterThan(0);
  for (const { pid } of ended) ended.push(...all.filter(({ parent }) => parent === pid));
  for (const { pid } of new Set(ended)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended with another.
    }
  }
}
