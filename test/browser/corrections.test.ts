import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, type ExpectStatic, expect, test } from "vitest";
import { levelsAlong, levelsOf, Turns, thresholdsAt } from "../../shared/imitation/asking.ts";
import { realign } from "../../shared/imitation/lag.ts";
import { demonstrate, driverOf } from "../../shared/imitation/rollout.ts";
import { askingLimits } from "../../shared/lesson/asking.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { stepsIn } from "../../shared/worlds/steering.ts";
import { Outcome } from "../../shared/worlds/world.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  teachAt,
} from "../server/server.ts";
import { findings } from "./findings.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, phone } from "./lessons.ts";
import { devicesOf, handOn, type Pixel, pixelOf, rememberDevices } from "./pointers.ts";

useGame();

const darkPhone: BrowserContextOptions = { ...phone, colorScheme: "dark" };
/** What one can point with, by the name that browsers have for it. */
const pointers = [
  { device: "mouse", options: desktop },
  { device: "touch", options: darkPhone },
] as const;

/** A lesson whose learner has been trained on one demonstration, open at this way to correct it. */
async function openLesson(name: string, way: string, options = desktop) {
  const id = await createLesson(server, name);
  const someone = await join(server, id);
  const plan =
    name === "garden"
      ? { policy: "softmax", query: "novel", budget: 8, drives: 2 }
      : { policy: "gaussianProcess", query: "novel", budget: 12, drives: 2 };
  const episode = demonstrate(worlds[name]!, 7000);
  await someone.room.request("demonstrate", { key: newKey(), episode });
  await someone.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  const context = await browser.newContext(options);
  await context.addInitScript(rememberDevices);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(teachAt(server, id));
  await page.locator(".stage canvas").waitFor();
  await page.keyboard.press("4");
  // Where there is little room, the ways are folded.
  const folded = page.locator("details.ways:not([open]) summary");
  await page.locator("details.ways").waitFor();
  if ((await folded.count()) > 0) await folded.click();
  await page.getByRole("radio", { name: way }).click();
  return { page, someone, complaints };
}

const number = async (page: Page, what: "takeovers" | "labels") =>
  Number(await page.locator(`.tally .${what}`).textContent());
const words = (page: Page) => page.locator(".episode-words").allTextContents();
const caption = (page: Page) => page.locator(".caption").textContent();

/** Before it is, there is nobody whom Enter could let drive. */
const learnerIsHere = (page: Page) =>
  expect.poll(() => caption(page)).toBe("Let it drive, and be ready to take over");

/** The event of this type that the lesson has at last. */
async function last<T extends LessonEvent["type"]>(someone: Participant, type: T) {
  const events = await eventsOf(someone);
  return events.filter((event): event is LessonEvent & { type: T } => event.type === type).at(-1)!;
}

const steps = ({ controllers }: Episode) =>
  controllers.filter((controller) => controller === Controller.expert).length;
/** Stretches under the expert, counted in another way than the page does. */
const stretches = ({ controllers }: Episode) => controllers.join("").match(/0+/g)?.length ?? 0;

/** Holds a key until the person has this many labels, and lets go until the learner drives. */
async function hold(page: Page, key: string, labels: number): Promise<void> {
  await page.keyboard.down(key);
  await expect.poll(() => number(page, "labels"), { timeout: 10_000 }).toBeGreaterThan(labels);
  expect(await caption(page)).toBe("You drive");
  await page.keyboard.up(key);
  await expect.poll(() => caption(page)).toBe("The learner drives");
}

