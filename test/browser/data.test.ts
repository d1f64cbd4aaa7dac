import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { OutFile } from "../../shared/data/formats/format.ts";
import { formats } from "../../shared/data/formats/index.ts";
import { lessonFile } from "../../shared/lesson/file.ts";
import { fullHistory, lessonRecord } from "../shared/data/lessons.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop } from "./lessons.ts";
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
