import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createLesson, teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, openLesson } from "./lessons.ts";

useGame();

const text = "<b>bold</b> & 5 < 7\nA, W and 3 are letters here";

const notesIn = async (page: Page) => {
  const notes = page.locator(".notes");
  await notes.locator("summary").click();
  return notes;
};

test("a note is typed with the keyboard alone, is there again after loading, and is shown as text", async () => {
  const id = await createLesson(server, "garden");
  const page = await openLesson(id);
  await page.locator(".notes summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const field = page.getByLabel("A note");
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type(text);
  // What is typed is no command of the lesson's.
  expect(await page.locator('.steps [aria-current="step"]').textContent()).toContain("Demonstrate");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const note = page.locator(".notes li");
  await note.waitFor();
  expect(await field.inputValue()).toBe("");
  expect(await note.locator("p").textContent()).toBe(text);
  expect(await note.locator("p *").count()).toBe(0);
  expect(await note.textContent()).toContain("Demonstrate");
  await page.getByText("saved", { exact: true }).waitFor();

  await page.goto(teachAt(server, id));
  await page.reload();
  const again = await notesIn(page);
  expect(await again.locator("li p").textContent()).toBe(text);
  expect(await again.locator("li p *").count()).toBe(0);
  await page.context().close();
});

test("whoever looks on reads notes and has no field, and sees nothing of them where there are none", async () => {
  const id = await createLesson(server, "garden");
  const owner = await openLesson(id);
  const context = await browser.newContext(desktop);
  const onlooker = await context.newPage();
  await onlooker.goto(`${server.address}/?lesson=${id}`);
  await onlooker.locator(".stage canvas").waitFor();
  expect(await onlooker.locator(".notes").count()).toBe(0);
  const notes = await notesIn(owner);
  await notes.getByLabel("A note").fill("to be seen");
  await notes.getByRole("button", { name: "Add the note" }).click();
  const seen = await notesIn(onlooker);
  expect(await seen.locator("li p").textContent()).toBe("to be seen");
  expect(await seen.locator("textarea, button").count()).toBe(0);
  await context.close();
  await owner.context().close();
});
