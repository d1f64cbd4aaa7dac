import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { OutFile } from "../../shared/data/formats/format.ts";
import { formats } from "../../shared/data/formats/index.ts";
import { lessonFile } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { eventsOf, join } from "../server/server.ts";
import { fullHistory, lessonRecord } from "../shared/data/lessons.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, fourier, openLesson, taught } from "./lessons.ts";
import { builtPages, FileServer } from "./static.ts";

useGame();

/** The files of a format, as text in Latin letters: byte by byte. */
async function filesOf(format: string, id: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const file = (name: string): OutFile => {
    files[`${format}/${name}`] = "";
    return {
      size: 0,
      write(data) {
        files[`${format}/${name}`] += Buffer.from(data as string).toString("latin1");
      },
      close() {},
    };
  };
  const writing = formats[format]!.begin({ file });
  await writing.add(await lessonRecord(await fullHistory(), id));
  await writing.finish();
  return files;
}

/** Takes the data out in the help dialog; resolves to the files in the archive. */
async function dataIn(page: Page): Promise<Record<string, string>> {
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.press("?");
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Take the data out as tables" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^dagger-dojo-road-\d{4}-\d\d-\d\d-data\.zip$/);
  const archive = unzipSync(await readFile(await download.path()));
  return Object.fromEntries(
    Object.entries(archive).map(([name, bytes]) => [name, Buffer.from(bytes).toString("latin1")]),
  );
}

test("a page's archive has the files that the server's export has, byte for byte", async () => {
  const response = await fetch(`${server.address}/api/lessons/file`, {
    method: "POST",
    body: lessonFile((await fullHistory()).events),
  });
  const { id } = (await response.json()) as { id: string };
  const page = await browser.newPage(desktop);
  await page.goto(`${server.address}?lesson=${id}`);
  const { "codebook.md": words, "codebook.json": json, ...tables } = await dataIn(page);
  const expected = await Promise.all(Object.keys(formats).map((format) => filesOf(format, id)));
  expect(tables).toEqual(Object.assign({}, ...expected));
  expect(words).toContain("### `steps`");
  expect(JSON.parse(json!).tables).toHaveLength(6);
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

test("a lesson that no server keeps can be taken out in the same way", async () => {
  const files = new FileServer(await builtPages());
  await files.start();
  const page = await browser.newPage(desktop);
  await page.goto(files.address);
  const text = lessonFile((await fullHistory()).events);
  const file = { name: "lesson.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) };
  await page.getByLabel("Open a lesson file").setInputFiles(file);
  const { "csv/steps-road.csv": steps } = await dataIn(page);
  const id = new URL(page.url()).searchParams.get("lesson")!;
  expect(steps).toBe((await filesOf("csv", id))["csv/steps-road.csv"]);
  await page.close();
  await files.stop();
});
