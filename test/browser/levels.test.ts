import type { Page } from "playwright-core";
import { describe, type ExpectStatic, test } from "vitest";
import { type CourseLevel, course } from "../../client/course/course.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { rain } from "../../shared/worlds/garden/levels.ts";
import { kinds } from "../../shared/worlds/index.ts";
import type { Kind } from "../../shared/worlds/level.ts";
import { eventsOf, join } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, phone, worldButton } from "./lessons.ts";

useGame();

async function openFront(options = desktop): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(server.address);
  return page;
}

const worldsOf = (some: readonly Kind[]) =>
  some.flatMap(({ levels }) => levels.map(({ title, teaches }) => [title, teaches] as const));
const levels = worldsOf(kinds.filter(({ isForComparing }) => !isForComparing));
const compared = worldsOf(kinds.filter(({ isForComparing }) => isForComparing));

/** Opens a world by its title. */
async function enter(page: Page, title: string): Promise<void> {
  await worldButton(page, title).click();
  await page.locator(".stage canvas").waitFor();
}

const inLesson = async (expect: ExpectStatic, page: Page, title: string, words: string) => {
  await page.locator(".bar-world", { hasText: title }).waitFor({ state: "attached" });
  expect(await page.locator(".panel .teaches").textContent()).toContain(words);
};

describe("from the front page", () => {
  test("every world and every level is reached by Tab, and opened by Enter", async ({ expect }) => {
    const page = await openFront();
    await page.locator(".play").waitFor();
    const wanted = [...levels.map(([title]) => title), ...course.map(({ title }) => title)];
    const reached = new Set<string>();
    const focused = () =>
      page.evaluate(
        () =>
          document.activeElement?.querySelector("b")?.textContent ??
          document.activeElement?.textContent ??
          "",
      );
    for (let tabs = 0; tabs < wanted.length + 10; tabs++) {
      await page.keyboard.press("Tab");
      reached.add(await focused());
    }
    expect(wanted.filter((title) => !reached.has(title))).toEqual([]);
    const [title, words] = levels.at(-1)!;
    await worldButton(page, title).focus();
    await page.keyboard.press("Enter");
    await inLesson(expect, page, title, words);
    await page.context().close();
  });

  test("every world is reached by a tap, and nothing is wider than a phone", async ({ expect }) => {
    const page = await openFront(phone);
    for (const [title, words] of levels) {
      await page.goto(server.address);
      const button = worldButton(page, title);
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
      await button.tap();
      await inLesson(expect, page, title, words);
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wider).toBe(0);
    }
    await page.context().close();
  });

  test("worlds in which nothing is at stake are begun where learners are compared", async ({
    expect,
  }) => {
    const page = await openFront();
    expect(compared.length).toBeGreaterThan(0);
    for (const [title, words] of compared) {
      await page.goto(`${server.address}/bc-vs-dagger.html`);
      await page.getByRole("radio", { name: "Path" }).check();
      await worldButton(page, title).click();
      await inLesson(expect, page, title, words);
    }
    await page.goto(server.address);
    await page.locator(".play").waitFor();
    expect(await worldButton(page, compared[0]![0]).count()).toBe(0);
    await page.context().close();
  });

  test("digits begin the levels, Enter the next one to play, and neither does with Ctrl or Alt", async ({
    expect,
  }) => {
    const page = await openFront();
    await page.locator(".play").waitFor();
    for (const key of ["Control+1", "Alt+2", "Control+Enter"]) await page.keyboard.press(key);
    await page.waitForTimeout(500);
    expect(page.url()).toBe(`${server.address}/`);
    const press = async (key: string, level: CourseLevel) => {
      await page.goto(server.address);
      await page.locator(".play").waitFor();
      await page.keyboard.press(key);
      await page.locator(".bar-world", { hasText: level.title }).waitFor();
      await page.locator(".course-goal", { hasText: level.title }).waitFor();
    };
    for (const [i, level] of course.entries()) await press(String(i + 1), level);
    await press("Enter", course[0]);
    // With a star on the first, the second is next.
    await page.evaluate(
      (name) => localStorage.setItem("dagger-dojo.stars", JSON.stringify({ [name]: 2 })),
      course[0].name,
    );
    await press("Enter", course[1]!);
    await page.goto(server.address);
    await page.locator(".course-level", { hasText: "2 of 3 stars" }).waitFor();
    await page.context().close();
  });

  test.for([
    ["desktop", desktop],
    ["phone", phone],
  ] as const)(
    "on a %s the levels and what else there is are above the fold",
    async ([, options], { expect }) => {
      const page = await openFront(options);
      await page.locator(".play").waitFor();
      const fold = await page.evaluate(() => innerHeight);
      for (const one of [".play", ".course-level", ".extras a"]) {
        for (const button of await page.locator(one).all()) {
          const { y, height } = (await button.boundingBox())!;
          expect(y + height, one).toBeLessThanOrEqual(fold);
          expect(height).toBeGreaterThanOrEqual(44);
        }
      }
      expect(await page.locator(".course-level").count()).toBe(course.length);
      await page.context().close();
    },
  );
});

