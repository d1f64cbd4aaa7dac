import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import {
  type Field,
  fieldOf,
  placesDriven,
  placesIn,
  placesOf,
  statesAsked,
} from "../../client/lesson/learned/action-field.ts";
import { arrowsOf } from "../../client/lesson/learned/arrows.ts";
import { sayChange } from "../../client/lesson/learned/change.ts";
import { beforeAnswer, sayEffect } from "../../client/lesson/learned/effect.ts";
import { changedWay } from "../../client/lesson/learned/lit.ts";
import { aggregate, pairsOf } from "../../shared/imitation/dataset.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { fit } from "../../shared/imitation/round.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Round, type TrainingPlan } from "../../shared/lesson/lesson.ts";
import { labelsOf } from "../../shared/lesson/training.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import type { Policy } from "../../shared/policies/policy.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  teachAt,
} from "../server/server.ts";
import { browser, server, useGame } from "./game.ts";
import {
  type Device,
  devicesOf,
  handOn,
  type Pixel,
  pixelOf,
  rememberDevices,
  untilStill,
} from "./pointers.ts";

useGame();

const further = { spare: 2, repeats: 0.1 };
const plans = {
  road: { policy: "gaussianProcess", query: "novel", budget: 12, drives: 2, ...further },
  garden: { policy: "softmax", query: "random", budget: 12, drives: 5, ...further },
} as const satisfies Record<string, TrainingPlan>;

/** A lesson whose learner has been cloned from one demonstration, or from so many. */
async function cloned(
  world: keyof typeof plans,
  plan: TrainingPlan = plans[world],
  demonstrations = 1,
) {
  const id = await createLesson(server, world);
  const teacher = await join(server, id);
  for (let i = 0; i < demonstrations; i++) {
    const episode = demonstrate(worlds[world]!, 5006 + i);
    await teacher.room.request("demonstrate", { key: newKey(), episode });
  }
  const training = { key: newKey(), plan };
  await teacher.room.request("train", training, { timeout: 60_000 });
  return { id, teacher, world: worlds[world]! };
}

/** The page at the first question of the lesson's round; `before` is done before anything is loaded. */
async function correcting(
  id: string,
  { phone = false, before }: { phone?: boolean; before?: () => void } = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext(
    phone
      ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
      : { viewport: { width: 1280, height: 800 } },
  );
  if (before) await context.addInitScript(before);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(teachAt(server, id));
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
  await page.locator(".steps button").nth(3).click();
  await page.getByRole("heading", { name: "Answer the questions" }).waitFor();
  await page.locator("main summary", { hasText: "For the curious" }).click();
  return { page, complaints };
}

const rounds = async (teacher: Participant): Promise<readonly Round[]> =>
  (await eventsOf(teacher)).reduce(apply, emptyLesson).rounds;
const lastRound = async (teacher: Participant) => (await rounds(teacher)).at(-1)!;
const left = async (page: Page) => Number(await page.locator(".left b").textContent());
const answered = async (teacher: Participant) => (await lastRound(teacher)).answers.length;
const agreement = (page: Page) => page.locator(".agreement").textContent();

/** Presses a key for no longer than it takes to tell the browser, however busy this process is. */
async function tap(page: Page, key: string): Promise<void> {
  await Promise.all([page.keyboard.down(key), page.keyboard.up(key)]);
}

/** Holds a key for a while. */
async function hold(page: Page, key: string, milliseconds: number): Promise<void> {
  await page.keyboard.down(key);
  await page.waitForTimeout(milliseconds);
  await page.keyboard.up(key);
}

async function waitForLeft(page: Page, remaining: number): Promise<void> {
  await expect.poll(() => left(page), { timeout: 10_000 }).toBe(remaining);
}

