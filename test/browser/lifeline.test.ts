import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { eventsOf, join, newKey, startServer, teachAt } from "../server/server.ts";
import { server, useGame } from "./game.ts";
import { walkHome } from "./gardener.ts";
import { type Network, networkTo } from "./proxy.ts";
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

const garden = worlds.garden!;
/** Every status that the page tells from now on; one may have passed before a test looks again. */
async function statuses(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const tell = () => told.push(document.querySelector(".saved")!.textContent);
    new MutationObserver(tell).observe(document.querySelector(".saved")!.parentElement!, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
}

/** Leaves letters in the browser, as a page that was closed. */
const leave = (page: Page, id: string, letters: readonly object[]) =>
  page.evaluate(
    ([id, letters]) => {
      for (const [i, letter] of letters.entries()) {
        const order = `${i + 1}`.padStart(15, "0");
        localStorage.setItem(`dagger-dojo.unsent.${id}.${order}.${i}`, JSON.stringify(letter));
      }
    },
    [id, letters] as const,
  );

describe("a line that dies without a word", () => {
  async function through(): Promise<Network> {
    const network = await networkTo(server);
    after.push(() => network.close());
    return network;
  }

  test("in the middle of a label: it is found out, and the label is stored, once", async () => {
    const network = await through();
    const { id, teacher } = await taught(server);
    const page = await open(await someone(), teachAt(network, id));
    await page.locator(".steps button").nth(3).click();
    await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
    const left = async () => Number(await page.locator(".left b").textContent());
    const asked = await left();
    network.down();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await expect.poll(() => kept(page)).toBe(1);
    expect(await eventsOf(teacher)).toHaveLength(3);
    expect(await left()).toBe(asked);
    // It takes a heartbeat and a silence.
    await expect.poll(() => saved(page), { timeout: 30_000 }).toBe("offline, 1 kept here");
    await page.getByText("The server cannot be reached. What you did is kept").waitFor();
    network.up();
    await expect.poll(left, { timeout: 30_000 }).toBe(asked - 1);
    expect(await saved(page)).toBe("saved");
    await expect.poll(() => kept(page)).toBe(0);
    const events = await eventsOf(teacher);
    expect(events.map(({ type }) => type)).toEqual([
      "created",
      "demonstrated",
      "trained",
      "labelled",
    ]);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await expect.poll(left).toBe(asked - 2);
  });

  test("while the machine sleeps: waking is enough, and an episode goes on where it was", async () => {
    const network = await through();
    const { id, teacher } = await taught(server, false);
    const page = await open(await someone(), teachAt(network, id));
    await page.keyboard.press("1");
    const place = page.locator(".whereabouts");
    await place.waitFor();
    await page.waitForTimeout(800);
    const start = await place.textContent();
    for (const key of ["ArrowUp", "ArrowRight", "KeyS", "ArrowLeft"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(300);
      if ((await place.textContent()) !== start) break;
    }
    expect(await place.textContent()).not.toBe(start);
    const before = await place.textContent();
    const told = await statuses(page);
    network.freeze();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await expect.poll(told, { timeout: 30_000 }).toEqual(["reconnecting …", "saved"]);
    expect(await place.textContent()).toBe(before);
    await walkHome(page);
    await expect.poll(async () => (await eventsOf(teacher)).length).toBe(3);
    await expect.poll(() => kept(page)).toBe(0);
  });
});

test("a page that is closed before the server answered: the next one sends what it left", async () => {
  const frail = await startServer();
  after.push(() => frail.kill());
  const { id, teacher } = await taught(frail, false);
  const context = await someone();
  const first = await open(context, teachAt(frail, id));
  await first.keyboard.press("1");
  await frail.kill();
  await first.getByText(/reconnecting|offline/).waitFor();
  const walk = walkHome(first).catch(() => {});
  await expect.poll(() => saved(first), { timeout: 20_000 }).toBe("offline, 1 kept here");
  await first.close();
  await walk;
  await frail.start(new URL(frail.address).port);
  const second = await open(context, `${frail.address}/?lesson=${id}`);
  await second.keyboard.press("1");
  await expect.poll(() => second.locator(".episodes li").count()).toBe(2);
  await expect.poll(() => kept(second)).toBe(0);
  // And it does not come again.
  await second.reload();
  await second.locator(".saved.open").waitFor();
  const events = await eventsOf(await join(frail, id));
  expect(events.map(({ type }) => type)).toEqual(["created", "demonstrated", "demonstrated"]);
  expect(teacher.left).toHaveLength(1);
});

test("what an earlier page left and can no longer be done is told in words", async () => {
  const { id } = await taught(server);
  const context = await someone();
  await context.addInitScript((lesson) => {
    const letter = { name: "undo", body: { key: "an-old-letter", round: 0, index: 5 } };
    if (!sessionStorage.getItem("put")) {
      localStorage.setItem(`dagger-dojo.unsent.${lesson}.1`, JSON.stringify(letter));
      localStorage.setItem(`dagger-dojo.unsent.${lesson}.2`, "no letter");
    }
    sessionStorage.setItem("put", "yes");
  }, id);
  const page = await open(context, teachAt(server, id));
  await page.getByText("could not be stored: There is no answer to take back.").waitFor();
  await expect.poll(() => kept(page)).toBe(0);
});

test("what the server does not know, as after a return to an earlier version, holds nothing else up", async () => {
  const { id, teacher } = await taught(server, false);
  const page = await open(await someone(), teachAt(server, id));
  await leave(page, id, [
    { name: "levitate", body: { key: newKey() } },
    { name: "demonstrate", body: { key: newKey(), episode: demonstrate(garden, 5010) } },
  ]);
  await page.reload();
  await page.getByText("could not be stored: The server does not know how to do this").waitFor();
  await expect.poll(() => kept(page)).toBe(0);
  expect(await eventsOf(teacher)).toHaveLength(3);
});

test("a full disk is told in words; what was done is kept, and stored once there is room", async () => {
  const { full, id, teacher, before, empty } = await taughtUntilFull();

  const page = await open(await someone(), teachAt(full, id));
  await page.keyboard.press("1");
  await page.waitForTimeout(800);
  const walk = walkHome(page).catch(() => {});
  await page.getByText("What you did is kept in this browser. The page keeps trying.").waitFor();
  expect(await page.getByRole("alert").first().textContent()).toMatch(/^The server.* not stored/);
  expect(await saved(page)).toBe("not saved yet");
  expect(await kept(page)).toBe(1);
  empty();
  await expect.poll(() => saved(page)).toBe("saved");
  await expect.poll(() => kept(page)).toBe(0);
  expect(await eventsOf(teacher)).toHaveLength(before + 1);
  await walk;
});

/** What changes a lesson. */
const teaching =
  /^(Clone (me|again)|Delete|Another card|Give me|Use my own taste|Begin again|Drive again|Answer|Take back|Train|Ask me more|Let it drive|Play it|Work it out|Demonstrate more|Walk it)/;

describe("who has the address only", () => {
  test("looks on, is told so, and sees what the owner does", async () => {
    const { id, teacher } = await taught(server);
    const page = await open(await someone(), `${server.address}/?lesson=${id}`);
    expect(await saved(page)).toBe("watching only");
    await page
      .getByText("You are watching. Only the person who began this lesson can teach in it.")
      .waitFor();
    // At no step is there anything that looks as if it could be done.
    for (const step of ["1", "2", "3", "4", "5"]) {
      await page.keyboard.press(step);
      await page.locator(`.steps [aria-current]`, { hasText: step }).waitFor();
      for (const button of await page.getByRole("button", { name: teaching }).all())
        expect(await button.isDisabled(), `step ${step}, ${await button.textContent()}`).toBe(true);
    }
    await page.keyboard.press("1");
    for (const key of ["ArrowUp", "ArrowRight", "c"]) await page.keyboard.press(key);
    await teacher.room.request("demonstrate", {
      key: newKey(),
      episode: demonstrate(garden, 5010),
    });
    await expect.poll(() => page.locator(".episodes li").count()).toBe(2);
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await eventsOf(teacher)).toHaveLength(4);
    await page.keyboard.press("?");
    await page.getByLabel("To watch this lesson").waitFor();
    expect(await page.getByLabel(/^To teach/).count()).toBe(0);
    // It is no lesson of theirs to go on with.
    await page.goto(server.address);
    await page.locator(".play").waitFor();
    expect(await page.getByText("Go on with your last lesson").count()).toBe(0);
  });

  test("teaches with the owner's link, which leaves the address bar", async () => {
    const { id, teacher } = await taught(server, false);
    const owner = await open(await someone(), teachAt(server, id));
    expect(owner.url()).toBe(`${server.address}/?lesson=${id}`);
    await owner.keyboard.press("?");
    expect(await owner.getByLabel("To watch this lesson").inputValue()).toBe(owner.url());
    const link = await owner.getByLabel(/^To teach/).inputValue();
    const context = await someone();
    const page = await open(context, link);
    expect(page.url()).toBe(owner.url());
    expect(await saved(page)).toBe("saved");
    await page.keyboard.press("1");
    await page.waitForTimeout(800);
    await walkHome(page);
    await expect.poll(async () => (await eventsOf(teacher)).length).toBe(3);
    // From now on this browser may, by the address alone.
    const again = await open(context, `${server.address}/?lesson=${id}`);
    expect(await saved(again)).toBe("saved");
  });

  test("a link with a wrong secret takes nothing away, and the right one goes before it", async () => {
    const { id } = await taught(server, false);
    const wrong = `${server.address}/?lesson=${id}#teach=${"A".repeat(22)}`;
    const context = await someone();
    expect(await saved(await open(context, wrong))).toBe("watching only");
    expect(await saved(await open(context, teachAt(server, id)))).toBe("saved");
    const misled = await open(context, wrong);
    await expect.poll(() => saved(misled)).toBe("saved");
    const again = await open(context, `${server.address}/?lesson=${id}`);
    expect(await saved(again)).toBe("saved");
  });

  test("what they may not do is kept for a page that may", async () => {
    const { id, teacher } = await taught(server, false);
    const context = await someone();
    const stranger = await open(context, `${server.address}/?lesson=${id}`);
    const letter = {
      name: "demonstrate",
      body: { key: newKey(), episode: demonstrate(garden, 5010) },
    };
    await leave(stranger, id, [letter]);
    await stranger.reload();
    await stranger.getByText("could not be stored: You are watching").waitFor();
    expect(await kept(stranger)).toBe(1);
    const owner = await open(context, teachAt(server, id));
    await expect.poll(() => kept(owner)).toBe(0);
    expect(await eventsOf(teacher)).toHaveLength(3);
  });
});
