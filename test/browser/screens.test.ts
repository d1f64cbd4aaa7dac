import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { rollout } from "../../shared/imitation/rollout.ts";
import { rewardDriver } from "../../shared/irl/driver.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { seeded } from "../../shared/random.ts";
import { clip, width } from "../../shared/spaces.ts";
import { Controller, replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  teachAt,
} from "../server/server.ts";
import { findings } from "./findings.ts";
import { browser, server, useGame } from "./game.ts";
import { seeRound, toReward } from "./lessons.ts";

useGame();

/** Where the pictures are left, to be looked at. */
const folder = "dist/screens";
const lessons = new Map<string, string>();

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  for (const [name, plan, rounds] of [
    ["road", { policy: "fourier", query: "novel", budget: 12, drives: 2 }, 4],
    ["garden", { policy: "softmax", query: "novel", budget: 8, drives: 5 }, 2],
    ["path", { policy: "fourier", query: "novel", budget: 12, drives: 2 }, 2],
    ["mountain", { policy: "softmax", query: "novel", budget: 8, drives: 2 }, 2],
  ] as const) {
    const id = await createLesson(server, name, name === "garden" ? "gardener" : undefined);
    lessons.set(name, id);
    const teacher = await join(server, id);
    await teach(teacher, name, plan, rounds);
    await teacher.room.leave();
  }
});

/** Unsteady demonstrations, in the garden by the taste that was dealt, and this many rounds of which the last is left half answered. */
async function teach(
  teacher: Participant,
  name: string,
  plan: { policy: string; query: string; budget: number; drives: number },
  rounds: number,
): Promise<void> {
  const world = worlds[name]!;
  const random = seeded(5);
  const unsteady = (state: Float64Array, action: Float64Array) => {
    world.expert(state, action);
    if (world.action.kind === "discrete") return;
    action[0]! += 0.03 * random.normal();
    clip(world.action, action);
  };
  const { gardener } = world.tastes ?? {};
  const driver = gardener ? rewardDriver(world, Float64Array.from(gardener.weights)) : unsteady;
  const demonstrations = { road: 1, garden: 8 }[name] ?? 2;
  for (let i = 0; i < demonstrations; i++) {
    const episode = rollout(world, driver, Controller.expert, 5006 + i);
    await teacher.room.request("demonstrate", { key: newKey(), episode });
  }
  const action = new Float64Array(width(world.action));
  for (let round = 0; round < rounds; round++) {
    await teacher.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
    const lesson = (await eventsOf(teacher)).reduce(apply, emptyLesson);
    const { queries, episodes } = lesson.rounds.at(-1)!;
    const count = round === rounds - 1 ? Math.min(2, queries.length - 1) : queries.length;
    for (let index = 0; index < count; index++) {
      const [drive, t] = queries[index]!;
      const { states } = replay(world, episodes[drive]!);
      world.expert(states.subarray(t * world.stateSize, (t + 1) * world.stateSize), action);
      const answer = { key: newKey(), round, index, action: [...action] };
      await teacher.room.request("label", answer);
    }
  }
  await teacher.room.request("infer", { key: newKey() }, { timeout: 60_000 });
}

/** Pixels by which the page is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** How many colours the stage shows. */
const colours = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".stage canvas")!;
    const data = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4 * 7) {
      seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
    }
    return seen.size;
  });

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

describe.concurrent.each(["desktop", "phone"] as const)("on a %s", (size) => {
  test("every screen fits, in both themes, axe has no finding, and there is something on the stage", async () => {
    const phone = size === "phone";
    const context = await browser.newContext({
      viewport: sizes[size],
      deviceScaleFactor: phone ? 2 : 1,
      hasTouch: phone,
      isMobile: phone,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    const look = async (screen: string) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(200);
        expect(await overflow(page), screen).toBe(0);
        expect(await findings(page, colorScheme === "dark"), `${screen}, ${colorScheme}`).toEqual(
          [],
        );
        await page.screenshot({ path: `${folder}/${screen}-${size}-${colorScheme}.png` });
      }
    };
    await page.goto(server.address);
    await page.locator(".play").waitFor();
    await look("welcome");

    for (const [world, id] of lessons) {
      await page.goto(teachAt(server, id));
      await page.locator(".stage canvas").waitFor();
      for (const [i, step] of ["demonstrate", "clone", "watch", "correct", "reward"].entries()) {
        await page.keyboard.press(String(i + 1));
        await page.waitForTimeout(step === "watch" ? 2500 : 1000);
        if (step === "correct") {
          const key = "down" in worlds[world]!.steering.keys ? "ArrowDown" : "ArrowLeft";
          await page.keyboard.down(key);
          await page.waitForTimeout(250);
          await page.keyboard.up(key);
          await page.waitForTimeout(100);
        }
        if (step === "watch") await look(`${world}-guess`).then(() => seeRound(page));
        if (step === "reward") await look(`${world}-wish`).then(() => toReward(page));
        expect(await colours(page), `${world} ${step}`).toBeGreaterThan(5);
        await look(`${world}-${step}`);
      }
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
