import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GhostRace } from "../../client/lesson/activities/ghosts.ts";
import type { Fall, Replay } from "../../client/lesson/activities/replay.ts";
import type { SideBySide } from "../../client/lesson/activities/side-by-side.ts";
import type { StageScene } from "../../client/stage/stage.ts";
import { launch } from "./chromium.ts";
import { driveFrom, seeds } from "./stage/drives.ts";

/** A stage by itself, built as the pages are. */
const built = resolve("dist/stage-test");
const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
};
let files: Server;
let browser: Browser;

/** What the page has for the tests. */
interface Bench {
  readonly activity: unknown;
  readonly falls: readonly Fall[];
  readonly scene: StageScene;
}
declare const bench: Bench;

beforeAll(async () => {
  await build({
    root: "test/browser/stage",
    configFile: resolve("vite.config.ts"),
    logLevel: "warn",
    build: {
      outDir: built,
      emptyOutDir: true,
      rolldownOptions: { input: resolve("test/browser/stage/index.html") },
    },
  });
  files = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    try {
      const body = await readFile(join(built, pathname));
      response.setHeader("content-type", types[extname(pathname)] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => {
    files.listen(0, listening);
  });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  files?.close();
});

/** Opens the stage with `on` on it; the test closes its context. */
async function open(
  on: string,
  options: BrowserContextOptions = {},
  prepare: () => void = () => {},
  from = browser,
): Promise<Page> {
  const context = await from.newContext({ viewport: { width: 400, height: 360 }, ...options });
  const page = await context.newPage();
  await page.addInitScript(prepare);
  await page.goto(`http://localhost:${(files.address() as AddressInfo).port}/index.html?on=${on}`);
  await page.waitForFunction(() => "bench" in globalThis);
  return page;
}

/** What the page's canvas is drawn by. */
const contextOf = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".stage canvas")!;
    return canvas.getContext("2d") ? "2d" : canvas.getContext("webgl") ? "webgl" : null;
  });

/** How many colours a picture of the page has. */
async function coloursOf(page: Page): Promise<number> {
  const png = (await page.screenshot()).toString("base64");
  return page.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, png);
}

describe("the renderer", () => {
  test("is the canvas where WebGL has no graphics card", async () => {
    const page = await open("drive");
    await expect.poll(() => coloursOf(page)).toBeGreaterThan(50);
    expect(await contextOf(page)).toBe("2d");
    await page.context().close();
  });

  test("is WebGL where there is one, and shows the same world", async () => {
    const [software, able] = [await open("drive"), await launch("--enable-unsafe-swiftshader")];
    // It draws as slowly as ever, and says that it is fast.
    const page = await open(
      "drive",
      {},
      () => {
        const { getContext } = HTMLCanvasElement.prototype;
        HTMLCanvasElement.prototype.getContext = function (
          this: HTMLCanvasElement,
          kind: string,
          options?: object,
        ) {
          const slow = options && { ...options, failIfMajorPerformanceCaveat: false };
          return getContext.call(this, kind, slow);
        } as typeof getContext;
        const { getParameter } = WebGLRenderingContext.prototype;
        const unmaskedRenderer = 0x9246;
        WebGLRenderingContext.prototype.getParameter = function (name: number) {
          return name === unmaskedRenderer ? "GeForce" : getParameter.call(this, name);
        };
      },
      able,
    );
    await page.locator(".stage canvas").waitFor();
    expect(await contextOf(page)).toBe("webgl");
    await expect.poll(() => differenceOf(software, page)).toBeLessThan(4);
    await able.close();
    await software.context().close();
  });
});

/** Mean difference of two pages' pixels, from 0 to 255. */
async function differenceOf(one: Page, other: Page): Promise<number> {
  const pictures = await Promise.all(
    [one, other].map(async (page) => (await page.screenshot()).toString("base64")),
  );
  return one.evaluate(async (pictures) => {
    const [a, b] = await Promise.all(
      pictures.map(async (png) => {
        const image = new Image();
        image.src = `data:image/png;base64,${png}`;
        await image.decode();
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height).data;
      }),
    );
    return a!.reduce((sum, value, i) => sum + Math.abs(value - b![i]!), 0) / a!.length;
  }, pictures);
}

test("a stage on which nothing moves is not drawn again, and one that moves is", async () => {
  const page = await open("drive", {}, () => {
    const { drawImage } = CanvasRenderingContext2D.prototype;
    Object.assign(globalThis, { drawn: 0 });
    CanvasRenderingContext2D.prototype.drawImage = function (
      this: CanvasRenderingContext2D,
      ...rest: unknown[]
    ) {
      if (this.canvas.isConnected) (globalThis as unknown as { drawn: number }).drawn++;
      return (drawImage as (...all: unknown[]) => void).apply(this, rest);
    } as typeof drawImage;
  });
  /** How often something was drawn on it in half a second of frames. */
  const drawnIn30Frames = () =>
    page.evaluate(async () => {
      const drawn = () => (globalThis as unknown as { drawn: number }).drawn;
      const before = drawn();
      for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
      return drawn() - before;
    });
  await expect.poll(() => page.evaluate("drawn")).toBeGreaterThan(0);
  await expect.poll(drawnIn30Frames).toBe(0);
  expect(await drawnIn30Frames()).toBe(0);
  await page.keyboard.down("ArrowLeft");
  await expect.poll(drawnIn30Frames).toBeGreaterThan(30);
  await page.context().close();
});

