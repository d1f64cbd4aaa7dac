import { describe, expect, test } from "vitest";
import { AskedDrive } from "../../client/lesson/correct/when-asked/asked-drive.ts";
import { sayTurn } from "../../client/lesson/correct/when-asked/words.ts";
import { Controls } from "../../client/stage/controls.ts";
import { type Asking, askingBudget, mayAsk, refuseAsking } from "../../shared/lesson/asking.ts";
import type { Policy } from "../../shared/policies/policy.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { kinds } from "../../shared/worlds/index.ts";
import { demonstrationWorld, type Level } from "../../shared/worlds/level.ts";
import type { Key } from "../../shared/worlds/steering.ts";
import { drive, someoneDriving } from "./script.ts";

const frame = 1 / 60;

/** A learner that has been to all places of so many steps, and to which five of each twenty from then on are new. */
function restless(world: Level, known: number): Policy {
  let looks = -known;
  const isNew = () => looks++ >= 0 && Math.floor(looks / 5) % 4 === 1;
  return { ...someoneDriving(world), uncertainty: () => (isNew() ? 1 : 0) };
}

/** A drive with a learner that asks, and what came of it. */
function asked(world: Level, rate = 0.2) {
  const controls = new Controls();
  const told: { episode: Episode; asking: Asking | null }[] = [];
  const own = drive(world, 5001);
  const policy = restless(world, own.controllers.length);
  const learner = { policy, rate, drives: [own] };
  const shared = new AskedDrive(world, learner, 5002, controls, [], (episode, _, asking) =>
    told.push({ episode, asking }),
  );
  shared.enter();
  const until = (phase: string) => {
    for (let i = 0; i < 5000 && shared.progress.value.phase !== phase; i++) shared.frame(frame);
    expect(shared.progress.value.phase).toBe(phase);
  };
  return { controls, shared, told, until };
}

const running = kinds.flatMap(({ levels: [level] }) => (mayAsk(level) ? [level] : []));

describe.each(running.map((world) => ({ world, name: world.name })))("on $name", ({ world }) => {
  const [key] = Object.keys(world.steering.keys) as [Key];

  test("the world waits until something is pressed afresh, and the wheel goes back", () => {
    const { controls, shared, told, until } = asked(world);
    shared.start();
    controls.press(key);
    until("asking");
    const { time } = shared.progress.value;
    expect(shared.progress.value).toMatchObject({ hands: false, asked: 1, labels: 0 });
    for (let i = 0; i < 100; i++) shared.frame(frame);
    expect(shared.progress.value).toMatchObject({ phase: "asking", time, labels: 0 });
    controls.press(key);
    controls.release(key);
    expect(shared.progress.value).toMatchObject({ phase: "driving", hands: true });
    for (let i = 0; i < 5000 && shared.progress.value.hands; i++) shared.frame(frame);
    expect(shared.progress.value.given).not.toBeNull();
    shared.frame(frame);
    shared.finish();
    const [{ episode, asking }] = told as [(typeof told)[0]];
    expect(episode.controllers.indexOf(Controller.expert)).toBe(time);
    expect(asking).toEqual({
      rate: 0.2,
      turns: [[time, expect.stringMatching(/^(unfamiliar|danger)$/)]],
    });
  });

  test("what is told at the end is what a server takes, and within the budget", () => {
    for (const rate of [0.1, 0.3]) {
      const { controls, shared, told, until } = asked(world, rate);
      shared.start();
      for (let i = 0; i < 20_000 && told.length === 0; i++) {
        if (shared.progress.value.phase === "asking") {
          controls.press(key);
          controls.release(key);
        }
        shared.frame(frame);
      }
      until("over");
      const [{ episode, asking }] = told as [(typeof told)[0]];
      expect(refuseAsking(asking!, episode, world)).toBeNull();
      const mine = episode.controllers.filter((who) => who === Controller.expert).length;
      expect(mine).toBeGreaterThan(0);
      expect(mine).toBeLessThanOrEqual(askingBudget(world, rate));
      expect(shared.progress.value.labels).toBe(mine);
      expect(replay(world, episode).length).toBe(episode.controllers.length);
    }
  });

  test("ended while it asks, it has asked for nothing", () => {
    const { shared, told, until } = asked(world);
    shared.start();
    until("asking");
    shared.finish();
    expect(told).toMatchObject([{ asking: null }]);
    expect(told[0]!.episode.controllers).not.toContain(Controller.expert);
  });
});

test("who was never asked in a whole drive is told what to do", () => {
  const world = running.find(({ canFall }) => !canFall)!;
  // As a table in a world without crashes: no place is newer to it than another.
  const policy = { ...someoneDriving(world), uncertainty: () => 1 };
  const learner = { policy, rate: 0.3, drives: [drive(world, 5001)] };
  const told: (Asking | null)[] = [];
  const shared = new AskedDrive(world, learner, 5002, new Controls(), [], (_, __, asking) =>
    told.push(asking),
  );
  shared.enter();
  shared.start();
  for (let i = 0; i < 20_000 && told.length === 0; i++) shared.frame(frame);
  expect(told).toEqual([null]);
  const end = shared.progress.value;
  expect(end).toMatchObject({ phase: "over", asked: 0, labels: 0 });
  expect(sayTurn(end, { rate: true, way: true })).toBe(
    "It never asked you, so it has nothing to learn. Let it drive once more, let it ask for more, or correct it in another way.",
  );
  expect(sayTurn(end, { rate: false, way: false })).toBe(
    "It never asked you, so it has nothing to learn. Let it drive once more: each drive has another start.",
  );
  expect(sayTurn({ ...end, asked: 1 }, { rate: false, way: false })).toContain(
    "steer when it asks",
  );
  expect(sayTurn({ ...end, asked: 1, labels: 9 }, { rate: false, way: false })).toBe("");
});

test("nobody is asked where the world waits", () => {
  const waiting = kinds.flatMap(({ levels: [level] }) => (mayAsk(level) ? [] : [level]));
  expect(waiting.length).toBeGreaterThan(0);
  for (const world of waiting) expect(() => asked(demonstrationWorld(world))).toThrow(RangeError);
});
