import { afterAll, beforeAll, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  type RunningServer,
  refusal,
  startServer,
} from "./server.ts";

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.stop());

/** With this many episodes, a network trains for long. */
const episodes = 12;
const long = { policy: "mlp", query: "novel", budget: 4, drives: 1 };
const short = { ...long, policy: "fourier" };
const stopped = { code: "stopped", reason: "Stopped. The lesson is as it was." };
/** Longer than any request here takes. */
const patience = { timeout: 60_000 };

/** Two clients in a lesson with many demonstrations. */
async function taught(): Promise<readonly [Participant, Participant]> {
  const lesson = await createLesson(server, "road");
  const [one, other] = [await join(server, lesson), await join(server, lesson)];
  for (let i = 0; i < episodes; i++) {
    const episode = demonstrate(worlds.road!, 5000 + i);
    await one.room.request("demonstrate", { key: newKey(), episode });
  }
  return [one, other];
}

/** Waits until the room reports progress of the work under `key`. */
async function underWay({ progress }: Participant, key: string): Promise<void> {
  await expect.poll(() => progress.some((told) => told.key === key)).toBe(true);
}

test("any client may stop work, which leaves no event", async () => {
  const [one, other] = await taught();
  const before = await eventsOf(one);
  const key = newKey();
  let over = false;
  const training = refusal(one.room.request("train", { key, plan: long }, patience)).finally(() => {
    over = true;
  });
  await underWay(other, key);

  // There is no work under another key.
  expect(await other.room.request("stop", { key: newKey() })).toEqual({});
  expect(over).toBe(false);
  expect(await refusal(one.room.request("infer", { key: newKey() }))).toMatchObject({
    code: "busy",
  });

  expect(await other.room.request("stop", { key })).toEqual({});
  expect(await training).toEqual(stopped);
  const last = other.progress.at(-1)!;
  expect(last).toEqual({ work: "train", share: null });
  // It was far from done, or the test would prove nothing.
  expect(Math.max(...other.progress.map(({ share }) => share ?? 0))).toBeLessThan(0.9);
  expect(await eventsOf(one)).toEqual(before);

  // Stopping again, or work that is over, has no effect.
  expect(await other.room.request("stop", { key })).toEqual({});
  const { seq } = await one.room.request("train", { key: newKey(), plan: short }, patience);
  expect(seq).toBe(before.length + 1);
  expect(await eventsOf(other)).toHaveLength(before.length + 1);
});

test("tells every waiting client, and leaves another lesson's work alone", async () => {
  const [[one, other], [third]] = [await taught(), await taught()];
  const keys = [newKey(), newKey()] as const;
  const training = refusal(one.room.request("train", { key: keys[0], plan: long }, patience));
  const elsewhere = third.room.request("train", { key: keys[1], plan: long }, patience);
  await underWay(one, keys[0]);
  const joined = refusal(other.room.request("train", { key: keys[0], plan: long }, patience));
  // A later message has been answered, so this one has been handled.
  await eventsOf(other);
  await one.room.request("stop", { key: keys[1] });
  await one.room.request("stop", { key: keys[0] });
  expect(await Promise.all([training, joined])).toEqual([stopped, stopped]);
  expect(await elsewhere).toEqual({ seq: episodes + 2 });
});

test("refuses to stop work that is not running", async () => {
  const [one] = await taught();
  for (const [body, field] of [
    [undefined, /^stop: /],
    [{}, /^key: /],
    [{ key: "short" }, /^key: /],
    [{ key: newKey(), more: 1 }, /^stop: /],
  ] as const) {
    const { code, reason } = await refusal(one.room.request("stop", body as { key: string }));
    expect(code).toBe("malformed");
    expect(reason).toMatch(field);
  }
});
