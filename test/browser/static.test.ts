import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../../server/sha256.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { refuseHistory } from "../../shared/lesson/admission.ts";
import { readLessonFile } from "../../shared/lesson/file.ts";
import { type LessonEvent, lessonAt } from "../../shared/lesson/fold.ts";
import type { LearnedPolicy } from "../../shared/lesson/protocol.ts";
import { train } from "../../shared/lesson/service/tasks.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { kinds } from "../../shared/worlds/index.ts";
import { demonstrationWorld, type Level } from "../../shared/worlds/level.ts";
import { restOf } from "../../shared/worlds/steering.ts";
import { eventsOf, join, type RunningServer, startServer } from "../server/server.ts";
import { launch } from "./chromium.ts";
import { walkHome } from "./gardener.ts";
import { desktop, toReward } from "./lessons.ts";
import {
  ask,
  begin,
  builtPages,
  complaintsOf,
  FileServer,
  isOpen,
  lessonOf,
  storedIn,
} from "./static.ts";
import { dataIn, filesOf } from "./takenData.ts";

let server: FileServer;
let browser: Browser;

beforeAll(async () => {
  server = new FileServer(await builtPages());
  [browser] = await Promise.all([launch(), server.start()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page in a browser of its own, at a path in the folder. */
async function open(path = "") {
  const context = await browser.newContext({ ...desktop, acceptDownloads: true });
  const complaints = complaintsOf(context, server.address);
  const page = await context.newPage();
  await page.goto(server.address + path);
  return { context, page, complaints };
}

type Trained = Extract<LessonEvent, { type: "trained" }>;
const lastRound = (events: readonly LessonEvent[]) =>
  events.findLast((event): event is Trained => event.type === "trained")!;
const typesOf = (events: readonly LessonEvent[]) => events.map(({ type }) => type);
const left = async (page: Page) => Number(await page.locator(".left b").textContent());

/** What this process computes for a round of a lesson, from its log alone. */
async function digestOf(
  events: readonly LessonEvent[],
  { basis, plan, seed, learningSeed }: Trained,
) {
  const digest = (text: string) => sha256(text).toString("hex");
  const task = { basis, plan, seed, learningSeed };
  const { round } = await train(lessonAt(events, basis), task, () => {}, { now: () => 0, digest });
  return round.digest;
}

/** An answer to each question, and the two other ways of correcting, of the last round. */
function corrections(world: Level, { queries, episodes }: Trained, round: number) {
  const [first] = episodes;
  const action = first!.actions.slice(0, first!.actions.length / first!.controllers.length);
  const drive = demonstrate(world, 6000);
  const controllers = drive.controllers.map((_, t) =>
    t < 20 ? Controller.expert : Controller.learner,
  );
  const asked: Parameters<typeof ask>[1][] = [
    ...queries.map((_, index) => ["label", { round, index, action }] as const),
    ["intervene", { round, episode: { ...drive, controllers } }],
  ];
  if (world.steering.pace === "runs") {
    const rest = restOf(world.steering);
    const actions = first!.actions.map((value, i) =>
      i < 3 * rest.length ? rest[i % rest.length]! : value,
    );
    asked.push(["shadow", { round, drive: 0, actions, speed: 1 }]);
  }
  return asked;
}

describe.concurrent.each(kinds.map(({ title, levels }) => ({ title, world: levels[0] })))(
  "a lesson without a server: $title",
  ({ world }) => {
    test("goes through all its steps, and is computed bit for bit as anywhere", async ({
      expect,
    }) => {
      const { context, page, complaints } = await open();
      await begin(page, world.title);
      const policy = world.action.kind === "continuous" ? "fourier" : "softmax";
      const plan = { policy, query: "novel", budget: 4, drives: 2 };
      await ask(
        page,
        ["demonstrate", { episode: demonstrate(demonstrationWorld(world), 5000) }],
        ["demonstrate", { episode: demonstrate(demonstrationWorld(world), 5001) }],
        ["note", { step: "clone", text: "What it does is what I did." }],
        ["train", { plan }],
      );
      const corrected = corrections(world, lastRound(await storedIn(page)), 0);
      await ask(page, ...corrected, ["train", { plan }]);
      await ask(page, ["infer", {}]);

      const events = await storedIn(page);
      const became = { label: "labelled", intervene: "intervened", shadow: "shadowed" };
      expect(typesOf(events)).toEqual([
        ..."created demonstrated demonstrated noted trained".split(" "),
        ...corrected.map(([name]) => became[name as keyof typeof became]),
        ..."trained inferred".split(" "),
      ]);
      expect(refuseHistory(events)).toBeNull();
      const rounds = events.filter((event): event is Trained => event.type === "trained");
      for (const round of rounds) expect(await digestOf(events, round)).toBe(round.digest);

      const steps = page.locator(".steps button");
      for (let i = 0; i < 5; i++) {
        await steps.nth(i).click();
        await expect.poll(() => steps.nth(i).getAttribute("aria-current")).toBe("step");
      }
      await toReward(page);
      await page.locator(".legend").waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });
  },
);

test("a whole lesson is taught by keys, is there after a reload, and goes to another browser as a file", async () => {
  const { context, page, complaints } = await open();
  await page.getByText("Lessons are kept in this browser only").waitFor();
  await begin(page, "Meadow");
  await walkHome(page);
  await walkHome(page);
  expect(await page.locator(".saved").textContent()).toBe("saved in this browser");
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
  await page.keyboard.press("4");
  await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
  const asked = await left(page);
  expect(asked).toBeGreaterThan(0);
  for (let remaining = asked; remaining > 0; remaining--) {
    await expect.poll(() => left(page)).toBe(remaining);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => left(page)).toBe(remaining - 1);
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Round 2" }).waitFor();
  await toReward(page);
  await page.locator(".legend").waitFor({ timeout: 30_000 });
  const weights = await page.locator(".weights").textContent();

  await page.reload();
  await page.getByRole("heading", { name: "What you want" }).waitFor();
  await expect.poll(() => page.locator(".weights").textContent()).toBe(weights);
  await page.keyboard.press("3");
  await page.getByRole("heading", { name: "Round 2" }).waitFor();
  const events = await storedIn(page);
  expect(typesOf(events).slice(-2)).toEqual(["trained", "inferred"]);

  const file = await takeOut(page);
  expect(readLessonFile(readFileSync(file, "utf8"))).toEqual(events);
  // Pages that no server is behind make the same tables.
  const data = await dataIn(page);
  expect(data).toMatchObject(await filesOf("csv", events, lessonOf(page)));
  const other = await open();
  await hearAnswers(other.context);
  await other.page.reload();
  await other.page.getByLabel("Open a lesson file").setInputFiles(file);
  await isOpen(other.page);
  expect(await storedIn(other.page)).toEqual(events);
  await other.page.keyboard.press("4");
  await other.page.getByRole("radio", { name: "Take over" }).click();
  // The file has no policy: this one has been computed again.
  await expect.poll(() => learnedIn(other.page)).not.toBeNull();
  const { json } = (await learnedIn(other.page))!;
  expect(createHash("sha256").update(json).digest("hex")).toBe(lastRound(events).digest);
  expect([...complaints, ...other.complaints]).toEqual([]);
  await context.close();
  await other.context.close();
});

describe("with a server too", () => {
  let game: RunningServer;
  beforeAll(async () => {
    game = await startServer();
  });
  afterAll(() => game.stop());

  test.each(["Road", "Garden"])(
    "a lesson goes there as a file, has the same digests there, and comes back: %s",
    async (title) => {
      const { context, page } = await open();
      const world = kinds.find((kind) => kind.title === title)!.levels[0];
      await begin(page, world.title);
      const plan = {
        policy: title === "Road" ? "gaussianProcess" : "softmax",
        query: "novel",
        budget: 4,
        drives: 1,
      };
      await ask(
        page,
        ["demonstrate", { episode: demonstrate(demonstrationWorld(world), 5000) }],
        ["train", { plan }],
      );
      const events = await storedIn(page);
      const file = await takeOut(page);

      await page.goto(game.address);
      await page.getByLabel("Open a lesson file").setInputFiles(file);
      await isOpen(page);
      const lesson = lessonOf(page);
      const someone = await join(game, lesson);
      expect(await eventsOf(someone)).toEqual(events);
      // The file has no policy: the server computes it again from the log.
      const { json } = await someone.room.request("policy", {}, { timeout: 60_000 });
      expect(sha256(json).toString("hex")).toBe(lastRound(events).digest);
      // Whoever brought it may go on teaching: the secret came with the lesson.
      await page.keyboard.press("4");
      await page.getByRole("heading", { name: "Answer the questions" }).waitFor();

      const back = await takeOut(page);
      const other = await open();
      await other.page.getByLabel("Open a lesson file").setInputFiles(back);
      await isOpen(other.page);
      expect(await storedIn(other.page)).toEqual(events);
      expect(other.complaints).toEqual([]);
      await Promise.all([context.close(), other.context.close()]);
    },
  );
});

test("a file that is no lesson's is refused in words, and nothing of it is kept", async () => {
  const { context, page, complaints } = await open();
  const choose = async (text: string, words: string) => {
    const file = { name: "lesson.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) };
    await page.getByLabel("Open a lesson file").setInputFiles(file);
    await page.getByText(words).waitFor();
  };
  await choose("no lesson", "This is not the file of a lesson.");
  const header = '{"format":"dagger-dojo lesson","version":1,"events":1}\n';
  const created = '{"seq":1,"at":1,"type":"created","world":"nowhere","taste":null}\n';
  await choose(header + created, "Line 2 of this file is not valid: there is no such world.");
  expect(await page.locator(".stage").count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test.each(["explorer.html", "bc-vs-dagger.html"])("%s works from the folder too", async (path) => {
  const { context, page, complaints } = await open();
  await page.locator(`a[href="${path}"]`).click();
  await page.locator("canvas, svg").first().waitFor();
  await page.waitForLoadState("networkidle");
  expect(complaints).toEqual([]);
  await context.close();
});

test("whatever was asked of the server is in the folder", () => {
  expect(server.asked.length).toBeGreaterThan(20);
  expect(server.missing).toEqual([]);
});

/** Takes the lesson out in the help dialog; resolves to the path of the file. */
async function takeOut(page: Page): Promise<string> {
  await page.keyboard.press("?");
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the lesson as a file" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(
    /^dagger-dojo-(garden|fair)-\d{4}-\d\d-\d\d\.jsonl$/,
  );
  return download.path();
}

/** Has pages remember what their workers answer. */
function hearAnswers(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    const answers: unknown[] = [];
    Object.assign(globalThis, { answers });
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener("message", ({ data }) => answers.push(data.value));
      }
    };
  });
}

/** The policy that a worker has answered with; null while none has. */
function learnedIn(page: Page): Promise<LearnedPolicy | null> {
  return page.evaluate(() => {
    const { answers } = globalThis as unknown as { answers: (LearnedPolicy | undefined)[] };
    return answers.find((answer) => typeof answer?.json === "string") ?? null;
  });
}