/** The person's disagreement with themselves in percent, computed from the log and nothing of the page's. */
function ownPercent({ queries, answers }: Round, apart: (a: number, b: number) => number): number {
  const pairs = answers.flatMap((answer, i) => {
    const first = queries.findIndex((query) => String(query) === String(queries[i]));
    return first < i ? [apart(answers[first]![0]!, answer[0]!)] : [];
  });
  return Math.round((100 * pairs.reduce((sum, value) => sum + value, 0)) / pairs.length);
}

describe.each([
  {
    world: "road" as const,
    /** A tap is a twentieth of full lock, so three are 15 %. */
    answer: async (page: Page, i: number) => {
      for (let n = 0; n <= i % 4; n++) await tap(page, "ArrowLeft");
    },
    commit: (page: Page) => page.keyboard.press("Enter"),
    expected: (i: number) => 0.25 * 0.05 * (1 + (i % 4)),
    apart: (a: number, b: number) => Math.abs(a - b) / 0.25,
    words: (own: number) => `Your two answers differ by ${own} %. The learner’s`,
  },
  {
    world: "garden" as const,
    answer: (page: Page, i: number) => page.keyboard.press(i % 2 ? "ArrowDown" : "ArrowLeft"),
    commit: (page: Page, i: number) => page.keyboard.press(i % 2 ? "ArrowDown" : "ArrowLeft"),
    expected: (i: number) => (i % 2 ? 1 : 2),
    apart: (a: number, b: number) => (a === b ? 0 : 1),
    words: (own: number) => `Your two answers differ in ${own} % of the cases. The learner’s`,
  },
])("by keyboard in the $world", ({ world, answer, commit, expected, apart, words }) => {
  test("a whole round: budget, repeats, taking back across them, more, and training", async () => {
    const { id, teacher } = await cloned(world);
    const { page, complaints } = await correcting(id);
    const { queries } = await lastRound(teacher);
    expect(queries.length).toBeGreaterThan(20);
    expect(await left(page)).toBe(12);
    await page.getByRole("button", { name: "20", exact: true }).click();
    expect(await left(page)).toBe(20);
    await page.getByRole("button", { name: "12", exact: true }).click();
    expect(await left(page)).toBe(12);

    const first = queries.findIndex((query, i) => queries.map(String).indexOf(String(query)) < i);
    expect(first).toBeGreaterThanOrEqual(3);
    expect(first).toBeLessThan(12);
    const give = async (i: number) => {
      await answer(page, i);
      await commit(page, i);
      await waitForLeft(page, 11 - i);
    };
    for (let i = 0; i < 12; i++) {
      await give(i);
      expect(await agreement(page)).toMatch(
        i < first ? /^The learner’s answers/ : /^You got the same question twice/,
      );
    }
    const { answers } = await lastRound(teacher);
    answers.forEach(([value], i) => {
      expect(value).toBeCloseTo(expected(i), 12);
    });
    const own = ownPercent(await lastRound(teacher), apart);
    expect(await agreement(page)).toContain(words(own));
    expect(await page.locator(".pace").textContent()).toMatch(
      /^You give \d+ answers in a minute\.$/,
    );

    // Taken back as fast as one can press, to before the repeat; the words go with it.
    const back = 12 - first + 1;
    for (let i = 0; i < back; i++) await page.keyboard.press("z");
    await waitForLeft(page, back);
    expect(await answered(teacher)).toBe(12 - back);
    expect(await agreement(page)).not.toContain("twice");
    expect(await page.locator(".notice").count()).toBe(0);
    for (let i = 12 - back; i < 12; i++) await give(i);
    expect((await lastRound(teacher)).answers).toEqual(answers);

    // More, of which not all are answered: both kinds of label count.
    await page.keyboard.press("m");
    await waitForLeft(page, Math.min(12, queries.length - 12));
    await answer(page, 12);
    await commit(page, 12);
    await waitForLeft(page, Math.min(12, queries.length - 12) - 1);
    await page.getByRole("button", { name: "8", exact: true }).click();
    await waitForLeft(page, 0);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Round 2" }).waitFor({ timeout: 60_000 });
    const next = await lastRound(teacher);
    expect(next.labels).toBe(13);
    expect(next.plan).toEqual({ ...plans[world], budget: 8 });
    await page.keyboard.press("4");
    await page.locator(".left").waitFor();
    expect(await left(page)).toBe(Math.min(8, next.queries.length));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("a player who never waits loses no key", async () => {
    const { id, teacher } = await cloned(world);
    const { page } = await correcting(id);
    const began = Date.now();
    for (let i = 0; i < 12; i++) {
      await answer(page, i);
      await commit(page, i);
    }
    await waitForLeft(page, 0);
    const rate = Math.round((12 * 60_000) / (Date.now() - began));
    console.log(`${world}: a scripted player gives ${rate} labels a minute`);
    const { answers } = await lastRound(teacher);
    expect(answers.map(([value]) => value)).toEqual(
      answers.map((_, i) => expect.closeTo(expected(i), 12)),
    );
    await page.context().close();
  });
});

test("Enter in the lead-in only goes on, and an answer that was left alone is straight on", async () => {
  const { id, teacher } = await cloned("road");
  const { page } = await correcting(id);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".caption").textContent()).toBe("What would you do here?");
  expect(await answered(teacher)).toBe(0);
  await page.keyboard.press("Enter");
  await waitForLeft(page, 11);
  expect((await lastRound(teacher)).answers).toEqual([[0]]);
  await page.context().close();
});

