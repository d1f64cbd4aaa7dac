import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import jsQR from "jsqr";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { crashAndRepairOf } from "../../client/lesson/share/crash-and-repair.ts";
import { rollout } from "../../shared/imitation/rollout.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { createLesson, eventsOf, join, newKey, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { seeRound } from "./lessons.ts";

useGame();

/** Where the picture is left, to be looked at. */
const folder = "dist/screens";
const plan = { policy: "gaussianProcess", query: "novel", budget: 20, drives: 2 };

/** A lesson with one demonstration in which the clone was corrected by the scripted expert. */
async function corrected(rounds: number): Promise<string> {
  const id = await createLesson(server, road.name);
  const teacher = await join(server, id);
  const patience = { timeout: 60_000 };
  const episode = rollout(road, road.expert, Controller.expert, 5006);
  await teacher.room.request("demonstrate", { key: newKey(), episode });
  await teacher.room.request("train", { key: newKey(), plan }, patience);
  const action = new Float64Array(1);
  for (let round = 0; round < rounds; round++) {
    const { queries, episodes } = (await eventsOf(teacher))
      .reduce(apply, emptyLesson)
      .rounds.at(-1)!;
    for (const [index, [drive, t]] of queries.entries()) {
      const { states } = replay(road, episodes[drive]!);
      road.expert(states.subarray(t * road.stateSize, (t + 1) * road.stateSize), action);
      await teacher.room.request("label", { key: newKey(), round, index, action: [...action] });
    }
    await teacher.room.request("train", { key: newKey(), plan }, patience);
  }
  await teacher.room.leave();
  return id;
}

/** The picture as the browser decodes it: of each frame its time, a hash, and one of the words on it. */
const decoded = (page: Page, file: Buffer) =>
  page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: "image/gif" });
    await decoder.tracks.ready;
    await decoder.completed;
    const { frameCount, repetitionCount } = decoder.tracks.selectedTrack!;
    const frames: { ms: number; width: number; height: number; hash: string; words: string }[] = [];
    for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
      const { image } = await decoder.decode({ frameIndex });
      const { displayWidth: width, displayHeight: height, duration } = image;
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const [hash, words] = await Promise.all(
        [
          [0, height],
          [height - 40, 40],
        ].map(async ([top, rows]) => {
          const { data } = context.getImageData(0, top!, width, rows!);
          return new Uint8Array(await crypto.subtle.digest("SHA-1", data)).join();
        }),
      );
      frames.push({ ms: duration! / 1000, width, height, hash: hash!, words: words! });
      image.close();
    }
    return { repetitionCount, frames };
  }, file.toString("base64"));

test("the picture says how far the copy got, and that the learner drives on", () => {
  const straight = rollout(road, (_, action) => action.fill(0), Controller.learner, 7);
  const held = rollout(road, road.expert, Controller.learner, 7);
  const rounds = [{ labels: 0 }, { labels: 12 }] as unknown as Lesson["rounds"];
  const lesson = { ...emptyLesson, rounds };
  const race = (learner: Episode) => ({
    episodes: [straight, learner].map((episode, round) => ({ round, episode })),
  });
  const found = crashAndRepairOf(lesson, road, race(held))!;
  expect(found.told).toEqual({
    crash: "The clone: crashed after 0.1 laps",
    repair: "After 12 answers: still driving",
  });
  expect(found.holds).toBe(true);
  // Both begin and crash, or do not, at the same moment.
  expect([...found.crash.falls]).toEqual([found.step]);
  expect(found.crash.poses).toHaveLength(found.step + 2);
  expect(found.repair.falls.size).toBe(0);
  expect(found.repair.poses[0]).toEqual(road.picture.pose(replay(road, held).states));

  const again = crashAndRepairOf(lesson, road, race(straight))!;
  expect(again.told.repair).toBe("After 12 answers: crashed after 0.1 laps");
  expect(again.holds).toBe(false);
  const neither = { episodes: [held, held].map((episode, round) => ({ round, episode })) };
  expect(crashAndRepairOf(lesson, road, neither)).toBeNull();
});

