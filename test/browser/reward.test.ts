import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { weightBeliefs } from "../../shared/irl/belief.ts";
import { inferFrom } from "../../shared/irl/reward.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { drought, garden } from "../../shared/worlds/garden/levels.ts";
import type { Terrain } from "../../shared/worlds/garden/plot.ts";
import { kindOf, worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { eventsOf, join } from "../server/server.ts";
import { complaintsOf } from "./complaints.ts";
import { findings } from "./findings.ts";
import { browser, server, useGame } from "./game.ts";
import { anyWay, type Prices, terrainsOf, walkHome } from "./gardener.ts";
import { desktop, openLesson, phone, taught, toReward, worldButton } from "./lessons.ts";
import { pixelOf } from "./pointers.ts";

useGame();

/** In the order of the reward features; the last is what they are measured against. */
const terrains: readonly Terrain[] = ["flowers", "mud", "puddle", "gravel", "lawn"];
const taste = garden.tastes!.duck!;

/** What a step costs under the taste, as its card says of what there is. */
function pricesOf(card: string, level: Level): Prices {
  const prices = { ...anyWay };
  for (const terrain of terrains.filter((one) => terrainsOf(level).includes(one)))
    prices[terrain] = Number(card.match(`${terrain}\\s*(\\d[\\d.]*)`)![1]);
  return prices;
}

/** Whether all of it is in the window, and in the panel that scrolls. */
const isInView = (part: Locator) =>
  part.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const panel = element.closest(".panel")!.getBoundingClientRect();
    return top >= Math.max(0, panel.top) && bottom <= Math.min(innerHeight, panel.bottom);
  });

async function openGarden(
  title = "Meadow",
  options: BrowserContextOptions = { viewport: { width: 1280, height: 800 } },
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage(options);
  const complaints = complaintsOf(page);
  await page.goto(server.address);
  await page.locator(".play").waitFor();
  await worldButton(page, title).click();
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
  return { page, complaints };
}

/** Takes the card with these words, and returns what a step costs under it. */
async function takeCard(page: Page, words: string, level = garden): Promise<Prices> {
  const card = page.locator(".taste");
  for (let i = 0; !(await card.textContent())!.includes(words); i++) {
    expect(i).toBeLessThan(Object.keys(garden.tastes!).length);
    const before = await card.textContent();
    await page.getByRole("button", { name: "Another card" }).click();
    await expect.poll(() => card.textContent()).not.toBe(before);
  }
  return pricesOf((await card.textContent())!, level);
}

const caption = (page: Page) => page.locator(".caption").textContent();

/** The weights that the page shows, in the order of the features. */
async function weights(page: Page): Promise<number[]> {
  await toReward(page);
  await page.getByRole("button", { name: "Try it elsewhere" }).waitFor({ timeout: 30_000 });
  const figures = await page.locator(".weights .figures").allTextContents();
  return figures.map((text) => numberIn(text));
}

/** The ends of the intervals that the page shows, in the order of the features. */
async function intervals(page: Page): Promise<number[][]> {
  const figures = await page.locator(".weights .figures").all();
  const titles = await Promise.all(figures.map((figure) => figure.getAttribute("title")));
  return titles.map((title) => title!.match(/[−+]?\d+\.\d\d/g)!.map(numberIn));
}

function numberIn(text: string): number {
  return Number(text.match(/[−+]?\d+\.\d\d/)![0].replace("−", "-"));
}