test("a safe answer is said to be safe, and the buttons stay where they are from question to question", async () => {
  const { id } = await cloned("road");
  const { page } = await correcting(id);
  // From the panel's heading on, however far it is scrolled.
  const top = (selector: string) =>
    page.locator(selector).evaluate((element) => {
      const heading = document.querySelector(".question-title")!;
      const { top } = element.getBoundingClientRect();
      return Math.round(top - heading.getBoundingClientRect().top);
    });
  const open = () =>
    expect.poll(() => page.locator(".caption").textContent()).toBe("What would you do here?");
  await open();
  const [buttons, hint] = [await top(".next"), await top(".hint")];
  const said = new Set<string | null>();
  for (let i = 0; i < 4; i++) {
    await page.locator(".answer .crash").waitFor();
    said.add(await page.locator(".answer .crash").textContent());
    await page.keyboard.press("Enter");
    await waitForLeft(page, 11 - i);
    await open();
    expect(await top(".next")).toBe(buttons);
    // Nothing is told of the last answer any more, and how to answer is where it was.
    expect(await top(".hint")).toBe(hint);
    expect(await page.locator(".hint").isVisible()).toBe(true);
  }
  expect(said).toContain("It stays on the road for now");
  await page.context().close();
});

/** What one can point with, by the name that browsers have for it. */
const pointers: readonly {
  readonly device: Device;
  readonly press: (button: Locator) => Promise<void>;
  readonly tap: (page: Page, at: Pixel) => Promise<void>;
  readonly drag: (page: Page, from: Pixel, to: Pixel) => Promise<void>;
}[] = [
  {
    device: "mouse",
    press: (button) => button.click(),
    tap: (page, { x, y }) => page.mouse.click(x, y),
    drag: async (page, from, to) => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y);
      await page.waitForTimeout(100);
      await page.mouse.up();
      // Not pressed, it steers no more.
      const box = (await page.locator(".stage").boundingBox())!;
      await page.mouse.move(box.x + 5, box.y + 5);
    },
  },
  {
    device: "touch",
    press: (button) => button.tap(),
    tap: (page, { x, y }) => page.touchscreen.tap(x, y),
    drag: async (page, from, to) => {
      const finger = await handOn(page, "touch");
      await finger.down(from);
      await finger.drag(to);
      await page.waitForTimeout(100);
      await finger.up();
    },
  },
];