async function middleOf(button: Locator): Promise<Pixel> {
  const { x, y, width, height } = (await button.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

/** The middle of the clover, and a corner. */
const middle = [0, 0] as const;
const corner = [5, -4.5] as const;

/**
 * What the wheel headed for at each step: the (m)iddle, the (c)orner, (b)oth where they ask for the
 * same, nothing where it is at (r)est, or something (e)lse.
 */
function headings(world: Level, states: Float64Array, actions: readonly number[]): string {
  const aim = new Float64Array(1);
  return actions
    .map((action, t) => {
      // In a frame that is late a step or two are taken with the wheel where it was before them.
      const [toMiddle, toCorner] = [middle, corner].map(([x, y]) =>
        [t, t - 1, t - 2].some((then) => {
          if (then < 0) return false;
          world.steering.toward(states.subarray(then * world.stateSize), x, y, aim);
          return Math.abs(aim[0]! - action) < 0.005;
        }),
      );
      if (action === 0) return "r";
      if (toMiddle) return toCorner ? "b" : "m";
      return toCorner ? "c" : "e";
    })
    .join("");
}

/** The steps of each stretch under the expert, but for those after a fall, which centres the wheel. */
function stretchesOf({ controllers }: Episode, outcomes: Uint8Array): number[][] {
  const found: number[][] = [];
  controllers.forEach((controller, t) => {
    if (controller !== Controller.expert) return;
    if (controllers[t - 1] !== Controller.expert) found.push([]);
    if (outcomes[t - 1] !== Outcome.fell) found.at(-1)!.push(t);
  });
  return found;
}

/** That a held key or button brought the wheel nearer to where it holds it on this side, 1 for the left, and never away. */
function expectTurned({ actions }: Episode, stretch: readonly number[], side: 1 | -1): void {
  const { keys, keyShare = 1 } = road.steering;
  const there = side * keyShare * keys.left![0]!;
  const gap = (t: number) => Math.abs(there - actions[t]!);
  let turned = false;
  for (const t of stretch) {
    if (!stretch.includes(t - 1)) continue;
    expect(gap(t), `step ${t}`).toBeLessThanOrEqual(gap(t - 1));
    turned ||= gap(t) < gap(t - 1) || gap(t) === 0;
  }
  expect(turned).toBe(true);
}

/** Takes the wheel by pressing on the middle, and drags to the corner. */
async function dragAcross(page: Page, device: "mouse" | "touch"): Promise<void> {
  const hand = await handOn(page, device);
  for (const [move, place] of [
    [hand.down, middle],
    [hand.drag, corner],
  ] as const) {
    await move(await pixelOf(page, worlds.road!, place));
    // The move takes its time, too.
    const before = await number(page, "labels");
    await expect.poll(() => number(page, "labels")).toBeGreaterThan(before + 4);
  }
  expect(await caption(page)).toBe("You drive");
  await hand.up();
  await expect.poll(() => caption(page)).toBe("The learner drives");
}

function expectAcross(episode: Episode, stretch: readonly number[], states: Float64Array): void {
  const all = headings(worlds.road!, states, episode.actions);
  expect(stretch.map((t) => all[t]).join("")).toMatch(/^[mb]{3,}[cb]{3,}$/);
  for (const t of stretch)
    if (all[t] === "m") expectTowardMiddle(expect, states, t, episode.actions[t]!);
}

/** That the wheel turns to the side of the car, whose heading is θ, on which the middle is. */
function expectTowardMiddle(
  expect: ExpectStatic,
  states: Float64Array,
  t: number,
  action: number,
): void {
  // In a frame that is late the wheel is where it was a step or two before; near dead ahead that may be either side.
  const sides = [t, t - 1, t - 2].map((then) => {
    const [x, y, heading] = states.subarray(3 * Math.max(0, then));
    return Math.sign(Math.cos(heading!) * (middle[1] - y!) - Math.sin(heading!) * (middle[0] - x!));
  });
  expect(sides, `step ${t}`).toContain(Math.sign(action));
}

async function expectSound(page: Page, what: string): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, what).toBe(0);
  expect(await findings(page), what).toEqual([]);
}