describe("before the map is seen", () => {
  test("one guesses, sees it beside the truth, and it is kept", async () => {
    const { page } = await openGarden();
    await walkHome(page);
    await page.keyboard.press("5");
    await page.getByText("What do you like most, or avoid most?").waitFor();
    const choices = await page.locator(".guesses button").allTextContents();
    expect(choices.map((words) => words.slice(0, -2))).toEqual(
      garden.lattice.featureNames.slice(0, -1).map((name) => `Being ${name}`),
    );
    await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
    expect(await page.locator(".weights").count()).toBe(0);
    await page.keyboard.press("b");
    await page.locator(".weights").waitFor({ timeout: 30_000 });
    const rows = await page.locator(".weights li").all();
    const known = await Promise.all(
      rows.map(async (row) => ({
        name: (await row.locator("span").first().textContent())!,
        weight: Math.abs(numberIn((await row.locator(".figures").textContent())!)),
        verdict: await row.getAttribute("class"),
      })),
    );
    const [most] = known
      .slice(0, -1)
      .filter(({ verdict }) => verdict !== "unknown")
      .sort((a, b) => b.weight - a.weight);
    const guessed = garden.lattice.featureNames[1]!;
    const sure = most!.verdict !== "unsure";
    const same = sure ? "Right!" : "The map’s first guess is the same, but it is not sure yet.";
    const says = sure ? "The map says" : "The map is not sure yet, but its first guess is";
    expect(await page.locator(".guessed").textContent()).toBe(
      `Your guess: being ${guessed}. ${most!.name === guessed ? same : `${says}: being ${most!.name}.`}`,
    );
    const told = await page.locator(".guessed").textContent();
    await page.reload();
    await page.locator(".stage canvas").waitFor();
    await page.keyboard.press("5");
    await page.locator(".weights").waitFor();
    expect(await page.locator(".guessed").textContent()).toBe(told);
    await page.close();
  });

  test("on a road it is the middle or the inside of the bend", async () => {
    const page = await openLesson(await taught("road", 1));
    await page.keyboard.press("5");
    await page.getByRole("button", { name: "The middle" }).click();
    await page.locator(".weights").waitFor({ timeout: 60_000 });
    const inside = page.locator(".weights li", { hasText: "inside of bends" });
    const words: Readonly<Record<string, string>> = {
      liked: "The map says: the inside of bends.",
      avoided: "Right!",
      unsure: "The map’s first guess is the same, but it is not sure yet.",
      unknown: "What you did does not show it yet.",
    };
    const verdict = (await inside.getAttribute("class"))!;
    expect(await page.locator(".guessed").textContent()).toBe(
      `Your guess: the middle. ${words[verdict]}`,
    );
    expect(await page.getByText("The car helped you to steer").count()).toBe(0);
    await page.context().close();
  });
});

test("on a phone what was guessed is in view, beside the truth, as soon as it is told", async () => {
  const { page } = await openGarden("Meadow", { ...phone, colorScheme: "dark" });
  await walkHome(page);
  await page.keyboard.press("5");
  await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
  // As far down as the last of the choices.
  await page.getByRole("button", { name: "Just show me" }).scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Being in puddles" }).click();
  const told = page.locator(".guessed");
  await told.waitFor({ timeout: 30_000 });
  await expect.poll(() => isInView(told)).toBe(true);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("What you want");
  await page.context().close();
});

test("who leaves a walk before its end is told that it is not kept, until they go on", async () => {
  const { page } = await openGarden();
  await walkHome(page);
  const untold = page.getByText("Your unfinished walk is not kept.");
  await page.getByText("Your move").waitFor();
  await expect
    .poll(async () => {
      await page.keyboard.press("Space");
      return page.getByText(/\d+ moves left/).count();
    })
    .toBe(1);
  expect(await untold.count()).toBe(0);
  await page.keyboard.press("Escape");
  await page.getByText("Your move").waitFor();
  expect(await untold.count()).toBe(0);
  await expect
    .poll(async () => {
      await page.keyboard.press("Space");
      return page.getByText(/\d+ moves left/).count();
    })
    .toBe(1);
  await toReward(page);
  await page.locator(".weights").waitFor({ timeout: 30_000 });
  await untold.waitFor();
  await page.keyboard.press("1");
  await page.getByText("Your move").waitFor();
  expect(await untold.count()).toBe(0);
  await page.context().close();
});

test("a road where the car helps to steer says so beside its map", async () => {
  const page = await openLesson(await taught("fair", 1));
  await toReward(page);
  await page.locator(".weights").waitFor({ timeout: 60_000 });
  await page.getByText("The car helped you to steer, so the map shows its help, too.").waitFor();
  await page.context().close();
});