describe.each(pointers)("by $device", ({ device, press, tap, drag }) => {
  const options = { phone: device === "touch", before: rememberDevices };
  test("the wheel is dragged, and stays where it was let go", async () => {
    const { id, teacher, world } = await cloned("road");
    const { page } = await correcting(id, options);
    const { queries, episodes } = await lastRound(teacher);
    const [drive, t] = queries[0]!;
    const state = replay(world, episodes[drive]!).states.slice(3 * t, 3 * (t + 1));
    const ahead = (angle: number) =>
      [state[0]! + Math.cos(state[2]! + angle), state[1]! + Math.sin(state[2]! + angle)] as const;
    // A phone is close up, where the car would else be too small to read.
    await page.getByText("What would you do here?", { exact: true }).waitFor();
    const picture = () =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>(".stage canvas")!.toDataURL());
    await untilStill(picture);
    const closeTo = device === "touch" ? world.picture.pose(state) : undefined;
    const pixelAhead = (angle: number) => pixelOf(page, world, ahead(angle), closeTo);
    await drag(page, await pixelAhead(0.5), await pixelAhead(-0.4));
    const expected = new Float64Array(1);
    world.steering.toward(state, ...ahead(-0.4), expected);
    expect(expected[0], "to the right").toBeLessThan(-0.1);
    await press(page.getByRole("button", { name: "Answer" }));
    await expect.poll(() => answered(teacher)).toBe(1);
    expect((await lastRound(teacher)).answers[0]![0]).toBeCloseTo(expected[0]!, 1);
    if (device === "touch") {
      await waitForLeft(page, 11);
      await press(page.getByRole("button", { name: "left", exact: true }));
      await expect.poll(() => page.locator(".exactly").textContent()).toBe("left by 5 %");
      await press(page.getByRole("button", { name: "Answer" }));
      await expect.poll(() => answered(teacher)).toBe(2);
      expect((await lastRound(teacher)).answers[1]![0]).toBeCloseTo(0.0125, 12);
    }
    expect(new Set(await devicesOf(page))).toEqual(new Set([device]));
    await page.context().close();
  });

  test("in the garden the same tile again is Enter, and there are buttons", async () => {
    const { id, teacher, world } = await cloned("garden");
    const { page } = await correcting(id, options);
    /** Taps on the tile above the one that question `i` is about, or below it in the first row. */
    const answer = async (i: number) => {
      const { queries, episodes } = await lastRound(teacher);
      const [drive, t] = queries[i]!;
      const { states } = replay(world, episodes[drive]!);
      const { x, y } = world.picture.pose(states.slice(2 * t, 2 * (t + 1)));
      const up = states[2 * t]! > 0;
      await tap(page, await pixelOf(page, world, [x, y + (up ? 1 : -1)]));
      return up ? 0 : 1;
    };
    const first = await answer(0);
    await expect
      .poll(() => page.locator(".answer .expert").textContent())
      .toBe(first ? "down" : "up");
    await answer(0);
    await expect.poll(() => answered(teacher)).toBe(1);
    await waitForLeft(page, 11);
    const second = await answer(1);
    await press(page.getByRole("button", { name: "Answer" }));
    await expect.poll(() => answered(teacher)).toBe(2);
    expect((await lastRound(teacher)).answers).toEqual([[first], [second]]);
    await press(page.getByRole("button", { name: "Take back" }));
    await expect.poll(() => answered(teacher)).toBe(1);
    await press(page.getByRole("button", { name: "8", exact: true }));
    await waitForLeft(page, 7);
    const overflow = () => document.documentElement.scrollWidth - innerWidth;
    expect(await page.evaluate(overflow)).toBe(0);
    expect(await devicesOf(page)).toEqual([device, device, device]);
    await page.context().close();
  });
});

