import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { OutFile } from "../../shared/data/formats/format.ts";
import { formats } from "../../shared/data/formats/index.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { lessonRecord } from "../shared/data/lessons.ts";

/** The files of a format, as text in Latin letters: byte by byte. */
export async function filesOf(
  format: string,
  events: readonly LessonEvent[],
  id: string,
): Promise<Record<string, string>> {
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
  await writing.add(await lessonRecord({ events: [...events] }, id));
  await writing.finish();
  return files;
}

/** Takes the data out where the help dialog is open; resolves to the files in the archive. */
export async function dataIn(page: Page): Promise<Record<string, string>> {
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the data as tables" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^dagger-dojo-\w+-\d{4}-\d\d-\d\d-data\.zip$/);
  const archive = unzipSync(await readFile(await download.path()));
  return Object.fromEntries(
    Object.entries(archive).map(([name, bytes]) => [name, Buffer.from(bytes).toString("latin1")]),
  );
}