test("a corrected lesson's crash and repair are saved, and shared, as a small animated picture", async () => {
  const id = await corrected(2);
  const page = await browser.newPage({
    // Whoever prefers less motion sends a picture that moves all the same.
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
  });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  // No browser without a window has anybody to send a file to.
  await page.addInitScript(() => {
    const shared: object[] = [];
    Object.assign(navigator, {
      canShare: () => true,
      share: async ({ files, url }: ShareData) =>
        void shared.push({ name: files![0]!.name, type: files![0]!.type, url }),
    });
    Object.assign(globalThis, { shared });
  });
  await page.goto(teachAt(server, id));
  await page.keyboard.press("3");
  await seeRound(page);
  await page.evaluate(() => {
    const looks: number[] = [];
    Object.assign(globalThis, { looks });
    requestAnimationFrame(function look(now) {
      looks.push(now);
      requestAnimationFrame(look);
    });
  });
  const saved = page.waitForEvent("download", { timeout: 120_000 });
  await page.getByRole("button", { name: "Save the replay" }).click();
  const download = await saved;
  const looks = await page.evaluate(() => (globalThis as { looks?: number[] }).looks!);
  // Somebody who drives meanwhile notices little of it.
  expect(Math.max(...looks.slice(1).map((at, i) => at - looks[i]!))).toBeLessThan(1000);

  expect(download.suggestedFilename()).toBe("dagger-dojo-road.gif");
  const file = readFileSync(await download.path());
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/replay.gif`, file);
  expect(file.length).toBeLessThan(1_500_000);
  const { repetitionCount, frames } = await decoded(page, file);
  console.log(`The replay has ${frames.length} frames in ${file.length} bytes.`);
  expect(repetitionCount).toBe(Number.POSITIVE_INFINITY);
  expect(frames.length).toBeGreaterThan(40);
  expect(new Set(frames.map(({ hash }) => hash)).size).toBeGreaterThan(0.8 * frames.length);
  for (const { width, height, ms } of frames.slice(0, -1))
    expect([width, height, ms]).toEqual([480, 300, 100]);
  expect(frames.at(-1)!.ms).toBeGreaterThan(1000);
  // Other words at its end than at its beginning.
  expect(frames.at(-1)!.words).not.toBe(frames[0]!.words);

  // It is not made twice.
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const shared = () => page.evaluate(() => (globalThis as { shared?: object[] }).shared);
  const link = `${server.address}/?lesson=${id}`;
  const gif = { name: "dagger-dojo-road.gif", type: "image/gif", url: link };
  await expect.poll(shared, { timeout: 1000 }).toEqual([gif]);
  expect(await page.getByLabel("A link to this lesson").inputValue()).toBe(link);
  expect(complaints).toEqual([]);
  await page.close();
});

/** What is written in the QR code that the page shows. */
async function scanned(page: Page): Promise<string | undefined> {
  const code = page.locator(".qr svg");
  await code.waitFor();
  const png = (await code.screenshot()).toString("base64");
  const { data, width, height } = await page.evaluate(async (png) => {
    const image = Object.assign(new Image(), { src: `data:image/png;base64,${png}` });
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext("2d")!;
    context.drawImage(image, 0, 0);
    return { data: [...context.getImageData(0, 0, width, height).data], width, height };
  }, png);
  return jsQR(Uint8ClampedArray.from(data), width, height)?.data;
}

test("the links are what a phone can open, and it finds one of them in a QR code", async () => {
  const id = await createLesson(server, road.name);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // The machine that runs this may be in no private network.
  let urls: string[] = ["http://192.168.1.7:2567/"];
  await page.route("**/api/network", (route) => route.fulfill({ json: { urls } }));
  const help = async () => {
    // Another fragment of the same address would load nothing.
    await page.goto("about:blank");
    await page.goto(teachAt(server, id));
    await page.locator(".stage canvas").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Links" }).waitFor();
  };
  const link = (words: string) => page.getByLabel(words).inputValue();
  const secret = new URL(teachAt(server, id)).hash;

  await help();
  const look = `http://192.168.1.7:2567/?lesson=${id}`;
  await expect.poll(() => link("To watch this lesson")).toBe(look);
  expect(await link("To teach")).toBe(look + secret);
  await expect.poll(() => scanned(page)).toBe(look + secret);
  mkdirSync(folder, { recursive: true });
  await page.locator(".help").screenshot({ path: `${folder}/links.png` });

  // In no network the page keeps to what it knows.
  urls = [];
  await help();
  expect(await link("To watch this lesson")).toBe(`${server.address}/?lesson=${id}`);
  await expect.poll(() => scanned(page)).toBe(`${server.address}/?lesson=${id}${secret}`);
  await page.close();
});