// Side by side from here on: most of a drive is waiting for it to be over.
describe.concurrent("the best", () => {
  test("is told after a drive, and is there after a reload and on the front page", async ({
    expect,
  }) => {
    const page = await openFront();
    await enter(page, "Oval");
    expect(await page.locator(".reached").count()).toBe(0);
    // The pointer leads the car; wherever it goes, ten seconds later there is a best.
    const stage = (await page.locator(".stage").boundingBox())!;
    await page.waitForTimeout(800);
    await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height / 2);
    await page.mouse.down();
    await page.locator(".saved-line").waitFor({ timeout: 30_000 });
    await page.mouse.up();
    const said = (await page.locator(".saved-line").textContent())!;
    // One is congratulated on a drive without a crash only.
    expect(said.includes("Your best so far")).toBe(said.includes(" 0 crashes"));
    const best = await page.locator(".panel .reached").textContent();
    expect(best).toMatch(/^Your best so far: -?\d\.\d\d laps (before the first|without a) crash$/);

    await page.reload();
    await page.getByRole("button", { name: "Demonstrate" }).click();
    await page.locator(".panel .reached").waitFor();
    expect(await page.locator(".panel .reached").textContent()).toBe(best);
    await page.goto(server.address);
    const worlds = page.locator(".world");
    expect(await worlds.filter({ hasText: "Oval" }).textContent()).toContain(best!);
    expect(await worlds.filter({ hasText: "Still air" }).textContent()).not.toContain("best");
    await page.context().close();
  });

  test("that something else has written into the browser's memory is no best", async ({
    expect,
  }) => {
    const page = await openFront();
    await page.evaluate(() => {
      localStorage.setItem("dagger-dojo.record.oval", '{"yours":{"ranks":"none"}}');
      localStorage.setItem("dagger-dojo.record.road", "{");
    });
    await page.reload();
    await worldButton(page, "Oval").waitFor();
    expect(await page.locator(".reached").count()).toBe(0);
    await page.context().close();
  });
});

test.concurrent("a walk in the rain is accepted by the server, slips and all, and ends where it was seen to", async ({
  expect,
}) => {
  const page = await openFront();
  await enter(page, "Rain");
  const place = page.locator(".whereabouts");
  const slipped = page.locator(".slipped");
  let slips = 0;
  let last = "";
  const state = () => {
    const [row, column] = last.match(/\d+/g)!.map(Number) as [number, number];
    return Float64Array.of(row - 1, column - 1);
  };
  const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Space"];
  const action = new Float64Array(1);
  await place.waitFor();
  for (let t = 0; t < rain.horizon; t++) {
    last = (await place.textContent())!;
    if (last.includes(", home.")) break;
    rain.expert(state(), action);
    await page.keyboard.press(keys[action[0]!]!);
    await page
      .locator(`.whereabouts[data-time="${t + 1}"], .saved-line`)
      .first()
      .waitFor({ timeout: 5000 });
    if ((await slipped.textContent())!.includes("slipped")) slips++;
    if ((await page.locator(".saved-line").count()) > 0) break;
  }
  await page.locator(".saved-line").waitFor();
  const id = new URL(page.url()).searchParams.get("lesson")!;
  const reader = await join(server, id);
  const lesson = (await eventsOf(reader)).reduce(apply, emptyLesson);
  await reader.room.leave();
  expect(lesson.demonstrations.length).toBe(1);
  const { episode } = lesson.demonstrations[0]!;
  const { states, actions, length } = replay(rain, episode);
  const next = new Float64Array(2);
  let elsewhere = 0;
  for (let t = 0; t < length; t++) {
    rain.step(states.slice(2 * t, 2 * t + 2), actions.slice(t, t + 1), null, next);
    if (String(next) !== String(states.slice(2 * t + 2, 2 * t + 4))) elsewhere++;
  }
  // The last step's words are gone with the walk.
  expect(elsewhere - slips).toBeGreaterThanOrEqual(0);
  expect(elsewhere - slips).toBeLessThanOrEqual(1);
  await page.context().close();
});

describe.concurrent("from close by", () => {
  test("a pointer that is held still drives a whole drive, and V goes there and back", async () => {
    const page = await openFront();
    await enter(page, "Chicane");
    await page.keyboard.press("v");
    await page.getByRole("button", { name: "See the whole road" }).waitFor();
    const stage = (await page.locator(".stage").boundingBox())!;
    await page.waitForTimeout(800);
    await page.mouse.move(stage.x + stage.width * 0.6, stage.y + stage.height * 0.5);
    await page.mouse.down();
    await page.locator(".saved-line").waitFor({ timeout: 30_000 });
    await page.mouse.up();
    await page.keyboard.press("v");
    await page.getByRole("button", { name: "Follow the car" }).waitFor();
    await page.context().close();
  });
});
