import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportStudy } from "../../server/export/study.ts";
import { renewResearcherSecret } from "../../server/studies/command.ts";
import type { StudyEvent } from "../../shared/study/events.ts";
import { Study } from "../../shared/study/study.ts";
import { type RunningServer, startServer, temporaryFolder } from "../server/server.ts";
import { runBots } from "../studies/pilot.ts";
import { pilotProtocol } from "../studies/protocol.ts";
import { launch } from "./chromium.ts";
import { findings } from "./findings.ts";
import { desktop, phone, seeRound } from "./lessons.ts";

/** Where the pictures are left, to be looked at. */
const screens = "dist/screens";
const folder = temporaryFolder();
let server: RunningServer;
let browser: Browser;

/** A study with one task in a world that waits, so that a test can take it as slowly as it likes. */
const short = {
  ...pilotProtocol(50),
  title: "Teaching a walker <b>politely</b>",
  plan: {
    levels: [
      {
        title: "In the garden",
        instructions: ["Walk once, as you like.", "Then answer the questions."],
        world: "garden",
        demonstrations: { least: 1, most: 1, seeds: [7000] },
        learner: { policy: "softmax", query: "novel", budget: 2, drives: 2 },
        rounds: 1,
        corrections: { ways: ["time-stop"], least: 2, most: 2 },
        tools: ["undo"],
      },
    ],
  },
  conditions: [{ name: "all" }],
};

/** The same, in which nobody is told how well the learner does. */
const quiet = {
  ...short,
  plan: { levels: short.plan.levels.map((level) => ({ ...level, numbers: false })) },
};

/** The same in a language from right to left. */
const arabic = {
  ...short,
  title: "تعليم السيارة",
  language: "ar",
  direction: "rtl",
  words: {
    consent: "قبل أن تبدأ",
    agree: "أوافق، لنبدأ",
    decline: "لا أوافق",
    instructions: "التعليمات",
    next: "متابعة",
    check: "بعض الأسئلة أولاً",
    checkSend: "تحقق من إجاباتي",
  },
  consent: { version: "2", text: ["ندعوك للمشاركة في دراسة (study) عن تعليم الآلات."] },
  instructions: [{ text: ["قُد السيارة مرة واحدة.", "ثم أجب عن الأسئلة."] }],
  check: { questions: [{ text: "من يقود أولاً؟", options: ["البرنامج", "أنا"], correct: 1 }] },
};

beforeAll(async () => {
  mkdirSync(screens, { recursive: true });
  for (const [name, protocol] of Object.entries({
    short,
    quiet,
    arabic,
    "pilot-desktop": pilotProtocol(50),
    "pilot-phone": pilotProtocol(50),
  }))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(protocol));
  const env = { STUDIES_DIR: folder };
  [server, browser] = await Promise.all([startServer(temporaryFolder(), env), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Looks at a screen in both themes: it fits, axe finds nothing, and a picture of it is left. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(150);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, name).toBe(0);
    expect(await findings(page, colorScheme === "dark"), `${name}, ${colorScheme}`).toEqual([]);
    await page.screenshot({ path: join(screens, `study-${name}-${colorScheme}.png`) });
  }
}