describe("a gamepad", () => {
  /** One that is always there and does what `window.pad` says. */
  const plugIn = () => {
    const pad = { axes: [0, 0], pressed: [] as number[] };
    Object.assign(globalThis, { pad });
    navigator.getGamepads = () => [
      {
        connected: true,
        axes: pad.axes,
        buttons: Array.from({ length: 16 }, (_, i) => ({ pressed: pad.pressed.includes(i) })),
      } as unknown as Gamepad,
    ];
  };
  /** Sets the pad and lets two frames see it. */
  const pad = (page: Page, axes: readonly number[], ...pressed: number[]) =>
    page.evaluate(
      async (state) => {
        Object.assign((globalThis as unknown as { pad: object }).pad, state);
        for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
      },
      { axes, pressed },
    );

  test("its stick is the wheel, and its buttons answer and take back", async () => {
    const { id, teacher } = await cloned("road");
    const { page } = await correcting(id, { before: plugIn });
    await pad(page, [-0.6, 0]);
    await expect.poll(() => page.locator(".exactly").textContent()).toBe("left by 60 %");
    await pad(page, [0.4, 0.1]);
    await expect.poll(() => page.locator(".exactly").textContent()).toBe("right by 40 %");
    await pad(page, [0.4, 0.1], 0);
    await waitForLeft(page, 11);
    await pad(page, [0, 0]);
    expect((await lastRound(teacher)).answers[0]![0]).toBeCloseTo(-0.1, 12);
    await pad(page, [0, 0], 1);
    await waitForLeft(page, 12);
    await pad(page, [0, 0]);

    // A direction pressed is a key, and the keyboard takes over from the stick.
    await pad(page, [0, 0], 14);
    await pad(page, [0, 0]);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.locator(".exactly").textContent()).toMatch(/^left by \d+ %$/);
    await page.context().close();
  });

  test("its directions answer in the garden, and the same again is Enter", async () => {
    const { id, teacher } = await cloned("garden");
    const { page } = await correcting(id, { before: plugIn });
    await pad(page, [0, 0], 13);
    await expect.poll(() => page.locator(".answer .expert").textContent()).toBe("down");
    await pad(page, [0, 0]);
    await pad(page, [0.9, 0]);
    await expect.poll(() => page.locator(".answer .expert").textContent()).toBe("right");
    await pad(page, [0, 0]);
    await pad(page, [0.9, 0.2]);
    await waitForLeft(page, 11);
    expect((await lastRound(teacher)).answers).toEqual([[3]]);
    await page.context().close();
  });
});

test("the wheel keeps turning while a key is held", async () => {
  const { id } = await cloned("road");
  const { page } = await correcting(id);
  const share = async () =>
    Number(/\d+/.exec((await page.locator(".exactly").textContent())!)?.[0] ?? 0);
  await page.keyboard.press("ArrowRight");
  await expect.poll(share).toBe(5);
  await hold(page, "ArrowRight", 400);
  const held = await share();
  expect(held).toBeGreaterThan(10);
  await page.waitForTimeout(300);
  expect(await share()).toBe(held);
  await page.context().close();
});

