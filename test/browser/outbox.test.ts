import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import {
  eventsOf,
  join,
  newKey,
  type RunningServer,
  startServer,
  teachAt,
} from "../server/server.ts";
import { server, useGame } from "./game.ts";
import { walkHome } from "./gardener.ts";
import { worldButton } from "./lessons.ts";
import { networkTo } from "./proxy.ts";
import {
  after,
  kept,
  open,
  saved,
  someone,
  taught,
  taughtUntilFull,
  useVisitors,
} from "./visitors.ts";

useGame();
useVisitors();

const port = ({ address }: RunningServer) => new URL(address).port;

/** Walks home with nobody there who would acknowledge it, until `done`. */
async function walkUnheard(page: Page, done: () => Promise<void>): Promise<void> {
  // It ends with the page.
  void walkHome(page).catch(() => {});
  await done();
}

/** Seeds of the episodes that are kept in the browser and not yet stored, by name. */
const unsent = (page: Page): Promise<number[]> =>
  page.evaluate(() =>
    Object.keys(localStorage)
      .filter((name) => name.includes(".unsent."))
      .map((name) => JSON.parse(localStorage.getItem(name)!).body.episode.seed),
  );

const seedsOf = (events: readonly LessonEvent[]) =>
  events.flatMap((event) => (event.type === "demonstrated" ? [event.episode.seed] : []));

/** Fills the browser's storage for the page, to the last character. */
const fill = (page: Page) =>
  page.evaluate(() => {
    for (let size = 2 ** 20; size >= 1; size /= 2) {
      try {
        for (let i = 0; ; i++) localStorage.setItem(`${size}.${i}`, "x".repeat(size));
      } catch {
        // Full, but for less than that.
      }
    }
  });

test("what was done is sent in its order, whatever clocks say, and what an earlier version kept first", async () => {
  const frail = await startServer();
  after.push(() => frail.kill());
  const { id } = await taught(frail, false);
  const context = await someone();
  const ahead = await context.newPage();
  await ahead.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
  });
  await ahead.goto(teachAt(frail, id));
  const behind = await open(context, teachAt(frail, id));
  for (const page of [ahead, behind]) {
    await page.locator(".stage canvas").waitFor();
    await page.keyboard.press("1");
    await page.locator(".whereabouts").waitFor();
  }
  await frail.kill();
  for (const page of [ahead, behind]) await page.getByText(/reconnecting|offline/).waitFor();
  // Named as they were by a clock, which was fast.
  const earlier = { key: newKey(), episode: demonstrate(garden, 5020) };
  await ahead.evaluate(
    ([id, body]) => {
      const order = [2_000_000_000_000, 0].map((n) => n.toString().padStart(15, "0"));
      const letter = JSON.stringify({ name: "demonstrate", body });
      localStorage.setItem(`dagger-dojo.unsent.${id}.${order.join(".")}.${body.key}`, letter);
    },
    [id, earlier] as const,
  );
  const order = [5020];
  for (const page of [ahead, behind]) {
    await walkUnheard(page, () => expect.poll(() => kept(page)).toBe(order.length + 1));
    order.push((await unsent(page)).find((seed) => !order.includes(seed))!);
  }
  await ahead.close();
  await behind.close();
  await frail.start(port(frail));
  const page = await open(context, `${frail.address}/?lesson=${id}`);
  await expect.poll(() => kept(page)).toBe(0);
  expect(seedsOf(await eventsOf(await join(frail, id)))).toEqual([5006, ...order]);
});

test("what has to wait is not overtaken by what was done after it", async () => {
  const { full, id, teacher, before, empty } = await taughtUntilFull();

  const page = await open(await someone(), teachAt(full, id));
  await page.keyboard.press("1");
  await page.locator(".whereabouts").waitFor();
  await walkUnheard(page, () => expect.poll(() => saved(page)).toBe("not saved yet"));
  // By now it is tried every few seconds.
  await page.waitForTimeout(4000);
  await page.getByRole("button", { name: "Delete demonstration 1", exact: true }).click();
  await expect.poll(() => kept(page)).toBe(2);
  empty();
  await expect.poll(() => saved(page)).toBe("saved");
  await expect.poll(() => kept(page)).toBe(0);
  const events = await eventsOf(teacher);
  expect(events.slice(before).map(({ type }) => type)).toEqual(["demonstrated", "forgotten"]);
});

test("what had to wait and is then refused is no longer said to wait", async () => {
  const { full, id, teacher, empty } = await taughtUntilFull();
  const network = await networkTo(full);
  after.push(() => network.close());
  const page = await open(await someone(), teachAt(network, id));
  await page.keyboard.press("1");
  await page.getByRole("button", { name: "Delete demonstration 1", exact: true }).click();
  await expect.poll(() => saved(page)).toBe("not saved yet");
  // Somebody else does it before the page can try again.
  network.down();
  network.cut();
  empty();
  await teacher.room.request("forget", { key: newKey(), demonstration: 2 });
  network.up();
  await page.getByText("There is no such demonstration").waitFor();
  expect(await saved(page)).toBe("saved");
  expect(await page.getByText("keeps trying").count()).toBe(0);
});

test("a browser whose storage is full: the page says so, asks before it goes, and what was done is stored", async () => {
  const frail = await startServer();
  after.push(() => frail.kill());
  const { id } = await taught(frail, false);
  const page = await open(await someone(), teachAt(frail, id));
  await page.keyboard.press("1");
  await page.locator(".whereabouts").waitFor();
  await fill(page);
  await frail.kill();
  await page.getByText(/reconnecting|offline/).waitFor();
  const warning = page.getByRole("alert").getByText("Do not close this page until it says");
  await walkUnheard(page, () => warning.waitFor());
  expect(await kept(page)).toBe(0);
  expect(await saved(page)).toBe("offline, 1 not saved");
  // Nothing else on the page says that it is safe.
  expect(await page.getByText("is kept in this browser").count()).toBe(0);
  const question = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await question).type()).toBe("beforeunload");
  await (await question).dismiss();

  await frail.start(port(frail));
  await expect.poll(() => saved(page), { timeout: 20_000 }).toBe("saved");
  await expect.poll(() => warning.count()).toBe(0);
  expect(await eventsOf(await join(frail, id))).toHaveLength(3);
  // And it lets one go.
  const gone = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await gone;
});

test("a browser that does not keep the right to teach says so, and what to do", async () => {
  const page = await (await someone()).newPage();
  await page.goto(server.address);
  await page.locator(".play").waitFor();
  await fill(page);
  await worldButton(page, "Meadow").click();
  await page.locator(".saved.open").waitFor();
  await page.getByText("Only this page can teach in this lesson").waitFor();
  await page.keyboard.press("?");
  const link = await page.getByLabel(/^To teach/).inputValue();
  const elsewhere = await open(await someone(), link);
  expect(await saved(elsewhere)).toBe("saved");
  expect(await elsewhere.getByText("Only this page can teach").count()).toBe(0);
});