describe("a fall in a replay", () => {
  const firstFalls = [...driveFrom(seeds[0]!, 0.3).falls];
  const fallsIn = (page: Page) => page.evaluate(() => bench.falls);
  const zoomOf = (page: Page) => page.evaluate(() => bench.scene.cameras.main.zoom);

  test("is told once each, and the camera leans in and back", async () => {
    const page = await open("replay");
    await expect.poll(() => zoomOf(page), { interval: 20 }).toBeGreaterThan(1.3);
    await expect.poll(async () => (await fallsIn(page)).length).toBeGreaterThan(1);
    await expect.poll(() => zoomOf(page), { interval: 20 }).toBe(1);
    const told = (await fallsIn(page)).filter(({ index }) => index === 0).map(({ step }) => step);
    expect(told).toEqual(firstFalls.slice(0, told.length));
    expect(told.length).toBeGreaterThan(0);
    await page.context().close();
  });

  test("is a mark and no more for who prefers reduced motion", async () => {
    const page = await open("replay", { reducedMotion: "reduce" });
    await page.evaluate(() => {
      const seen = { most: 0 };
      Object.assign(globalThis, { seen });
      const look = () => {
        seen.most = Math.max(seen.most, bench.scene.cameras.main.zoom);
        requestAnimationFrame(look);
      };
      look();
    });
    // It does not play by itself.
    const position = () => page.evaluate(() => (bench.activity as Replay).position);
    const before = await position();
    await page.evaluate(async () => {
      for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
    });
    expect(await position()).toBe(before);
    await page.evaluate(() => {
      (bench.activity as Replay).paused.value = false;
    });
    await expect.poll(async () => (await fallsIn(page)).length).toBeGreaterThan(1);
    expect(await page.evaluate("seen.most")).toBe(1);
    await page.context().close();
  });
});

describe("ghosts", () => {
  const falling = seeds.filter((seed) => driveFrom(seed, 0.5).falls.size > 0).length;
  const progressOf = (page: Page) =>
    page.evaluate(() => (bench.activity as GhostRace).progress.value);

  test("are counted until none of them drives", async () => {
    expect(falling).toBeGreaterThan(2);
    expect(falling).toBeLessThan(seeds.length);
    const page = await open("ghosts");
    const sums = new Set<number>();
    await expect
      .poll(
        async () => {
          const { phase, driving, fallen, finished } = await progressOf(page);
          sums.add(driving + fallen + finished);
          return phase;
        },
        { interval: 20 },
      )
      .toBe("over");
    expect([...sums]).toEqual([seeds.length]);
    const end = { driving: 0, fallen: falling, finished: seeds.length - falling };
    expect(await progressOf(page)).toMatchObject(end);
    await page.context().close();
  });

  test("are at their end at once for who prefers reduced motion", async () => {
    const page = await open("ghosts", { reducedMotion: "reduce" });
    await expect.poll(async () => (await progressOf(page)).phase).toBe("over");
    const { fallen, time } = await progressOf(page);
    expect(fallen).toBe(falling);
    await page.evaluate(() => (bench.activity as GhostRace).again());
    await expect.poll(async () => (await progressOf(page)).time).toBe(time);
    await page.context().close();
  });
});

test("clone and corrected learner are played to the end of both, and their falls told apart", async () => {
  const page = await open("both");
  const progress = () => page.evaluate(() => (bench.activity as SideBySide).progress.value);
  await expect.poll(async () => (await progress()).phase).toBe("over");
  const [clone, corrected] = [driveFrom(7, 0.3), driveFrom(7, 1)];
  expect(clone.falls.size).not.toBe(corrected.falls.size);
  expect(await progress()).toMatchObject({
    cloneFalls: clone.falls.size,
    correctedFalls: corrected.falls.size,
  });
  await page.context().close();
});

test("a wall of thirty learners is drawn in a part of the time that a frame has", async () => {
  const viewport = { width: 1920, height: 1080 };
  const page = await browser.newPage({ viewport });
  await page.goto(`http://localhost:${(files.address() as AddressInfo).port}/index.html?on=wall`);
  const shown = () => page.evaluate(() => document.querySelector("canvas")!.toDataURL());
  await page.waitForFunction(() => "costs" in globalThis);
  const before = await shown();
  await page.waitForFunction(
    () => (globalThis as unknown as { costs: number[] }).costs.length > 60,
  );
  const costs = await page.evaluate(() => (globalThis as unknown as { costs: number[] }).costs);
  const sorted = costs.toSorted((a, b) => a - b);
  console.log(`The wall: ${costs.length} frames, median ${sorted[costs.length >> 1]} ms`);
  // A thirtieth of a second is 33 ms.
  expect(sorted[costs.length >> 1]).toBeLessThan(12);
  expect(await shown()).not.toBe(before);
  await page.close();
});
