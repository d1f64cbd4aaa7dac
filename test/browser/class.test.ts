import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lead } from "../classes/pupil.ts";
import { type RunningServer, startServer, temporaryFolder } from "../server/server.ts";
import { launch } from "./chromium.ts";
import { findings } from "./findings.ts";
import { desktop, phone, seeRound } from "./lessons.ts";

/** Where the pictures are left, to be looked at. */
const screens = "dist/screens";
const projector: BrowserContextOptions = { viewport: { width: 1920, height: 1080 } };
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  [server, browser] = await Promise.all([startServer(temporaryFolder()), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Somebody with a browser of their own, and what their pages complained of. */
async function someone(options: BrowserContextOptions) {
  const context = await browser.newContext({ ...options, deviceScaleFactor: 1 });
  const complaints: string[] = [];
  context.on("weberror", (error) => complaints.push(error.error().message));
  return { context, page: await context.newPage(), complaints };
}

/** Looks at a screen in both themes: it fits, axe finds nothing, and a picture of it is left. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(
      (theme) => document.documentElement.dataset.theme === theme,
      colorScheme,
    );
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, name).toBe(0);
    expect(await findings(page, colorScheme === "dark"), `${name}, ${colorScheme}`).toEqual([]);
    await page.screenshot({ path: join(screens, `class-${name}-${colorScheme}.png`) });
  }
}

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();
const task = (page: Page) => page.locator(".task");

/** A teacher begins a class with a plan of their own, in a world that waits: a test can be as slow as it likes. */
async function begin(page: Page): Promise<{ code: string; id: string }> {
  await page.goto(server.address);
  await page.getByRole("link", { name: "Start a class, or join one" }).click();
  await page.getByText("A plan of your own").click();
  await page.getByRole("combobox", { name: "World" }).selectOption("garden");
  await page.getByLabel("Questions in a round").selectOption("4");
  await page.getByRole("combobox", { name: "Rounds" }).selectOption("1");
  await look(page, "door");
  await press(page, "Start the class");
  await page.getByRole("heading", { name: "The pace" }).waitFor();
  const code = (await page.locator(".join-code").textContent())!.replace(/[^A-Z]/g, "");
  return { code, id: new URL(page.url()).searchParams.get("class")! };
}

/** Lets everybody go as far as a step, which counts once the server says so. */
async function allow(page: Page, step: string): Promise<void> {
  await page.getByLabel(step, { exact: true }).click({ force: true });
  await page.getByRole("radio", { name: step, exact: true, checked: true }).waitFor();
}

async function come(page: Page, code: string, nickname: string): Promise<void> {
  await page.goto(`${server.address}/class/${code.toLowerCase()}`);
  await page.getByLabel("Your name in this class").fill(nickname);
  await press(page, "Join");
}

async function demonstrate(page: Page): Promise<void> {
  await page.locator(".stage canvas").waitFor();
  await task(page).getByText("Demonstrations 0 of 1").waitFor();
  const done = task(page).getByText("Well done.");
  // Its first keys may come before there is somebody to walk.
  do {
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await done.waitFor({ timeout: 5000 }).catch(() => {});
  } while (!(await done.isVisible()));
}

/** Trains the clone. */
async function clone(page: Page): Promise<void> {
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor({ timeout: 60_000 });
}

/** Watches the clone, answers all questions and trains again. */
async function teach(page: Page): Promise<void> {
  await seeRound(page);
  await press(page, /^Correct it/);
  // Each is answered by the same key twice, once one has been shown how it got there.
  const given = task(page).getByText(/corrections (\d+) of \1$/);
  while (!(await given.isVisible())) await page.keyboard.press("ArrowDown", { delay: 30 });
  const learn = page.getByRole("button", { name: /^See what it learned/ });
  const done = task(page).getByText("You are done.");
  // The last answer may still be on its way when it is first pressed.
  do {
    await learn
      .first()
      .click({ timeout: 5000 })
      .catch(() => {});
    await done.waitFor({ timeout: 15_000 }).catch(() => {});
  } while (!(await done.isVisible()));
}

async function all(...contexts: BrowserContext[]): Promise<void> {
  await Promise.all(contexts.map((context) => context.close()));
}

test("a class goes from its code to its debrief, with a wall, a teacher and two pupils", async () => {
  const [teacher, wall, ada, ben] = await Promise.all([
    someone(desktop),
    someone(projector),
    someone(desktop),
    someone(phone),
  ]);
  const { code, id } = await begin(teacher.page);
  expect(teacher.page.url()).not.toContain("#");
  // Everybody shows first; nobody goes on alone.
  await allow(teacher.page, "Demonstrate");
  await wall.page.goto(`${server.address}/class.html?class=${id}&wall`);
  await wall.page
    .getByText(`${code.slice(0, 3)} ${code.slice(3)}`)
    .first()
    .waitFor();
  await look(wall.page, "wall-code");

  await ben.page.goto(`${server.address}/class.html`);
  await ben.page.getByLabel("The six letters on the big screen").fill("BCO");
  await ben.page.getByText("No class has “O” in its letters").waitFor();
  await ben.page.goto(`${server.address}/class/${code}`);
  await ben.page.getByLabel("Your name in this class").waitFor();
  await look(ben.page, "join-phone");
  await come(ada.page, code, "Ada <b>");
  await task(ada.page).waitFor();
  await come(ben.page, code, "ada <B>");
  await ben.page.getByRole("alert").waitFor();
  await come(ben.page, code, "Ben");
  await demonstrate(ada.page);
  // A reload is coming back to the same lesson.
  await ada.page.reload();
  await task(ada.page).getByText("Wait for your teacher").waitFor();
  await demonstrate(ben.page);
  // What is held is not there to be pressed, and says why.
  await ben.page.getByText("Your teacher has not begun this step yet.").first().waitFor();
  for (const name of [/^Clone me/, /^(2 )?Clone$/])
    expect(await ben.page.getByRole("button", { name }).isDisabled()).toBe(true);
  // Where it is pressed all the same, it is refused once and for all.
  const key = `dagger-dojo.class.${id}`;
  const secret = await teacher.page.evaluate((key) => localStorage.getItem(key)!, key);
  const { pupils } = await lead(server, { id, secret }, { type: "look" });
  const beside = await ben.context.newPage();
  await beside.goto(`${server.address}/?lesson=${pupils[1]!.lesson}`);
  await beside.getByRole("button", { name: /^Clone me/ }).click();
  await beside.getByRole("alert").getByText("Your teacher has not begun this step yet.").waitFor();
  await beside.getByRole("status").getByText("saved", { exact: true }).waitFor();
  await beside.close();
  for (const { page } of [wall, teacher])
    await page.getByText("2 of 2 pupils are ready for “Clone”").waitFor();
  await wall.page.getByRole("button", { name: /^Ada <b>/ }).waitFor();
  await wall.page.getByRole("button", { name: /^Ben/ }).waitFor();

  await press(teacher.page, "Hide the names");
  await wall.page.getByRole("button", { name: /^No. 1/ }).waitFor();
  expect(await wall.page.getByText("Ben").count()).toBe(0);
  await task(ben.page).getByText("On the big screen you are No. 2.").waitFor();
  await press(teacher.page, "Show the names");

  await press(teacher.page, "Eyes to the front");
  await ben.page.getByRole("dialog", { name: "Eyes to the front" }).waitFor();
  await ben.page.keyboard.press("Escape");
  await ben.page.keyboard.press("Escape");
  await ben.page.getByRole("dialog", { name: "Eyes to the front" }).waitFor();
  await look(ben.page, "frozen-phone");
  await look(wall.page, "wall-frozen");
  await press(teacher.page, "Let them go on");
  await ben.page.getByRole("dialog").waitFor({ state: "detached" });

  const second = await teacher.context.newPage();
  await second.goto(teacher.page.url());
  for (const page of [teacher.page, second]) await page.getByText("is open 2 times").waitFor();
  await second.close();
  await teacher.page.getByText("is open 2 times").waitFor({ state: "detached" });

  await lead(server, { id, secret }, { type: "time", seconds: 1 });
  await ben.page.getByRole("dialog", { name: "Time is up" }).waitFor();
  await teacher.page.getByText("Time is up, and everybody has stopped.").waitFor();
  await press(teacher.page, "Let them go on");
  await ben.page.getByRole("dialog").waitFor({ state: "detached" });

  await allow(teacher.page, "Each at their own pace");
  await press(teacher.page, /^5 min/);
  await wall.page.locator(".time-left").waitFor();
  await task(ben.page).locator(".task-time").waitFor();
  await look(ben.page, "pupil-phone");
  // Nobody sees on the wall what they have not guessed about.
  await Promise.all([clone(ada.page), clone(ben.page)]);
  await wall.page.getByRole("button", { name: /^Ada <b>\s*has not guessed yet/ }).waitFor();
  await look(wall.page, "wall-guesses");
  // A page that is closed before the class has heard its guess says it when it is opened again.
  await ada.page.route("**/api/classes/*/pupil", (route) => route.abort());
  const unheard = ada.page.waitForEvent("requestfailed");
  await press(ada.page, /^A quarter or less/);
  await unheard;
  await ada.page.reload();
  await ada.page.unroute("**/api/classes/*/pupil");
  await wall.page.getByRole("button", { name: /^Ada <b>\s*\d/ }).waitFor();
  await wall.page.keyboard.press("g");
  await wall.page.getByRole("button", { name: /^Ben\s*\d/ }).waitFor();
  await Promise.all([teach(ada.page), teach(ben.page)]);
  await wall.page.getByText("2 of 2 pupils are done").waitFor();

  await press(teacher.page, /crash and repair of Ada/);
  await wall.page.getByRole("heading", { name: /^Ada <b>: before and after/ }).waitFor();
  await look(wall.page, "wall-shown");
  // Pupils see it as well while they look to the front.
  await press(teacher.page, "Eyes to the front");
  await ben.page.getByRole("dialog").locator(".tile").first().waitFor();
  await look(ben.page, "frozen-shown-phone");
  await press(teacher.page, "Let them go on");
  await press(teacher.page, "Show all on the wall");
  await wall.page.getByRole("button", { name: /^Ben/ }).click();
  await wall.page.getByRole("button", { name: /^Ada <b>/ }).waitFor({ state: "detached" });
  await wall.page.keyboard.press("Escape");
  await wall.page.getByRole("button", { name: /^Ada <b>/ }).waitFor();

  const showLearner = wall.page.getByRole("button", { name: "Show the class’s learner" });
  await press(teacher.page, /^Train the class’s learner/);
  await showLearner.click({ timeout: 60_000 });
  await wall.page.getByText("Mean of your learners").waitFor({ timeout: 60_000 });
  await wall.page.getByRole("img", { name: /^Where you disagree/ }).waitFor();
  await look(wall.page, "wall-learner");
  await wall.page.keyboard.press("l");
  await look(wall.page, "wall");
  await look(teacher.page, "teacher");

  const [file] = await Promise.all([
    teacher.page.waitForEvent("download"),
    press(teacher.page, "Download all data"),
  ]);
  expect(file.suggestedFilename()).toMatch(/^class-.*\.zip$/);
  await press(teacher.page, "End the class");
  await press(teacher.page, "End the class: nobody can go on");
  await teacher.page.getByText("This class has ended.").waitFor();
  await task(ben.page).getByText("The class has ended.").waitFor();

  await task(ben.page).getByRole("link", { name: "See the results of the class" }).click();
  await ben.page.getByRole("heading", { name: "To discuss" }).waitFor({ timeout: 60_000 });
  expect(await ben.page.locator(".to-discuss li").count()).toBe(3);
  await ben.page.getByText("One learner from all of your answers reached").waitFor();
  // What was guessed in the lesson is there as well as what was guessed beside it.
  const said = ben.page.locator("table", { hasText: "Guesses about the clone" });
  expect(await said.getByText("Ada <b>").count()).toBe(1);
  await look(ben.page, "debrief-phone");
  await wall.page.getByRole("link", { name: "Debrief" }).click();
  await wall.page.getByRole("heading", { name: "To discuss" }).waitFor();
  await look(wall.page, "debrief");

  // Whoever was in it finds their lesson; nobody else is let in.
  await ada.page.goto(`${server.address}/class/${code}`);
  await ada.page.getByRole("link", { name: "Go on as Ada <b>" }).waitFor();
  await ada.page.goto(`${server.address}/class`);
  await ada.page.getByLabel("The six letters on the big screen").fill(code);
  await ada.page.getByRole("link", { name: "Go on as Ada <b>" }).waitFor();
  await come(wall.page, code, "Late");
  await wall.page.getByRole("alert").waitFor();
  expect([teacher, wall, ada, ben].flatMap(({ complaints }) => complaints)).toEqual([]);
  await all(teacher.context, wall.context, ada.context, ben.context);
});

test("a server that is killed and comes back finds the class and everybody in it", async () => {
  const [teacher, pupil] = await Promise.all([someone(desktop), someone(phone)]);
  const { code } = await begin(teacher.page);
  await come(pupil.page, code, "Zoe");
  await pupil.page.locator(".stage canvas").waitFor();
  await teacher.page.getByRole("rowheader", { name: "Zoe", exact: true }).waitFor();
  const { port } = new URL(server.address);
  await server.kill();
  await teacher.page.getByText("Nothing is lost").waitFor();
  await server.start(port);
  await teacher.page.getByText("Nothing is lost").waitFor({ state: "detached" });
  await press(teacher.page, "Eyes to the front");
  await pupil.page.getByRole("dialog", { name: "Eyes to the front" }).waitFor();
  await press(teacher.page, "Remove Zoe from the class");
  await press(teacher.page, "Remove Zoe");
  await pupil.page.getByRole("heading", { name: /removed you from this class/ }).waitFor();
  await teacher.page.getByText("1 pupil removed").click();
  await press(teacher.page, "Let Zoe in again");
  await pupil.page.getByRole("dialog", { name: "Eyes to the front" }).waitFor();
  await all(teacher.context, pupil.context);
});

test("a teacher whose machine nobody else finds is told so", async () => {
  const { context, page } = await someone(desktop);
  await page.route("**/api/network", (route) => route.fulfill({ json: { urls: [] } }));
  await begin(page);
  await page.getByText("No phone can open this class").waitFor();
  await page.getByText("No other device can open this address.").waitFor();
  await look(page, "teacher-alone");
  await context.close();
});

test("whoever has half a link, or a wrong code, is told so", async () => {
  const { context, page } = await someone(phone);
  const id = "AAAAAAAAAAAAAAAAAAAAAA";
  await page.goto(`${server.address}/class.html?class=${id}&teach`);
  await page.getByRole("heading", { name: "This is not the teacher’s browser" }).waitFor();
  await look(page, "not-teacher");
  await page.goto(`${server.address}/class.html?class=${id}&pupil=3`);
  await page.getByText("This link is not complete").waitFor();
  await page.goto(`${server.address}/class.html?class=${id}&wall`);
  await page.getByRole("heading", { name: "This class cannot be shown" }).waitFor();
  await come(page, "BBBBBB", "Ida");
  await page.getByRole("alert").waitFor();
  await context.close();
});