describe("taking over", () => {
  test("on the road: a key held is the person's, and what they did is learned", async () => {
    const { page, someone, complaints } = await openLesson("road", "Take over");
    await learnerIsHere(page);
    await page.keyboard.press("Enter");
    await expect.poll(() => caption(page)).toBe("The learner drives");
    const progress = page.locator(".clock progress");
    const driven = async () => Number(await progress.getAttribute("value"));
    /** The learner drives for a share of the drive at least, so that what comes next is another takeover. */
    const letDrive = async (share: number) => {
      const before = await driven();
      await expect.poll(driven).toBeGreaterThan(before + share);
    };
    await hold(page, "ArrowLeft", 5);
    await letDrive(0.01);
    // No sentence says the opposite of what is counted beside it.
    expect(await page.getByText("You have not taken over yet.").count()).toBe(0);
    const between = await number(page, "labels");
    await hold(page, "KeyD", between + 4);
    await letDrive(0.1);
    await page.keyboard.press("Escape");
    await expect.poll(() => words(page)).toHaveLength(1);

    const { episode, round } = await last(someone, "intervened");
    expect(round).toBe(0);
    expect(stretches(episode)).toBe(2);
    expect(await number(page, "takeovers")).toBe(2);
    expect(await number(page, "labels")).toBe(steps(episode));
    expect((await words(page))[0]).toContain(`2 takeovers, ${steps(episode)} answers`);

    // What the learner did by itself is what the server's policy does there; in the third of a
    // second after the person, it is on its way to it.
    const { states, outcomes, controllers, length } = replay(road, episode);
    const [left, right] = stretchesOf(episode, outcomes);
    expectTurned(episode, left!, 1);
    expectTurned(episode, right!, -1);
    const { json } = await someone.room.request("policy", {});
    const learner = driverOf(road, policyKinds.gaussianProcess!.fromJSON(JSON.parse(json)));
    const own = new Float64Array(1);
    let handedBack = Number.NEGATIVE_INFINITY;
    let shared = 0;
    for (let t = 0; t < length; t++) {
      if (controllers[t] === Controller.expert) {
        handedBack = t + 1;
        continue;
      }
      learner(states.subarray(t * road.stateSize), own);
      // Engines differ in the last bit of a cosine.
      const apart = Math.abs(episode.actions[t]! - own[0]!);
      if (t - handedBack > stepsIn(road.steering, 0.35, 0)) expect(apart).toBeLessThan(1e-9);
      else if (apart > 1e-6) shared++;
    }
    expect(shared, "steps of both").toBeGreaterThan(2);

    // Taken back, and given again.
    await page.keyboard.press("z");
    await expect.poll(() => words(page)).toHaveLength(0);
    expect((await last(someone, "retracted")).correction).toBe(4);
    await learnerIsHere(page);
    expect([await number(page, "takeovers"), await number(page, "labels")]).toEqual([0, 0]);
    await page.getByText("You have not taken over yet.").waitFor();
    await page.keyboard.press("Enter");
    await hold(page, "ArrowRight", 3);
    await page.keyboard.press("Enter");
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode: second } = await last(someone, "intervened");
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Round 2" }).waitFor();
    expect((await last(someone, "trained")).labels).toBe(steps(second));

    // The learner that drives now is another one.
    await page.keyboard.press("4");
    await page.getByRole("radio", { name: "Take over" }).click();
    await learnerIsHere(page);
    expect(await words(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("in the garden: a key pressed is a move instead of the learner's, and a key held stops it", async () => {
    const { page, someone, complaints } = await openLesson("garden", "Take over");
    expect(await page.locator("input[name=way]").count(), "there is nothing to shadow").toBe(2);
    await learnerIsHere(page);
    await page.keyboard.press("Enter");
    const progress = page.locator(".clock progress");
    for (const [i, key] of ["ArrowLeft", "KeyD", "Space"].entries()) {
      await page.keyboard.down(key);
      await expect.poll(() => number(page, "labels")).toBe(i + 1);
      if (i === 0) {
        // The learner would have gone on by then.
        const walked = await progress.getAttribute("value");
        await page.waitForTimeout(1000);
        expect(await progress.getAttribute("value")).toBe(walked);
      }
      await page.keyboard.up(key);
    }
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await page.keyboard.press("Enter");
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode } = await last(someone, "intervened");
    const { states, length } = replay(worlds.garden!, episode);
    expect(await page.locator(".whereabouts").textContent()).toBe(
      worlds.garden!.names!.whereabouts(states.subarray(2 * length)),
    );
    const mine = episode.actions.filter((_, t) => episode.controllers[t] === Controller.expert);
    expect(mine).toEqual([2, 3, 4]);
    expect(await number(page, "takeovers")).toBe(stretches(episode));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each(pointers)(
    "in the garden by $device: a tile that is pressed on is the way to go",
    async ({ device, options }) => {
      const { page, someone } = await openLesson("garden", "Take over", options);
      const garden = worlds.garden!;
      const hand = await handOn(page, device);
      await hand.press(page.getByRole("button", { name: "Let it drive" }));
      // The upper left corner: up or left, whichever is farther from where the learner has got to;
      // off its diagonal, so that the two are never as far.
      const place = [garden.picture.bounds.left + 0.3, garden.picture.bounds.top - 0.1] as const;
      await hand.down(await pixelOf(page, garden, place));
      await expect.poll(() => number(page, "labels")).toBe(1);
      await hand.up();
      await page.keyboard.press("Escape");
      await expect.poll(() => words(page)).toHaveLength(1);
      const { episode } = await last(someone, "intervened");
      const { states } = replay(garden, episode);
      const expected = new Float64Array(1);
      const t = episode.controllers.indexOf(Controller.expert);
      garden.steering.toward(states.subarray(2 * t, 2 * t + 2), ...place, expected);
      const mine = episode.actions.filter((_, t) => episode.controllers[t] === Controller.expert);
      expect(mine).toEqual([expected[0]]);
      expect(await devicesOf(page)).toEqual([device]);
      await page.context().close();
    },
  );

  test("on the road by mouse: the wheel heads for where the picture is pressed", async () => {
    const { page, someone, complaints } = await openLesson("road", "Take over");
    await page.getByRole("button", { name: "Let it drive" }).click();
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await dragAcross(page, "mouse");
    await page.getByRole("button", { name: "End the drive" }).click();
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode } = await last(someone, "intervened");
    const { states, outcomes } = replay(worlds.road!, episode);
    const found = stretchesOf(episode, outcomes);
    expect(found).toHaveLength(1);
    expectAcross(episode, found[0]!, states);
    expect(await devicesOf(page)).toEqual(["mouse"]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("the keyboard goes on from the panel, whatever was pressed last", async () => {
    const { page } = await openLesson("road", "Take over");
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest("body, main")?.tagName ?? null);
    expect(await focused(), "after a radio that was clicked").toBe("MAIN");
    await learnerIsHere(page);
    await page.getByRole("button", { name: "Let it drive" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => caption(page)).toBe("The learner drives");
    expect(await focused(), "after Let it drive").toBe("MAIN");
    await hold(page, "ArrowLeft", 3);
    await page.keyboard.press("Escape");
    await page.getByRole("radio", { name: "Questions" }).click();
    await expect.poll(() => caption(page)).toBe("What would you do here?");
    await page.getByRole("button", { name: "Answer" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".left b").textContent()).toBe("11");
    await expect.poll(focused, { message: "after an answer" }).toBe("MAIN");
    await page.keyboard.press("3");
    await page.getByRole("heading", { name: "Watch the clone" }).waitFor();
    await expect.poll(focused, { message: "at another step" }).toBe("MAIN");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement!.closest("main") !== null)).toBe(true);
    await page.context().close();
  });

  test("in a level its answers are counted while one drives, and whose crash it was is said", async () => {
    const { page, someone, complaints } = await openLesson("road", "Take over");
    await page.evaluate(() =>
      localStorage.setItem(
        `dagger-dojo.level.${/[\w-]{22}/.exec(location.href)![0]}`,
        "fair-weather",
      ),
    );
    await page.reload();
    await page.locator(".stage canvas").waitFor();
    await page.keyboard.press("4");
    await page.getByRole("radio", { name: "Take over" }).click();
    await learnerIsHere(page);
    const used = page.locator(".used");
    expect(await used.textContent()).toBe("0 of 72 answers used.");
    await page.keyboard.press("Enter");
    await page.keyboard.down("ArrowLeft");
    await expect.poll(() => number(page, "labels")).toBeGreaterThan(5);
    expect(await used.textContent()).toMatch(/^[1-9]\d* of 72 answers used\./);
    // In circles it is soon off the road, in the person's hands.
    const falls = page.locator(".tally dd").last();
    await expect.poll(async () => Number(await falls.textContent())).toBeGreaterThan(0);
    await page.keyboard.press("Escape");
    await page.keyboard.up("ArrowLeft");
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode } = await last(someone, "intervened");
    await expect.poll(() => used.textContent()).toContain(`${steps(episode)} of 72 answers used.`);
    expect(await caption(page)).toBe("You crashed while you drove");
    await page.getByText(/^You crashed .*while you drove\. .* Take it back\?$/).waitFor();
    await page.keyboard.press("z");
    await expect.poll(() => used.textContent()).toBe("0 of 72 answers used.");
    expect(await page.getByText(/while you drove/).count()).toBe(0);

    // A whole drive would be too many: it is said before, and what to do after.
    await page.getByRole("radio", { name: "Steer along" }).click();
    await page
      .locator(".notice", { hasText: "This level allows 72 answers. You have 72 left" })
      .waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("a drive that was left to the learner is not sent", async () => {
    const { page, someone } = await openLesson("road", "Take over");
    await page.getByRole("button", { name: "Let it drive" }).click();
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await page.getByRole("button", { name: "End the drive" }).click();
    await page.getByText("The drive is over. You never took over").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Another drive" }).waitFor();
    expect(await eventsOf(someone)).toHaveLength(3);
    await page.context().close();
  });

  test("by touch: a thumb on a button, and a finger on the picture", async () => {
    const { page, someone, complaints } = await openLesson("road", "Take over", darkPhone);
    await expectSound(page, "before");
    const hand = await handOn(page, "touch");
    await page.getByRole("button", { name: "Let it drive" }).tap();
    await hand.down(await middleOf(page.getByRole("button", { name: "left", exact: true })));
    await expect.poll(() => number(page, "labels")).toBeGreaterThan(4);
    await hand.up();
    await expect.poll(() => caption(page)).toBe("The learner drives");
    await dragAcross(page, "touch");
    await page.getByRole("button", { name: "End the drive" }).tap();
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode } = await last(someone, "intervened");
    expect(stretches(episode)).toBe(2);
    expect(await number(page, "labels")).toBe(steps(episode));
    const { states, outcomes } = replay(worlds.road!, episode);
    const [thumb, finger] = stretchesOf(episode, outcomes);
    expectTurned(episode, thumb!, 1);
    expectAcross(episode, finger!, states);
    expect(await devicesOf(page)).toEqual(["touch", "touch"]);
    await expectSound(page, "after");
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe("being asked for the wheel", () => {
  /** Until it asks; where it had no need to, in another drive. */
  async function untilAsked(page: Page): Promise<void> {
    const look = async () => {
      const words = await caption(page);
      if (words === "The drive is over") await page.keyboard.press("Enter");
      return words;
    };
    await expect
      .poll(look, { timeout: 30_000 })
      .toMatch(/^It asks you to steer: (this is new to it|it would soon crash)$/);
  }

  test("on the road: the world waits, what the person does is learned, and the wheel goes back", async () => {
    const { page, someone, complaints } = await openLesson("road", "When it asks");
    await expect.poll(() => caption(page)).toBe("Let it drive. It will ask you to steer");
    const progress = page.locator(".clock progress");
    // Unasked, nobody can take the wheel.
    await page.keyboard.press("Enter");
    await page.keyboard.down("ArrowLeft");
    await untilAsked(page);
    expect(await number(page, "labels")).toBe(0);
    const stood = await progress.getAttribute("value");
    await page
      .getByText(/(This place is new to it|It would soon crash)\. Steer to take over\./)
      .waitFor();
    // Nor is a key meant for it that was held before; and the world waits.
    await page.waitForTimeout(300);
    expect(await progress.getAttribute("value")).toBe(stood);
    await page.keyboard.up("ArrowLeft");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => caption(page)).toBe("You drive");
    await expect.poll(() => number(page, "labels")).toBeGreaterThan(9);
    await expect.poll(() => caption(page)).toBe("The learner drives again");
    await page.keyboard.press("Escape");
    await expect.poll(() => words(page)).toHaveLength(1);
    const { episode, round, asking } = await last(someone, "intervened");
    expect(round).toBe(0);
    const began = episode.controllers.flatMap((who, t) =>
      who === Controller.expert && episode.controllers[t - 1] !== Controller.expert ? [t] : [],
    );
    expect(asking!.rate).toBe(0.2);
    expect(asking!.turns.map(([t]) => t)).toEqual(began);
    expect(await number(page, "takeovers")).toBe(began.length);
    expect(await number(page, "labels")).toBe(steps(episode));
    expect(steps(episode)).toBeLessThanOrEqual(40);

    // It asked at the places of which the policy says so, and no others.

    const { json } = await someone.room.request("policy", {});
    const policy = policyKinds.gaussianProcess!.fromJSON(JSON.parse(json));
    const { ahead, ...limits } = askingLimits(road, 0.2);
    const levels = levelsOf(road, policy, ahead);
    const { episodes } = await last(someone, "trained");
    const own = episodes.map((one) => replay(road, one));
    const gate = new Turns(thresholdsAt(0.2, levelsAlong(road, own, levels)), limits);
    const along = levelsAlong(road, [replay(road, episode)], levels);
    const said = along.map((level) => (gate.next(level).has === "person" ? 0 : 1));
    expect(said).toEqual(episode.controllers);

    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Round 2" }).waitFor();
    expect((await last(someone, "trained")).labels).toBe(steps(episode));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each(pointers)("by $device: pressing the picture takes it, and it fits", async (one) => {
    const { device, options } = one;
    const { page, someone, complaints } = await openLesson("road", "When it asks", options);
    await expectSound(page, "before");
    const hand = await handOn(page, device);
    await hand.press(page.getByRole("button", { name: "10 %" }));
    await page.getByText("0 of 20").waitFor();
    await hand.press(page.getByRole("button", { name: "Let it drive" }));
    await untilAsked(page);
    await expectSound(page, "asked");
    await hand.down(await pixelOf(page, worlds.road!, middle));
    await expect.poll(() => number(page, "labels")).toBeGreaterThan(3);
    await hand.up();
    await hand.press(page.getByRole("button", { name: "End the drive" }));
    await expect.poll(() => words(page)).toHaveLength(1);
    const { asking } = await last(someone, "intervened");
    expect(asking).toMatchObject({ rate: 0.1 });
    expect(new Set(await devicesOf(page))).toEqual(new Set([device]));
    await expectSound(page, "after");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("a drive that is ended while it asks is not sent", async () => {
    const { page, someone } = await openLesson("road", "When it asks");
    await page.getByRole("button", { name: "Let it drive" }).click();
    await untilAsked(page);
    await page.keyboard.press("Escape");
    await page.getByRole("main").getByText("It got no help from you").waitFor();
    expect(await eventsOf(someone)).toHaveLength(3);
    await page.context().close();
  });
});

describe("shadowing", () => {
  // A drive takes its ten seconds: those of all devices are played side by side.
  test.concurrent("on the road: what was steered along is kept as it was, realigned and learned", async ({
    expect,
  }) => {
    const { page, someone, complaints } = await openLesson("road", "Steer along");
    await page.getByRole("button", { name: "1×" }).click();
    await page.getByText("The learner's drive 1 of 2").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Counting starts when you steer").waitFor();
    // Broken off, nothing is kept.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Play it" }).waitFor();
    await page.keyboard.press("Enter");
    for (let i = 0; (await words(page)).length === 0; i++) {
      const key = i % 3 === 2 ? "ArrowRight" : "KeyA";
      await page.keyboard.down(key);
      await page.waitForTimeout(200);
      await page.keyboard.up(key);
      await page.waitForTimeout(150);
    }
    const { actions, drive, speed, lag } = await last(someone, "shadowed");
    expect([drive, speed, actions.length]).toEqual([0, 1, 200]);
    expect(Math.max(...actions)).toBeGreaterThan(0);
    expect(Math.min(...actions)).toBeLessThan(0);
    const labels = realign(worlds.road!, actions, lag).length;
    expect((await words(page))[0]).toMatch(
      new RegExp(`^Drive 1 at 1×: ${labels} answers, about ${(lag / 20).toFixed(2)} s late$`),
    );
    await page.getByText("The learner's drive 2 of 2").waitFor();
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Round 2" }).waitFor();
    expect((await last(someone, "trained")).labels).toBe(labels);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.concurrent.for(pointers)(
    "on the road by $device: the wheel heads for where the picture is pressed",
    async ({ device, options }, { expect }) => {
      const { page, someone, complaints } = await openLesson("road", "Steer along", options);
      const road = worlds.road!;
      const hand = await handOn(page, device);
      const progress = page.locator(".clock progress");
      const played = (share: number) =>
        expect
          .poll(async () => Number(await progress.getAttribute("value")))
          .toBeGreaterThan(share);
      await hand.press(page.getByRole("button", { name: "1×" }));
      await hand.press(page.getByRole("button", { name: "Play it" }));
      await played(0.1);
      await hand.down(await pixelOf(page, road, middle));
      await played(0.35);
      await hand.drag(await pixelOf(page, road, corner));
      await played(0.6);
      await hand.up();
      await page.locator(".episode-words").waitFor();
      const { round, drive, actions, lag } = await last(someone, "shadowed");
      expect([round, drive, actions.length]).toEqual([0, 0, 200]);
      const { episodes } = await last(someone, "trained");
      const { states } = replay(road, episodes[drive]!);
      const found = headings(road, states, actions);
      // Let go, the wheel goes back to rest in a few steps, past whatever is there.
      expect(found).toMatch(/^r{10,}[mb]{10,}[cb]{10,}[mbce]{0,8}r{10,}$/);
      const pressed = found.search(/[mb]/);
      for (let t = pressed; t < pressed + 10; t++)
        expectTowardMiddle(expect, states, t, actions[t]!);
      const labels = realign(road, actions, lag).length;
      expect(await page.locator(".episode-words").textContent()).toContain(`${labels} answers`);
      expect(await devicesOf(page)).toEqual([device]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test("on a phone it fits, and axe has no finding", async () => {
    const { page } = await openLesson("path", "Steer along", darkPhone);
    await page.getByText("The learner's drive 1 of 2").waitFor();
    await expectSound(page, "path");
    await page.context().close();
  });
});
