import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dagger } from "../../shared/imitation/dagger.ts";
import { aggregate, pairsOf } from "../../shared/imitation/dataset.ts";
import { enduranceOf } from "../../shared/imitation/endurance.ts";
import { judge, measure } from "../../shared/imitation/evaluation.ts";
import { scripted } from "../../shared/imitation/experts.ts";
import { demonstrate, driverOf } from "../../shared/imitation/rollout.ts";
import { fit } from "../../shared/imitation/round.ts";
import { mean, median } from "../../shared/imitation/statistics.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { queries } from "../../shared/queries/index.ts";
import type { Query } from "../../shared/queries/query.ts";
import { type Random, Stream, seeded } from "../../shared/random.ts";
import { width } from "../../shared/spaces.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { demonstrationWorld, type Level } from "../../shared/worlds/level.ts";
import { pathWith } from "../../shared/worlds/path/levels.ts";
import { fair } from "../../shared/worlds/road/levels.ts";
import { launch } from "./chromium.ts";
import { complaintsOf } from "./complaints.ts";
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
  const complaints = complaintsOf(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${server.address}/bc-vs-dagger.html`);
  await settled(page);
  return { page, complaints, asked };
}

/** Waits until what is shown is what was asked for. */
const settled = (page: Page) => page.locator(".found[aria-busy='false'] table").first().waitFor();
const slider = (page: Page, name: RegExp) => page.getByRole("slider", { name });
const said = (page: Page) => page.locator("[aria-live]").textContent();
/** Labels and both measures of everyone. */
const figures = (page: Page) =>
  page
    .locator(".scores-table tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
    );
/** The last row of the chart's table. */
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
  query: "novel",
  drives: 2,
  budget: 12,
};

/** What everyone is started with: the demonstrations, and the seed of what is learned from them. */
function begin(world: Level, arena: Arena, seed: number) {
  const place = demonstrationWorld(world);
  const random = seeded(seed, Stream.expert);
  const learning = random.below(2 ** 31);
  const first = shownIn(place, random, arena.demonstrations);
  return { learning, first, kind: policyKinds[arena.policy]! };
}

function shownIn(place: Level, random: Random, n: number) {
  const open = () => heldOut.length + random.below(2 ** 32 - heldOut.length);
  return Array.from({ length: n }, () => replay(place, demonstrate(place, open())));
}

/**
 * Cloning by hand, a demonstration at a time: the expert's first steps in each round's drives.
 * @param counts how many of them in each round
 */
function cloned(world: Level, arena: Arena, seed: number, counts: readonly number[]) {
  const { learning, first, kind } = begin(world, arena, seed);
  let data = pairsOf(world, first);
  return counts.map((count, round) => {
    const { policy } = fit(data, kind, learning);
    const labels = data.n;
    const more = shownIn(world, seeded(learning + round, Stream.query), arena.drives);
    const states = more.flatMap(({ states, length }) =>
      Array.from({ length }, (_, t) =>
        states.subarray(t * world.stateSize, (t + 1) * world.stateSize),
      ),
    );
    const answers = states.slice(0, count).map((state) => {
      const action = new Float64Array(width(world.action));
      world.expert(state, action);
      return { state, action };
    });
    data = aggregate(world, data, answers);
    return { policy, labels };
  });
}

/** The policies of DAgger with this query, round by round. */
function taughtBy(query: Query, world: Level, arena: Arena, seed: number, rounds: number) {
  const { learning, first, kind } = begin(world, arena, seed);
  const method = { ...arena, kind, query };
  const loop = dagger(world, first, method, scripted(world), learning, heldOut.length);
  return Array.from({ length: rounds + 1 }, () => {
    const { policy, data } = loop.next().value;
    return { policy, labels: data.n };
  });
}

/** How many labels came in each round; that of the last round is not known, and not needed. */
const countsOf = (rounds: readonly { readonly labels: number }[]) =>
  rounds.map(({ labels }, i) => (rounds[i + 1]?.labels ?? labels) - labels);

/** `query` with so many states in each round, if need be the first of those that it does not choose. */
function asMany(query: Query, counts: readonly number[]): Query {
  let round = 0;
  return {
    ...query,
    choose(visited, _, random) {
      const count = counts[round++]!;
      const picks = query.choose(visited, count, random);
      const rest = Array.from({ length: visited.n }, (_, i) => i).filter((i) => !picks.includes(i));
      return [...picks, ...rest].slice(0, count);
    },
  };
}

/** What the page has to show of `seed` on the path, round by round. */
function onThePath(world: Level, seed: number, rounds: number) {
  const byDagger = taughtBy(queries.every!, world, onPath, seed, rounds);
  const byCloning = cloned(world, onPath, seed, countsOf(byDagger));
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const half = world.horizon / 2;
  return byCloning.map((clone, round) => {
    const learners = [clone, byDagger[round]!];
    const drivers = [world.expert, ...learners.map(({ policy }) => driverOf(world, policy))];
    const judged = drivers.map((driver) => heldOut.map((seed) => judge(world, driver, seed)));
    const costs = judged.map((drives) =>
      Array.from({ length: world.horizon }, (_, t) => mean(drives.map(({ cost }) => cost[t]!))),
    );
    const measures = [
      mean(heldOut.map((seed) => world.measure.of(replay(world, demonstrate(world, seed))))),
      ...learners.map(({ policy }) => mean(measure(world, policy, heldOut))),
    ].map((value) => value.toFixed(2));
    return {
      measures,
      figures: costs.map((cost, i) => [
        i === 0 ? "–" : String(learners[i - 1]!.labels),
        measures[i],
        (total(cost.slice(half)) / total(cost.slice(0, half))).toFixed(2),
      ]),
      errors: costs.map((cost) => total(cost).toFixed(1)),
    };
  });
}

/** What it has to show on the road. */
function onTheRoad(world: Level, seed: number, rounds: number) {
  const wheel = { needs: "at the wheel", gate: () => () => true } as const;
  const byDagger = taughtBy(queries.novel!, world, onRoad, seed, rounds);
  const counts = countsOf(byDagger);
  const taughtAlike = (query: Query) =>
    taughtBy(asMany(query, counts), world, onRoad, seed, rounds);
  const everyone = [
    cloned(world, onRoad, seed, counts),
    taughtAlike({ ...queries.novel!, ...wheel }),
    taughtAlike(queries.random!),
    byDagger,
  ];
  return Array.from({ length: rounds + 1 }, (_, round) => {
    const learners = everyone.map((one) => one[round]!);
    const drivers = [world.expert, ...learners.map(({ policy }) => driverOf(world, policy))];
    const endurances = drivers.map(
      (driver) => enduranceOf(world, () => driver, heldOut, Number.POSITIVE_INFINITY, 860)!,
    );
    const measures = endurances.map(({ laps }) => median(laps).toFixed(1));
    const going = (seconds: number) =>
      endurances.map(({ steps }) => String(steps.filter((n) => n >= 20 * seconds).length));
    return {
      measures,
      figures: endurances.map(({ steps }, i) => [
        i === 0 ? "–" : String(learners[i - 1]!.labels),
        measures[i],
        String(steps.filter((n) => n === 860).length),
      ]),
      going: going(40),
      /** Steps of the first drive before its crash, at most 200. */
      firstDrive: endurances.map(({ steps }) => Math.min(200, steps[0]!)),
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
    const rounds = onTheRoad(fair.inGusts!(0.5), 1, 4);
    expect(await figures(page)).toEqual(rounds[3]!.figures);
    expect(await errors(page)).toEqual(rounds[3]!.going);
    // The chart draws what its table says.
    const drawn = await page
      .locator(".plot .curve:not(.guide)")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")!.split("L")));
    expect(drawn.map((points) => points.length)).toEqual([173, 173, 173, 173, 173]);
    drawn.forEach((points, i) => {
      const height = 100 - Number(points[160]!.split(",")[1]);
      expect(height).toBeCloseTo(5 * Number(rounds[3]!.going[i]), 1);
    });
    const [expert, cloning, , , corrected] = rounds[3]!.measures;
    expect(await said(page)).toBe(
      `After 3 rounds and 236 actions of the expert, DAgger gets ${corrected} laps before its first crash, cloning ${cloning}, the expert ${expert}.`,
    );
    const [, byCloning, , , byDagger] = rounds[3]!.firstDrive;
    const crashed = (steps: number) => (steps < 200 ? 1 : 0);
    expect([await falls(page, "cloning"), await falls(page, "dagger")]).toEqual([
      crashed(byCloning!),
      crashed(byDagger!),
    ]);
    expect(await page.locator(".scene").getAttribute("aria-label")).toContain(
      `cloning crashes after ${((byCloning! + 1) / 20).toFixed(1)} s`,
    );
    const dots = await page
      .locator(".scene .corrections path")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")!.split("M").length - 1));
    expect(dots).toEqual([24, 12]);

    await slider(page, /^Rounds/).focus();
    await page.keyboard.press("ArrowRight");
    expect(await figures(page)).toEqual(rounds[4]!.figures);
    await page.keyboard.press("Home");
    expect(await figures(page)).toEqual(rounds[0]!.figures);
    expect(new Set(rounds[0]!.figures.slice(1).map(String)).size).toBe(1);
    expect(await said(page)).toContain(
      "Before the first round all learners are the same clone of 200 actions.",
    );
    await page.keyboard.press("End");
    expect(await said(page)).toMatch(/^After 8 rounds and 2[89]\d actions/);

    await slider(page, /^Rounds/).fill("2");
    await slider(page, /^Wind/).focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
    await settled(page);
    expect(await figures(page)).toEqual(onTheRoad(fair.inGusts!(0), 1, 2)[2]!.figures);

    expect(complaints).toEqual([]);
    expect(asked.filter((url) => /\/api\/|matchmake|stage/.test(url))).toEqual([]);
    await page.context().close();
  });

  test("on the path too, with more wind by keyboard", async () => {
    const { page, complaints } = await openPage();
    await page.getByRole("radio", { name: "Road" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("off the curve here").waitFor();
    const mild = onThePath(pathWith({ noise: 0.02 }), 1, 3)[3]!;
    expect(await figures(page)).toEqual(mild.figures);
    expect(await errors(page)).toEqual(mild.errors);
    const drawn = await page
      .locator(".plot .curve:not(.guide)")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")!.split("L")));
    expect(drawn.map((points) => points.length)).toEqual([31, 31, 31]);
    const heights = drawn.map((points) => 100 - Number(points.at(-1)!.split(",")[1]));
    mild.errors.forEach((error, i) => {
      const share = Number(error) / Number(mild.errors[0]);
      expect(heights[i]! / heights[0]!).toBeCloseTo(share, 1);
    });
    expect(await said(page)).toBe(
      `After 3 rounds and 600 actions of the expert, DAgger is ${mild.measures[2]} off the curve on average, cloning ${mild.measures[1]}, the expert ${mild.measures[0]}.`,
    );
    expect(mild.measures[0]).toBe("0.33");
    await slider(page, /^Wind/).focus();
    await page.keyboard.press("End");
    await settled(page);
    const windy = onThePath(pathWith({ noise: 0.2 }), 1, 3)[3]!;
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
      await page.getByText("Run 2, test drive 2 of 20").waitFor();
      const second = [await figures(page), await errors(page), await place(page, "dagger")];
      await page.context().close();
      return { first, second };
    };
    const once = await visit();
    expect(once.second).not.toEqual(once.first);
    expect(once.second[0]).toEqual(onTheRoad(fair.inGusts!(0.5), 2, 3)[3]!.figures);
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
      await page
        .getByText(arena === "Path" ? "off the curve here" : "Here a crash ends the drive")
        .waitFor();
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
