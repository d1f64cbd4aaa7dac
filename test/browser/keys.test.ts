import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { teachAt } from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import { walkHome } from "./gardener.ts";
import { desktop, fourier, openLesson, seeRound, softmax, taught } from "./lessons.ts";

useGame();

test("the keys are those of the world and the step, each with what its button says", async () => {
  const page = await openLesson(await taught("garden", 1, softmax));
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await seeRound(page);
  await page.keyboard.press("Shift+?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  const list = async () => (await dialog.locator("dl > div").allTextContents()).join("|");
  expect(await list()).toMatch(/^EnterCorrect it\|.*GRace\|/);
  expect(await list()).toMatch(
    /\|1Demonstrate\|2Clone\|3Watch\|4Correct\|5Reward\|CClone\|PShow the code\|\?Keys$/,
  );
  // Its keys are its own: no step is gone to behind it.
  await page.keyboard.press("1");
  await page.keyboard.press("Escape");
  expect(await dialog.count()).toBe(0);
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  // It begins at its top, where the way out is; a garden has nothing to come close to.
  await page.keyboard.press("1");
  await page.keyboard.press("?");
  expect(await dialog.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  const { y, height } = (await dialog.getByRole("button", { name: "Close" }).boundingBox())!;
  expect(y + height).toBeLessThan(400);
  expect(await list()).not.toContain("Follow the car");
  await page.keyboard.press("Escape");
  await page.keyboard.press("4");
  await page.getByRole("button", { name: "Keys" }).click();
  expect(await list()).toMatch(/^[↑←↓→]{4}.* or .*Move\|/);
  expect(await list()).toContain("ZTake back");
  await page.getByRole("button", { name: "Close" }).click();
  expect(await dialog.count()).toBe(0);
  await page.context().close();
});

test("time stands still behind the keys; a step begins at its top, in the way chosen last", async () => {
  const page = await openLesson(await taught("road", 1, fourier));
  await page.keyboard.press("1");
  const clock = page.locator(".clock progress");
  const driven = async () => Number(await clock.getAttribute("value"));
  await page.waitForTimeout(800);
  await page.keyboard.down("ArrowLeft");
  await expect.poll(driven).toBeGreaterThan(0);
  await page.keyboard.up("ArrowLeft");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  // A step that was under way when it came is still shown.
  await page.waitForTimeout(300);
  const before = await driven();
  await page.waitForTimeout(500);
  expect(await driven()).toBe(before);
  await page.keyboard.press("Escape");
  await expect.poll(driven).toBeGreaterThan(before);

  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await seeRound(page);
  await page.getByText("For the curious").click();
  const panel = page.locator("main.panel");
  const top = () => panel.evaluate(({ scrollTop }) => scrollTop);
  await panel.evaluate((element) => element.scrollTo(0, 200));
  expect(await top()).toBeGreaterThan(100);
  await page.keyboard.press("4");
  await expect.poll(top).toBe(0);
  await page.getByRole("radio", { name: "Take over" }).click();
  await page.keyboard.press("3");
  await page.keyboard.press("4");
  await expect.poll(() => page.getByRole("radio", { name: "Take over" }).isChecked()).toBe(true);
  await page.context().close();
});

test("half a walk is no demonstration", async () => {
  const page = await openLesson(await taught("garden", 1));
  await page.keyboard.press("1");
  await page.getByText("Your move").waitFor();
  for (const left of [39, 38, 37]) {
    await page.keyboard.press("Space");
    await expect.poll(() => page.locator(".clock").textContent()).toContain(`${left} moves left`);
  }
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("heading", { name: "Show the learner what to do" }).waitFor();
  expect(await page.locator(".episodes li").count()).toBe(1);
  await page.context().close();
});

test("a press too many on the way home does not begin the next walk", async () => {
  const page = await openLesson(await taught("garden", 0));
  const clock = page.locator(".clock");
  await page.getByText("Your move").waitFor();
  await walkHome(page);
  await page.keyboard.press("Space");
  await page.waitForTimeout(1000);
  expect(await clock.textContent()).toContain("Your move");
  await page.keyboard.press("Space");
  await expect.poll(() => clock.textContent()).toContain("39 moves left");
  await page.context().close();
});

test("a press too soon to mean anything does not leave a dead stage", async () => {
  const page = await openLesson(await taught("road", 0));
  const caption = page.locator(".caption");
  const ready = await caption.textContent();
  await page.keyboard.down("ArrowLeft");
  await expect.poll(() => caption.textContent()).not.toBe(ready);
  await page.keyboard.press("Enter");
  await page.keyboard.up("ArrowLeft");
  await expect.poll(() => caption.textContent()).toBe(ready);
  expect(await page.locator(".episodes li").count()).toBe(0);
  await page.context().close();
});

test("a control that was clicked leaves the keys to the stage, one that was reached by Tab does not", async () => {
  const page = await openLesson(await taught("road", 1, fourier));
  const left = async () => Number(await page.locator(".left b").textContent());
  await page.getByRole("button", { name: "4 Correct" }).click();
  await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
  const all = await left();
  /** Until it is one answer more: the first press may cut the lead-in short. */
  const answer = async () => {
    const before = await left();
    for (let presses = 0; presses < 3 && (await left()) === before; presses++) {
      await page.keyboard.press("Enter");
      await page.waitForTimeout(500);
    }
  };
  await answer();
  await answer();
  expect(await left()).toBe(all - 2);
  await page.getByRole("button", { name: "Take back" }).click();
  await expect.poll(left).toBe(all - 1);
  await answer();
  expect(await left()).toBe(all - 2);
  await page.getByRole("button", { name: "Take back" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(left).toBe(all - 1);
  // A chosen radio button has the arrows, and nothing else.
  await page.getByRole("radio", { name: "Questions" }).focus();
  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.context().close();
});

describe("on other keyboards", () => {
  /** Presses the key at a place, with what is printed on it there. */
  const strike = async (page: Page, code: string, key: string) => {
    const devtools = await page.context().newCDPSession(page);
    const text = key.length === 1 ? { text: key } : {};
    await devtools.send("Input.dispatchKeyEvent", { type: "keyDown", code, key, ...text });
    await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", code, key });
    await devtools.detach();
  };

  test("letters are where they are printed: Z on a German one takes back", async () => {
    const page = await openLesson(await taught("garden", 1, softmax));
    await page.keyboard.press("4");
    const left = page.locator(".left b");
    const before = Number(await left.textContent());
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await expect.poll(() => left.textContent()).toBe(String(before - 1));
    await strike(page, "KeyZ", "y");
    await page.getByRole("button", { name: "Take back" }).and(page.locator(":enabled")).waitFor();
    expect(await left.textContent()).toBe(String(before - 1));
    await strike(page, "KeyY", "z");
    await expect.poll(() => left.textContent()).toBe(String(before));
    await page.context().close();
  });

  test("digits need no shift on a French one, and the number pad has them and Enter too", async () => {
    const page = await openLesson(await taught("garden", 1, softmax));
    await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
    await strike(page, "Digit4", "'");
    await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
    await strike(page, "Numpad3", "3");
    await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
    await seeRound(page);
    await strike(page, "NumpadEnter", "Enter");
    await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
    await page.context().close();
  });

  /** Opens a lesson in a browser that tells that its keyboard is a French one. */
  const openInFrench = async (id: string) => {
    const context = await browser.newContext(desktop);
    await context.addInitScript(() => {
      const map = new Map([
        ["KeyW", "z"],
        ["KeyA", "q"],
        ["KeyS", "s"],
        ["KeyD", "d"],
      ]);
      Object.defineProperty(navigator, "keyboard", { value: { getLayoutMap: async () => map } });
    });
    const page = await context.newPage();
    await page.goto(teachAt(server, id));
    await page.locator(".stage canvas").waitFor();
    return page;
  };

  test("what steers is named as it is printed", async () => {
    const page = await openInFrench(await taught("garden", 0));
    await expect.poll(() => page.locator(".hint .keys").first().textContent()).toMatch(/ZQSD$/);
    await page.context().close();
  });

  // With what is printed where an American one has W, A, S and D, and the key that takes back.
  test.each([
    ["an American", "wasd", { face: "Z", code: "KeyZ", key: "z" }],
    ["a German", "wasd", { face: "Z", code: "KeyY", key: "z" }],
    ["a French", "zqsd", { face: "Backspace", code: "Backspace", key: "Backspace" }],
  ])("on %s one what steers takes nothing back, and another key does", async (_, letters, back) => {
    const page = await openLesson(await taught("garden", 1, softmax));
    await page.keyboard.press("4");
    await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
    const left = page.locator(".left b");
    const before = Number(await left.textContent());
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => left.textContent()).toBe(String(before - 1));
    const takeBack = page.getByRole("button", { name: "Take back" });
    await takeBack.and(page.locator(":enabled")).waitFor();
    const answer = page.locator(".answer .expert");
    // The first press may be the one that tells which keyboard it is.
    for (const [i, direction] of ["up", "left", "down", "right"].entries()) {
      await strike(page, `Key${"WASD"[i]}`, letters[i]!);
      await expect.poll(() => answer.textContent()).toBe(direction);
    }
    expect(await left.textContent()).toBe(String(before - 1));
    const { face, code, key } = back;
    expect(await takeBack.locator("kbd").textContent()).toBe(face);
    await strike(page, code, key);
    await expect.poll(() => left.textContent()).toBe(String(before));
    await page.context().close();
  });

  test("where the browser tells that Z steers, the key that takes back is another from the first", async () => {
    const page = await openInFrench(await taught("garden", 1, softmax));
    await page.keyboard.press("4");
    const takeBack = page.getByRole("button", { name: "Take back" });
    await expect.poll(() => takeBack.locator("kbd").textContent()).toBe("Backspace");
    await page.keyboard.press("Shift+?");
    const list = await page.getByRole("dialog").locator("dl > div").allTextContents();
    expect(list).toContain("BackspaceTake back");
    expect(list).not.toContain("ZTake back");
    await page.keyboard.press("Escape");
    await page.getByRole("radio", { name: "Take over" }).click();
    await expect.poll(() => takeBack.locator("kbd").textContent()).toBe("Backspace");
    await page.context().close();
  });
});
