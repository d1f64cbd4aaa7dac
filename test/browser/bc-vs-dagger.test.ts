import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answer, dagger } from "../../shared/imitation/dagger.ts";
import { aggregate, pairsOf } from "../../shared/imitation/dataset.ts";
import { judge, measure } from "../../shared/imitation/evaluation.ts";
import { scripted } from "../../shared/imitation/experts.ts";
import { demonstrate, driverOf } from "../../shared/imitation/rollout.ts";
import { ask, choose, fit } from "../../shared/imitation/round.ts";
import { mean } from "../../shared/imitation/statistics.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { queries } from "../../shared/queries/index.ts";
import { Stream, seeded } from "../../shared/random.ts";
import { replay } from "../../shared/worlds/episode.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { pathWith } from "../../shared/worlds/path/levels.ts";
import { roadWith } from "../../shared/worlds/road/levels.ts";
import { launch } from "./chromium.ts";
import { findings } from "./findings.ts";
import { servePages } from "./pages.ts";

/** Where the pictures are left, to be looked at. */
const screens = "dist/screens";
let server: Awaited<ReturnType<typeof servePages>>;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  [server, browser] = await Promise.all([servePages(), launch()]);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Opens the page, by default as it is for those who asked for less motion: with finished drives. */
async function openPage(options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${server.address}/bc-vs-dagger.html`);
  await settled(page);
  return { page, complaints, asked };
}

/** Waits until what is shown is what was asked for. */
const settled = (page: Page) => page.locator(".found[aria-busy='false'] table").first().waitFor();
const slider = (page: Page, name: RegExp) => page.getByRole("slider", { name });
const said = (page: Page) => page.locator("[aria-live]").textContent();
/** Labels, measure and bend of the expert, cloning and DAgger. */
const figures = (page: Page) =>
  page
    .locator(".scores-table tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
    );
/** Error at the end of the drive, as the chart's table has it. */
const errors = (page: Page) =>
  page.locator(".chart tbody tr").last().locator("td").allTextContents();
const falls = (page: Page, who: string) => page.locator(`.scene .${who} .fall`).count();
const place = (page: Page, who: string) =>
  page.locator(`.scene .${who} .body`).getAttribute("transform");
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const heldOut = Array.from({ length: 20 }, (_, seed) => seed);

interface Arena {
  readonly demonstrations: number;
  readonly policy: string;
  readonly query: string;
  readonly drives: number;
  readonly budget: number;
}
const onPath = { demonstrations: 5, policy: "linear", query: "every", drives: 5, budget: 150 };
const onRoad = {
  demonstrations: 1,
  policy: "gaussianProcess",
  query: "random",
  drives: 2,
  budget: 25,
};

/** What the page has to show of `seed`, round by round; cloning by hand, a demonstration at a time. */
function compared(world: Level, arena: Arena, seed: number, rounds: number) {
  const kind = policyKinds[arena.policy]!;
  const method = { ...arena, kind, query: queries[arena.query]! };
  const random = seeded(seed, Stream.expert);
  const learning = random.below(2 ** 31);
  const open = (from: typeof random) => heldOut.length + from.below(2 ** 32 - heldOut.length);
  const shown = (from: typeof random, n: number) =>
    Array.from({ length: n }, () => replay(world, demonstrate(world, open(from))));
  const first = shown(random, arena.demonstrations);
  const loop = dagger(world, first, method, scripted(world), learning, heldOut.length);

  let data = pairsOf(world, first);
  return Array.from({ length: rounds + 1 }, (_, round) => {
    const corrected = loop.next().value;
    const cloned = fit(data, kind, learning + round).policy;
    const labels = data.n;
    const more = shown(seeded(learning + round, Stream.query), arena.drives);
    const questions = ask(world, cloned, choose(world, cloned, more, method, learning + round));
    data = aggregate(world, data, answer(world, questions, scripted(world), 0));
    const learners = [cloned, corrected.policy].map((policy) => driverOf(world, policy));
    const drivers = [world.expert, ...learners];
    const judged = drivers.map((driver) => heldOut.map((seed) => judge(world, driver, seed)));
    const costs = judged.map((drives) =>
      Array.from({ length: world.horizon }, (_, t) => mean(drives.map(({ cost }) => cost[t]!))),
    );
    const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
    const half = world.horizon / 2;
    const measures = [
      mean(heldOut.map((seed) => world.measure.of(replay(world, demonstrate(world, seed))))),
      mean(measure(world, cloned, heldOut)),
      mean(measure(world, corrected.policy, heldOut)),
    ].map((value) => value.toFixed(2));
    return {
      measures,
      figures: costs.map((cost, i) => [
        i === 0 ? "–" : String(i === 1 ? labels : corrected.data.n),
        measures[i],
        (total(cost.slice(half)) / total(cost.slice(0, half))).toFixed(2),
      ]),
      errors: costs.map((cost) => total(cost).toFixed(1)),
      firstDrive: judged.map((drives) => drives[0]!.measure),
    };
  });
}

test("the path's wind is the noise of each step, on both axes; without it, none", () => {
  const noise = 0.2;
  const [calm, windy] = [pathWith({ noise: 0 }), pathWith({ noise })];
  const state = Float64Array.of(1, 0.5);
  const action = Float64Array.of(0.2, -0.1);
  const next = new Float64Array(2);
  calm.step(state, action, seeded(1), next);
  expect([...next]).toEqual([Math.fround(1.2), Math.fround(0.4)]);
  const random = seeded(1);
  const squares = [0, 0];
  const n = 20_000;
  for (let i = 0; i < n; i++) {
    windy.step(state, action, random, next);
    squares[0]! += (next[0]! - 1.2) ** 2 / n;
    squares[1]! += (next[1]! - 0.4) ** 2 / n;
  }
  // The variance of n draws has a standard deviation of σ²√(2/n), 1 % here.
  for (const square of squares) expect(Math.abs(square / noise ** 2 - 1)).toBeLessThan(0.05);
});

describe("cloning and DAgger, from a folder of files", () => {
  test("on the road: the numbers, the picture and the words are those of the shared code", async () => {
    const { page, complaints, asked } = await openPage();
    const rounds = compared(roadWith({ gust: 0.5 }), onRoad, 1, 4);
    expect(await figures(page)).toEqual(rounds[3]!.figures);
    expect(await errors(page)).toEqual(rounds[3]!.errors);
    // The chart draws what its table says: a point a step, and ends as high as the errors are.
    const drawn = await page
      .locator(".plot .curve:not(.guide)")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")!.split("L")));
    expect(drawn.map((points) => points.length)).toEqual([201, 201, 201]);
    const heights = drawn.map((points) => 100 - Number(points.at(-1)!.split(",")[1]));
    rounds[3]!.errors.forEach((error, i) => {
      const share = Number(error) / Number(rounds[3]!.errors[0]);
      expect(heights[i]! / heights[0]!).toBeCloseTo(share, 1);
    });
    const [expert, cloning, corrected] = rounds[3]!.measures;
    expect(await said(page)).toBe(
      `After 3 rounds and 275 labels the DAgger learner crashes ${corrected} times a drive, cloning ${cloning}, the expert ${expert}.`,
    );
    const [, byCloning, byDagger] = rounds[3]!.firstDrive;
    expect([await falls(page, "cloning"), await falls(page, "dagger")]).toEqual([
      byCloning,
      byDagger,
    ]);
    const dots = await page
      .locator(".scene .corrections path")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")!.split("M").length - 1));
    expect(dots).toEqual([50, 25]);

    await slider(page, /^Rounds/).focus();
    await page.keyboard.press("ArrowRight");
    expect(await figures(page)).toEqual(rounds[4]!.figures);
    await page.keyboard.press("Home");
    expect(await figures(page)).toEqual(rounds[0]!.figures);
    expect(rounds[0]!.figures[1]).toEqual(rounds[0]!.figures[2]);
    expect(await said(page)).toContain("After no round and 200 labels the two learners are one.");
    await page.keyboard.press("End");
    expect(await said(page)).toContain("After 8 rounds and 400 labels");

    await slider(page, /^Rounds/).fill("2");
    await slider(page, /^Wind/).focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
    await settled(page);
    expect(await figures(page)).toEqual(compared(roadWith({ gust: 0 }), onRoad, 1, 2)[2]!.figures);

    expect(complaints).toEqual([]);
    expect(asked.filter((url) => /\/api\/|matchmake|stage/.test(url))).toEqual([]);
    await page.context().close();
  });

  test("on the path too, with more wind by keyboard", async () => {
    const { page, complaints } = await openPage();
    await page.getByRole("radio", { name: "Road" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("off the curve here").waitFor();
    const mild = compared(pathWith({ noise: 0.02 }), onPath, 1, 3)[3]!;
    expect(await figures(page)).toEqual(mild.figures);
    expect(await errors(page)).toEqual(mild.errors);
    expect(await said(page)).toBe(
      `After 3 rounds and 600 labels the DAgger learner is ${mild.measures[2]} off the curve on average, cloning ${mild.measures[1]}, the expert ${mild.measures[0]}.`,
    );
    expect(mild.measures[0]).toBe("0.33");
    await slider(page, /^Wind/).focus();
    await page.keyboard.press("End");
    await settled(page);
    const windy = compared(pathWith({ noise: 0.2 }), onPath, 1, 3)[3]!;
    expect(await figures(page)).toEqual(windy.figures);
    expect(await errors(page)).toEqual(windy.errors);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("another seed is another run, and the same seed the same", async () => {
    const visit = async () => {
      const { page } = await openPage();
      const first = [await figures(page), await errors(page), await place(page, "dagger")];
      await page.keyboard.press("n");
      await settled(page);
      await page.getByText("Seed 2, held-out drive 2 of 20").waitFor();
      const second = [await figures(page), await errors(page), await place(page, "dagger")];
      await page.context().close();
      return { first, second };
    };
    const once = await visit();
    expect(once.second).not.toEqual(once.first);
    expect(once.second[0]).toEqual(compared(roadWith({ gust: 0.5 }), onRoad, 2, 3)[3]!.figures);
    expect(await visit()).toEqual(once);
  });

  test("the three set off together, wait on Space and begin again on R", async () => {
    const { page, complaints } = await openPage({ reducedMotion: "no-preference" });
    const everyone = ["expert", "cloning", "dagger"] as const;
    const places = () => Promise.all(everyone.map((who) => place(page, who)));
    const moved = (from: string | null) =>
      page.waitForFunction(
        (before) =>
          document.querySelector(".scene .dagger .body")!.getAttribute("transform") !== before,
        from,
      );
    await moved(await place(page, "dagger"));
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play" }).waitFor();
    const paused = await places();
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    expect(await places()).toEqual(paused);
    // From a slider too, where one just was.
    await slider(page, /^Rounds/).focus();
    await page.keyboard.press("Space");
    await moved(paused[2]!);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Restart" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("radio", { name: "Path" }).check();
    await page.getByText("off the curve here").waitFor();
    // To the end, without anybody's help; then Play begins anew.
    await page.getByRole("button", { name: "Play" }).waitFor();
    const finished = await places();
    await page.getByRole("button", { name: "Play" }).click();
    await moved(finished[2]!);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("less motion: the finished drives at once, until one asks to see them driven", async () => {
    const { page } = await openPage();
    expect(await page.getByRole("button", { name: "Play" }).count()).toBe(1);
    const points = await page
      .locator(".scene .expert .trail")
      .first()
      .evaluate((path) => path.getAttribute("d")!.split("L").length);
    expect(points).toBe(201);
    await page.context().close();
  });
});

describe.each(["desktop", "phone"] as const)("on a %s", (size) => {
  test("it fits, in both themes", async () => {
    const phone = size === "phone";
    const { page } = await openPage({
      ...(phone && {
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        hasTouch: true,
        isMobile: true,
      }),
    });
    for (const arena of ["Path", "Road"]) {
      const choice = page.locator(".choice label", { hasText: arena });
      await (phone ? choice.tap() : choice.click());
      await page.getByText(arena === "Path" ? "off the curve here" : "puts the car back").waitFor();
      await settled(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        // The theme fades in.
        await page.waitForTimeout(200);
        expect(await overflow(page), arena).toBe(0);
        expect(await findings(page, colorScheme === "dark"), arena).toEqual([]);
        await page.screenshot({
          path: `${screens}/bc-vs-dagger-${arena.toLowerCase()}-${size}-${colorScheme}.png`,
          fullPage: phone,
        });
      }
    }
    for (const control of await page.locator("main button, main input[type=range]").all()) {
      expect((await control.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    expect(await overflow(page), "text at 200 %").toBe(0);
    await page.context().close();
  });
});

test("drives that cannot be computed are told in words", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(/duel\.worker/, (route) => route.abort());
  await page.goto(`${server.address}/bc-vs-dagger.html`);
  await page.getByRole("alert").getByText("These drives could not be computed.").waitFor();
  expect(await page.getByRole("progressbar").count()).toBe(0);
  await context.close();
});