describe("what an answer changes in the learner", () => {
  const learned = (page: Page) => page.locator(".learned").textContent();

  /** What a policy fitted from nothing to all labels that the log has would do, place by place. */
  async function learnerNow(teacher: Participant): Promise<Learner> {
    const lesson = (await eventsOf(teacher)).reduce(apply, emptyLesson);
    const world = worlds[lesson.world]!;
    const round = lesson.rounds.at(-1)!;
    const { seed, plan } = round;
    const shown = lesson.demonstrations.map(({ episode }) => replay(world, episode));
    const data = aggregate(world, pairsOf(world, shown), labelsOf(world, lesson));
    const { policy } = fit(data, policyKinds[plan.policy]!, seed);
    return { field: fieldOf(world, policy, placesIn(world, round)), policy };
  }

  /** What it has learned, and what it would do place by place. */
  interface Learner {
    readonly field: Field;
    readonly policy: Policy;
  }

  /** A question is answered, and again otherwise: the words are those of the policies fitted independently. */
  async function thereAndBack(
    page: Page,
    teacher: Participant,
    world: keyof typeof plans,
    answers: readonly (() => Promise<void>)[],
  ): Promise<Field> {
    const base = await learnerNow(teacher);
    const { plan } = await lastRound(teacher);
    const told = async (before: Learner, now: Learner, fewer = false) => {
      const round = await lastRound(teacher);
      const change = (isOld?: boolean) =>
        sayChange(worlds[world]!, round, before.field, now.field, fewer, isOld).words;
      if (fewer) return change();
      const label = { state: statesAsked(worlds[world]!, round)[0]!, action: round.answers[0]! };
      const { effect, isOld } = beforeAnswer(worlds[world]!, before.policy, label)(now.policy);
      return (effect && sayEffect(effect))?.words ?? change(isOld);
    };
    const changes = new Set<string>();
    let now = base;
    for (const give of answers) {
      if (now !== base) {
        await page.keyboard.press("z");
        const back = await told(now, base, true);
        expect(back).toMatch(/^(Taken back: |Nothing changed: )/);
        await expect.poll(() => learned(page)).toBe(back);
        expect((await learnerNow(teacher)).field.actions).toEqual(base.field.actions);
      }
      await give();
      await waitForLeft(page, plan.budget - 1);
      now = await learnerNow(teacher);
      const change = await told(base, now);
      await expect.poll(() => learned(page)).toBe(change);
      changes.add(change);
    }
    expect(changes.size, "answers that change different things").toBe(answers.length);
    return now.field;
  }

  const only = { ...further, budget: 1, spare: 0, repeats: 0 };

  test("on the road is the policy of all labels, and taken back the one before", async () => {
    const { id, teacher, world } = await cloned("road", {
      ...plans.road,
      ...only,
      query: "random",
    });
    const { page, complaints } = await correcting(id);
    const full = (key: string) => async () => {
      await hold(page, key, 900);
      await page.keyboard.press("Enter");
    };
    await page.waitForFunction(() => document.querySelector(".caption")?.textContent);
    const base = (await learnerNow(teacher)).field;
    await remember(page);
    const now = await thereAndBack(page, teacher, "road", [full("ArrowLeft"), full("ArrowRight")]);

    // The stretches of its way on which it would now steer differently are lit, and no others.
    const { stretches, share } = changedWay(world, await lastRound(teacher), base, now);
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.9);
    const lit = stretches.flat();
    const dark = placesDriven(world, await lastRound(teacher))
      .flat()
      .filter((place) => lit.every(({ x, y }) => Math.hypot(x - place.x, y - place.y) > 2));
    const { left, right, bottom, top } = world.picture.bounds;
    const marked = (points: readonly { x: number; y: number }[]) =>
      countMarked(
        page,
        points.map(({ x, y }) => [
          (x - (left + right) / 2) / (right - left),
          (y - (bottom + top) / 2) / (right - left),
        ]),
        (right - left) / (top - bottom),
      );
    const whole = 15 ** 2;
    // But for where the car stands, on what is lit.
    const round = await lastRound(teacher);
    const car = world.picture.pose(statesAsked(world, round)[0]!);
    const bare = lit.filter(({ x, y }) => Math.hypot(x - car.x, y - car.y) > 0.6);
    expect(bare.length).toBeGreaterThan(2);
    await expect.poll(async () => Math.min(...(await marked(bare)))).toBeGreaterThan(0.8 * whole);
    const unlit = await marked(dark);
    expect(unlit.length).toBeGreaterThan(20);
    expect(unlit.filter((count) => count > 0.8 * whole).length).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("in the garden too, and every tile's arrow points where it would go", async () => {
    const { id, teacher, world } = await cloned(
      "garden",
      { ...plans.garden, ...only, query: "novel" },
      8,
    );
    const { page, complaints } = await correcting(id);
    const { queries, episodes } = await lastRound(teacher);
    const [drive, t] = queries[0]!;
    const { states, actions } = replay(world, episodes[drive]!);
    const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
    const other = [0, 1, 2, 3].find((a) => a !== actions[t])!;
    const pick = (a: number) => async () => {
      await page.keyboard.press(keys[a]!);
      await page.keyboard.press(keys[a]!);
    };
    const path = [3, 2, 1, 0].map((ago) =>
      world.picture.pose(states.slice(2 * Math.max(0, t - ago), 2 * Math.max(0, t - ago) + 2)),
    );
    await remember(page);
    const now = await thereAndBack(page, teacher, "garden", [pick(actions[t]!), pick(other)]);
    // Until it is all there.
    await page.waitForTimeout(600);
    const { left, right, bottom, top } = world.picture.bounds;
    const tips = placesOf(world).flatMap(({ x, y }) =>
      [
        [0, 1],
        [0, -1],
        [-1, 0],
        [1, 0],
      ].map(([dx, dy]) => [
        (x + 0.24 * dx! - (left + right) / 2) / (right - left),
        (y + 0.24 * dy! - (bottom + top) / 2) / (right - left),
      ]),
    );
    const marked = await countMarked(page, tips);
    const looked: number[] = [];
    placesOf(world).forEach(({ x, y }, i) => {
      // Where the learner came from and where it is sent, there is more than an arrow.
      if (path.some((pose) => Math.hypot(pose.x - x, pose.y - y) < 1.6)) return;
      const counts = marked.slice(4 * i, 4 * i + 4);
      const most = counts.indexOf(Math.max(...counts));
      expect(most, `tile ${x}, ${y}: ${counts}`).toBe(now.actions[i]);
      looked.push(most);
    });
    expect(looked.length).toBeGreaterThan(20);
    expect(new Set(looked).size, "directions that were seen").toBeGreaterThan(2);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("is not shown around a question before it is answered", async () => {
    const { teacher, world } = await cloned("garden");
    const lesson = (await eventsOf(teacher)).reduce(apply, emptyLesson);
    const round = { ...lesson.rounds[0]!, answers: [[0]] };
    const field = (await learnerNow(teacher)).field;
    const open = 12;
    const arrows = arrowsOf(world, round, field, field, open);
    const asked = statesAsked(world, round).map((state) => world.picture.pose(state));
    for (const { tile } of arrows) {
      const here = asked.findLastIndex(({ x, y }) => x === tile!.x && y === tile!.y);
      expect(here < 1 || here > open, `question ${here}`).toBe(true);
    }
    expect(arrows.length).toBeGreaterThan(10);
  });

  test("is nothing yet where the learner is a network", async () => {
    const { id, teacher } = await cloned("garden", { ...plans.garden, policy: "mlpSoftmax" });
    const { page } = await correcting(id);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => answered(teacher)).toBe(1);
    expect(await learned(page)).toBe(
      "This learner is a network. It learns when you press “See what it learned”.",
    );
    await page.context().close();
  });
});

/** Has the page keep what is on the stage now. */
async function remember(page: Page): Promise<void> {
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".stage canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    Object.assign(globalThis, { bare: data });
  });
}

/**
 * For each point, how many pixels within a few of it are others than they were.
 * @param points from the middle of the stage, y upward, as shares of the world's width
 * @param aspect the world's width as a share of its height
 */
async function countMarked(
  page: Page,
  points: readonly (readonly number[])[],
  aspect = 1,
): Promise<number[]> {
  return page.evaluate(
    ({ points, aspect }) => {
      const { bare } = globalThis as unknown as { bare: Uint8ClampedArray };
      const canvas = document.querySelector<HTMLCanvasElement>(".stage canvas")!;
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
      const scale = Math.min(width, height * aspect);
      return points.map(([x, y]) => {
        const [px, py] = [Math.round(width / 2 + x! * scale), Math.round(height / 2 - y! * scale)];
        let count = 0;
        for (let dy = -7; dy <= 7; dy++) {
          for (let dx = -7; dx <= 7; dx++) {
            const i = 4 * ((py + dy) * width + px + dx);
            if ([0, 1, 2].some((k) => Math.abs(data[i + k]! - bare[i + k]!) > 8)) count++;
          }
        }
        return count;
      });
    },
    { points, aspect },
  );
}