async function pressed(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** From the panel's link to the lesson of the first task. */
async function toTask(
  page: Page,
  id: string,
  seen = async (_: string) => {},
  study = "short",
): Promise<void> {
  await page.goto(`${server.address}/study/${study}?PROLIFIC_PID=${id}&STUDY_ID=st&SESSION_ID=se`);
  await page.getByRole("heading", { name: "Before you begin" }).waitFor();
  await seen("consent");
  await pressed(page, "I agree, begin");
  await page.getByRole("heading", { name: "Instructions" }).waitFor();
  await seen("instructions");
  await pressed(page, "Continue");
  await page.getByLabel("No", { exact: true }).check();
  await pressed(page, "Check my answers");
  await page.getByText("Not all of your answers were right").waitFor();
  await seen("check");
  await page.getByLabel("Yes", { exact: true }).check();
  await pressed(page, "Check my answers");
  await page.getByRole("heading", { name: "Task 1 of 1: In the garden" }).waitFor();
  await seen("begin");
  await pressed(page, "Begin the task");
  await page.locator(".stage canvas").waitFor();
}

/** The address that the panel would be asked for. */
async function panelOf(context: BrowserContext): Promise<{ asked: string | null }> {
  const panel: { asked: string | null } = { asked: null };
  await context.route("https://panel.example/**", (route) => {
    panel.asked = route.request().url();
    return route.fulfill({ contentType: "text/html", body: "<h1>The panel</h1>" });
  });
  return panel;
}

describe.concurrent.each([
  ["desktop", desktop],
  ["phone", phone],
] as const)("on a %s", (size, options) => {
  test("a participant goes through a study, with a reload in the middle, and is sent back to the panel", async () => {
    const context = await browser.newContext({ ...options, deviceScaleFactor: 1 });
    const panel = await panelOf(context);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    const seen = (name: string) => look(page, `${name}-${size}`);
    await toTask(page, `anna-${size}`, seen);

    // Nothing of the page leads elsewhere, and what the plan has not is not there.
    expect(await page.getByRole("link").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Reward" }).count()).toBe(0);
    await page.locator(".task").getByText("Demonstrations 0 / 1").waitFor();
    await seen("task");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.locator(".task").getByText("Demonstrations 1 / 1").waitFor();

    await page.reload();
    await page.locator(".task").getByText("Demonstrations 1 / 1").waitFor();
    await page.locator(".stage canvas").waitFor();
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: "Watch the clone" }).waitFor({ timeout: 60_000 });
    await seeRound(page);
    expect(await page.getByRole("button", { name: /^Race/ }).count()).toBe(0);
    await page.getByRole("button", { name: /^Correct it/ }).click();
    for (let i = 1; i <= 2; i++) {
      await page
        .locator(".task")
        .getByText(`Corrections ${i - 1} / 2`)
        .waitFor();
      const answer = page.getByRole("button", { name: /^Answer/ });
      // It can be answered once one has been shown how it got there.
      while (!(await answer.isEnabled())) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }
    await page.locator(".task").getByText("Corrections 2 / 2").waitFor();
    await page.keyboard.press("t");
    await page.locator(".task").getByText("This task is done.").waitFor({ timeout: 60_000 });
    await seen("done");
    await page.locator(".task").getByRole("button", { name: "Continue" }).click();

    await page.getByRole("heading", { name: "A few last questions" }).waitFor();
    await page.getByLabel("second").check();
    await page.getByLabel("Remarks?").fill("Это <i>я</i> & مرحبا");
    // What has been answered is there after a reload; what is missing is said.
    await page.reload();
    await pressed(page, "Send my answers");
    await page.getByText("Please answer this.").waitFor();
    expect(await page.getByLabel("Remarks?").inputValue()).toBe("Это <i>я</i> & مرحبا");
    await seen("questions");
    await page.locator(".point").nth(4).click();
    expect(panel.asked).toBeNull();
    await pressed(page, "Send my answers");
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    await page.getByText("DONE").waitFor();
    await look(page, `completed-${size}`);
    await page.getByRole("heading", { name: "The panel" }).waitFor();
    expect(panel.asked).toBe("https://panel.example/done");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a plan without numbers shows the learner's drives, and not how good they are", async () => {
    const context = await browser.newContext({ ...options, deviceScaleFactor: 1 });
    const page = await context.newPage();
    await toTask(page, `quiet-${size}`, undefined, "quiet");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.locator(".task").getByText("Demonstrations 1 / 1").waitFor();
    await page.keyboard.press("c");
    await page.getByText("This is how it drives now.").waitFor({ timeout: 60_000 });
    expect(await page.locator(".scores, .guess, .curious, .payoff").count()).toBe(0);
    await look(page, `quiet-${size}`);
    await page.keyboard.press("2");
    await page.getByText("For the curious").click();
    expect(await page.getByText("Loss").count()).toBe(0);
    await page.keyboard.press("3");
    await page.getByRole("button", { name: /^Correct it/ }).click();
    await page.locator(".task").getByText("Corrections 0 / 2").waitFor();
    await context.close();
  });

  test("a study in a language from right to left", async () => {
    const context = await browser.newContext({ ...options, deviceScaleFactor: 1 });
    const page = await context.newPage();
    await page.goto(`${server.address}/study/arabic?PROLIFIC_PID=${size}`);
    await page.getByRole("heading", { name: "قبل أن تبدأ" }).waitFor();
    expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
    await look(page, `rtl-consent-${size}`);
    await pressed(page, "أوافق، لنبدأ");
    await pressed(page, "متابعة");
    await page.getByLabel("أنا").waitFor();
    await look(page, `rtl-check-${size}`);
    await context.close();
  });

  test("the researcher sees how it goes, downloads the tables and deletes a participant", async () => {
    const study = `pilot-${size}`;
    await runBots(server, study, 8, 8);
    const place = { kind: "sqlite", folder: server.dataFolder } as const;
    const secret = await renewResearcherSecret(study, place);
    const context = await browser.newContext({ ...options, deviceScaleFactor: 1 });
    const page = await context.newPage();
    await page.goto(`${server.address}/study/${study}/researcher#${secret}`);
    await page.getByRole("heading", { name: "Participants" }).waitFor();
    expect(page.url()).not.toContain(secret);
    await look(page, `researcher-${size}`);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      pressed(page, "Download the tables"),
    ]);
    expect(file.suggestedFilename()).toBe(`${study}.zip`);
    await pressed(page, "Close the study");
    await page.getByText("Closed: nobody new can begin.").waitFor();
    await pressed(page, "Open the study again");
    const rows = page.locator("tr:has(.delete)");
    const before = await rows.count();
    await page
      .getByRole("button", { name: /^Delete participant/ })
      .first()
      .click();
    await page.getByRole("button", { name: /for good$/ }).click();
    await rows.nth(before - 1).waitFor({ state: "detached" });
    expect(await rows.count()).toBe(before - 1);
    await context.close();
  });
});