describe("in a garden without puddles", () => {
  test("it is said before and after that no walk tells of them, and another garden is a click away", async () => {
    const { page, complaints } = await openGarden("Drought");
    const untold = page.getByText("No walk here can tell if you like being in puddles.");
    await untold.waitFor();
    const card = (await page.locator(".taste").textContent())!;
    const [words] = Object.values(garden.tastes!).flatMap(({ words }) =>
      card.includes(words) ? [words] : [],
    );
    await walkHome(page);
    await weights(page);
    await untold.waitFor();
    const elsewhere = page.locator(".elsewhere");
    await elsewhere.waitFor();
    expect(await elsewhere.textContent()).toMatch(
      /^Another garden would tell more: (Meadow|Maze|Rain), from row \d+, column \d+, /,
    );
    expect(await findings(page)).toEqual([]);
    const address = page.url();
    await page.keyboard.press("g");
    await expect.poll(() => page.url()).not.toBe(address);
    await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
    await expect.poll(() => page.locator(".taste").textContent()).toContain(words);
    expect(await untold.count()).toBe(0);
    // What was shown before is where it was.
    await page.goBack();
    await expect.poll(() => page.url()).toBe(address);
    await page.getByRole("heading", { name: "What you want" }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe("of two gardens", () => {
  /** What the page should show of walks in these lessons, whose own is the first. */
  async function expected(...ids: string[]): Promise<{ weights: number[]; interval: number[][] }> {
    const [here, ...elsewhere] = await Promise.all(
      ids.map(async (id) => {
        const viewer = await join(server, id);
        const lesson = (await eventsOf(viewer)).reduce(apply, emptyLesson);
        await viewer.room.leave();
        const world = worlds[lesson.world]!;
        const trajectories = lesson.demonstrations.map(({ episode }) => replay(world, episode));
        return { world, trajectories };
      }),
    );
    const { world, trajectories } = here!;
    const inferred = inferFrom(world, trajectories, undefined, elsewhere);
    const interval = weightBeliefs(inferred).map((belief) => [...belief.interval]);
    return { weights: [...inferred.weights], interval };
  }

  test("the walks make one map, from both or from this one alone", async () => {
    const { page, complaints } = await openGarden("Drought");
    const { words } = garden.tastes!.dandy!;
    const puddles = garden.lattice.featureNames.indexOf("in puddles");
    const row = page.locator(".weights li", { hasText: "in puddles" });
    const line = page.locator(".joint");
    const idOf = () => new URL(page.url()).searchParams.get("lesson")!;
    const shows = async (of: Awaited<ReturnType<typeof expected>>) => {
      await expect
        .poll(async () => {
          const seen = [...(await weights(page)), ...(await intervals(page)).flat()];
          const wanted = [...of.weights, ...of.interval.flat()];
          return Math.max(...seen.map((value, i) => Math.abs(value - wanted[i]!)));
        })
        .toBeLessThan(0.011);
    };

    const prices = await takeCard(page, words, drought);
    for (let i = 0; i < 2; i++) await walkHome(page, prices, undefined, drought);
    await weights(page);
    expect(await row.getAttribute("class")).toBe("unknown");
    expect(await line.count()).toBe(0);
    const [low, high] = (await intervals(page))[puddles]!;
    const first = idOf();
    await shows(await expected(first));
    const title = (await page.locator(".elsewhere").textContent())!.match(/more: (\w+),/)![1]!;
    const there = kindOf(garden).levels.find((level) => level.title === title)!;
    await page.keyboard.press("g");
    await expect.poll(idOf).not.toBe(first);
    const second = idOf();

    await expect.poll(() => page.locator(".taste").textContent()).toContain(words);
    const card = (await page.locator(".taste").textContent())!;
    await walkHome(page, pricesOf(card, there), undefined, there);
    // One walk from anywhere may tell nothing of puddles; the one that is advised tells the most.
    await weights(page);
    await page.getByRole("button", { name: "Walk from there" }).waitFor();
    await page.keyboard.press("f");
    await walkHome(page, pricesOf(card, there), undefined, there);
    await weights(page);
    await expect
      .poll(() => line.textContent())
      .toContain(`From your walks in two gardens: ${title}\u00a0(2) and Drought\u00a0(2).`);
    const both = await expected(second, first);
    await shows(both);
    const [from, to] = (await intervals(page))[puddles]!;
    expect(to! - from!).toBeLessThan(high! - low! - 0.01);
    expect(await findings(page)).toEqual([]);

    await page.keyboard.press("o");
    await expect
      .poll(() => line.textContent())
      .toContain(`From your walks in this lesson alone: ${title}\u00a0(2).`);
    const alone = await expected(second);
    await shows(alone);
    expect(
      Math.max(...alone.weights.map((w, k) => Math.abs(w - both.weights[k]!))),
    ).toBeGreaterThan(0.1);
    await page.getByRole("button", { name: "Both gardens" }).click();
    await shows(both);

    // It is there after a reload, and in no other browser.
    await page.reload();
    await page.locator(".stage canvas").waitFor();
    await shows(both);
    expect(await line.textContent()).toContain("two gardens");
    const other = await (await browser.newContext(desktop)).newPage();
    await other.goto(page.url());
    await other.locator(".stage canvas").waitFor();
    await toReward(other);
    await other.locator(".weights").waitFor();
    const said = await other.locator(".weights .figures").allTextContents();
    said.forEach((text, k) => {
      expect(numberIn(text)).toBeCloseTo(alone.weights[k]!, 1);
    });
    expect(await other.locator(".joint").count()).toBe(0);
    await other.context().close();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe("the reward map", () => {
  test("of three walks under a dealt taste has the taste's best and worst terrain", async () => {
    const { page, complaints } = await openGarden();
    const prices = await takeCard(page, taste.words);
    expect(prices.gravel - prices.lawn).toBe(-taste.weights[3]!);

    // The map forms while one walks, once one has guessed what is on it: rims of tiles far from the walker change.
    const stage = (await page.locator(".stage").boundingBox())!;
    const corner = { x: stage.x + 40, y: stage.y, width: stage.width - 80, height: 60 };
    const frames = page.getByText("The coloured frames show");
    await walkHome(page, prices);
    expect(await page.locator(".episode-words").textContent()).toContain("at the lowest cost");
    expect(await frames.count()).toBe(0);
    await weights(page);
    await page.keyboard.press("1");
    await page.getByText("Your move").waitFor();
    const before = await page.screenshot({ clip: corner });
    await page.keyboard.press("ArrowLeft");
    await frames.waitFor();
    await expect
      .poll(async () => before.equals(await page.screenshot({ clip: corner })))
      .toBe(false);
    await page.keyboard.press("Escape");

    // Twice more, from where the page says that it would tell the most.
    for (let i = 0; i < 2; i++) {
      await weights(page);
      await page.getByRole("button", { name: "Walk from there" }).waitFor();
      const advice = (await page.locator(".telling").textContent())!;
      await page.keyboard.press("f");
      const [from] = advice.match(/row \d, column \d/)!;
      await expect
        .poll(async () => (await page.locator(".whereabouts").textContent())!.toLowerCase())
        .toContain(from);
      await walkHome(page, prices);
    }

    // Only once the person has played is there nothing more to deal.
    expect(await page.getByRole("button", { name: "Another card" }).count()).toBe(0);

    const recovered = [...(await weights(page)).slice(0, 4), 0];
    const dealt = [...taste.weights.slice(0, 4), 0];
    const best = (values: number[]) => terrains[values.indexOf(Math.max(...values))];
    const worst = (values: number[]) => terrains[values.indexOf(Math.min(...values))];
    expect(best(recovered)).toBe(best(dealt));
    expect(worst(recovered)).toBe(worst(dealt));
    // Walks of the best ones: no mistake tells where β ends.
    await page.getByText("For the curious").click();
    await page.getByText("You made no mistake against your card: β is above").waitFor();
    await page.getByText("If you only liked being at home").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("tells each tile's number by keyboard and pointer, in all of its layers", async () => {
    const { page, complaints } = await openGarden();
    await page.getByRole("button", { name: "Use my own taste" }).click();
    await walkHome(page);
    const recovered = [...(await weights(page)), 0];
    await expect.poll(() => caption(page)).toBe("Reward map");

    // By keyboard: the number of a tile is the weight of what grows there.
    const seen = new Set<string>();
    for (const key of [
      "ArrowDown",
      "ArrowLeft",
      "ArrowDown",
      "ArrowLeft",
      "ArrowUp",
      "ArrowLeft",
    ]) {
      const last = await caption(page);
      await page.keyboard.press(key);
      await expect.poll(() => caption(page)).not.toBe(last);
      const words = (await caption(page))!;
      const [, terrain] = words.match(/^row \d, column \d, (\w+): /)!;
      seen.add(terrain!);
      if (words.includes("not known")) continue;
      const k = [...terrains.slice(0, 4), "home", "lawn"].indexOf(terrain!);
      expect(numberIn(words.split(": ")[1]!), words).toBeCloseTo(recovered[k]!, 2);
    }
    expect(seen.size).toBeGreaterThan(1);

    // By pointer: the tile in the first corner.
    const { tiles } = garden.lattice;
    const { x, y } = tiles.find(({ cell }) => cell === 0)!;
    const corner = await pixelOf(page, garden, [x, y]);
    await page.mouse.move(corner.x, corner.y);
    await expect.poll(() => caption(page)).toMatch(/^row 1, column 1, mud: /);

    await page.getByText("For the curious").click();
    for (const [layer, say] of [
      ["Feature matching", /mud: [−+]?\d/],
      ["Where you went", /mud: you were here (never|once|\d+ times)/],
      ["How sure it is", /mud: \d+ % known, plus or minus \d/],
      ["Reward map", /mud: /],
    ] as const) {
      await page.getByRole("radio", { name: layer }).check();
      await expect.poll(() => caption(page)).toMatch(say);
    }
    expect(await page.getByRole("radio").count()).toBe(4); // no taste was dealt
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("turned loose, it walks beside the person in a garden that nobody has seen", async () => {
    const { page, complaints } = await openGarden();
    await walkHome(page);
    await weights(page);
    await page.setViewportSize({ width: 1280, height: 600 });
    await page.keyboard.press("l");
    await expect.poll(() => caption(page)).toMatch(/^A new place/);
    const told = page.getByText("The learner takes a step when you do.");
    await expect.poll(() => isInView(told)).toBe(true);
    await expect.poll(() => isInView(page.locator(".loose .prices"))).toBe(true);
    for (let i = 0; i < garden.horizon; i++) {
      await page.keyboard.press("Space");
      await page.waitForTimeout(30);
    }
    await expect
      .poll(() => caption(page))
      .toMatch(/^You: 40 moves, not home\. The learner: \d+ moves, (not )?home/);
    await page.keyboard.press("Escape");
    await expect.poll(() => caption(page)).toBe("Reward map");
    expect(complaints).toEqual([]);
    await page.close();
  });
});
