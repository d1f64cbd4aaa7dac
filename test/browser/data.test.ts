import { expect, test } from "vitest";
import { formats } from "../../shared/data/formats/index.ts";
import { lessonFile } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { eventsOf, join } from "../server/server.ts";
import { fullHistory } from "../shared/data/lessons.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, fourier, openLesson, taught } from "./lessons.ts";
import { dataIn, filesOf } from "./takenData.ts";

useGame();

test("a page's archive has the files that the server's export has, byte for byte", async () => {
  const { events } = await fullHistory();
  const response = await fetch(`${server.address}/api/lessons/file`, {
    method: "POST",
    body: lessonFile(events),
  });
  const { id } = (await response.json()) as { id: string };
  const page = await browser.newPage(desktop);
  await page.goto(`${server.address}?lesson=${id}`);
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.press("?");
  const { "codebook.md": words, "codebook.json": json, ...tables } = await dataIn(page);
  const expected = await Promise.all(
    Object.keys(formats).map((format) => filesOf(format, events, id)),
  );
  expect(tables).toEqual(Object.assign({}, ...expected));
  expect(words).toContain("### `steps`");
  expect(JSON.parse(json!).tables).toHaveLength(7);
  await page.close();
});

test("a page tells when one acted and with what, of a drive and of an answer", async () => {
  const id = await taught("road", 1, fourier);
  const teacher = await join(server, id);
  const last = async () => (await eventsOf(teacher)).at(-1)!;
  const page = await openLesson(id);
  await page.locator(".saved.open").waitFor();
  await page.locator(".steps button").first().click();
  await page.getByText("Press ← or → to go again").waitFor();
  await page.keyboard.down("ArrowLeft");
  await page.waitForTimeout(1500);
  await page.keyboard.up("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await last()).type).toBe("demonstrated");
  const drive = (await last()) as Extract<LessonEvent, { type: "demonstrated" }>;
  const { inputs, times } = drive.recording!;
  expect(inputs).toEqual(["keys"]);
  expect(times).toHaveLength(drive.episode.controllers.length);
  // Twenty steps a second, however many of them came in one frame.
  const ms = times.reduce((sum, one) => sum + one, 0);
  expect(ms / times.length).toBeGreaterThan(40);

  await page.locator(".steps button").nth(3).click();
  await page.getByText("What would you do here?", { exact: true }).waitFor({ timeout: 20_000 });
  await page.waitForTimeout(400);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await last()).type).toBe("labelled");
  const { recording } = (await last()) as Extract<LessonEvent, { type: "labelled" }>;
  expect(recording).toMatchObject({ input: "keys" });
  expect(recording!.ms).toBeGreaterThan(390);
  expect(recording!.ms).toBeLessThan(20_000);
  await page.context().close();
  await teacher.room.leave();
});