test("a server that is killed and comes back is waited for, and nothing is asked for twice", async () => {
  const port = new URL(server.address).port;
  const page = await browser.newPage();
  await page.goto(`${server.address}/study/short?PROLIFIC_PID=zoe`);
  await page.getByRole("button", { name: "I agree, begin" }).waitFor();
  await server.kill();
  await pressed(page, "I agree, begin");
  await page.getByText("The server cannot be reached.").waitFor();
  await server.start(port);
  await page.getByRole("heading", { name: "Instructions" }).waitFor();
  expect(await page.getByText("The server cannot be reached.").count()).toBe(0);
  await page.close();
});

test("of a visit the machine's kind is kept, and nothing by which it could be found again", async () => {
  const to = join(temporaryFolder(), "out");
  const from = { kind: "sqlite", folder: server.dataFolder } as const;
  await exportStudy({ from, study: "short", ids: "keep", format: "jsonl", to });
  const log = readFileSync(join(to, "study.jsonl"), "utf8");
  const events: StudyEvent[] = log
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const study = new Study();
  for (const event of events) study.take(event);
  for (const [id, device, viewport] of [
    ["anna-desktop", "computer", [1280, 800]],
    ["anna-phone", "phone", [390, 844]],
  ] as const) {
    const { devices, panelStudy, panelSession } = study.find(id)!;
    expect([panelStudy, panelSession]).toEqual(["st", "se"]);
    // One for each time that the page was opened.
    expect(devices).toHaveLength(3);
    expect(devices[0]).toMatchObject({ v: 1, device, viewport, engine: "Blink" });
    expect(devices[0]!.roundTrip).toBeGreaterThan(0);
  }
  expect(log).not.toMatch(/Mozilla|Chrome|127\.0\.0\.1|::1|localhost/);
});

test("whoever declines is told so, with their code and nothing that follows", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.address}/study/short?PROLIFIC_PID=dora`);
  await pressed(page, "I do not agree");
  await pressed(page, "Yes");
  await page.getByRole("heading", { name: "You are not taking part" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "You are not taking part" }).waitFor();
  await page.close();
});
