import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  RunningServer,
  refusal,
  startServer,
} from "./server.ts";

let server: RunningServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.kill());

const road = worlds.road!;
const plan = { policy: "fourier", query: "every", budget: 4, drives: 1 };
type Ask = (someone: Participant) => Promise<{ seq: number }>;

/** Every kind of change at least once, in a valid order. */
const changes: [string, Ask][] = [
  [
    "the first episode",
    ({ room }) => room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 6000) }),
  ],
  [
    "the second episode",
    ({ room }) => room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 6001) }),
  ],
  ["a deleted episode", ({ room }) => room.request("forget", { key: newKey(), demonstration: 2 })],
  ["a training", ({ room }) => room.request("train", { key: newKey(), plan })],
  [
    "label 0",
    ({ room }) => room.request("label", { key: newKey(), round: 0, index: 0, action: [0.1] }),
  ],
  [
    "label 1",
    ({ room }) =>
      room.request("label", { key: newKey(), round: 0, index: 1, action: [-0.123456789012345] }),
  ],
  ["a label taken back", ({ room }) => room.request("undo", { key: newKey(), round: 0, index: 1 })],
  [
    "label 1 again",
    ({ room }) => room.request("label", { key: newKey(), round: 0, index: 1, action: [0.25] }),
  ],
  [
    "label 2",
    ({ room }) => room.request("label", { key: newKey(), round: 0, index: 2, action: [-0.25] }),
  ],
  [
    "label 3",
    ({ room }) => room.request("label", { key: newKey(), round: 0, index: 3, action: [0] }),
  ],
  ["the next training", ({ room }) => room.request("train", { key: newKey(), plan })],
];

describe("SIGKILL", () => {
  test("right after an acknowledgement, everything acknowledged is stored, and nothing else", async () => {
    const lesson = await createLesson(server, "road");
    await server.kill();
    await server.start();
    let events: readonly LessonEvent[] = await eventsOf(await join(server, lesson));
    expect(events).toHaveLength(1);
    for (const [what, ask] of changes) {
      const someone = await join(server, lesson);
      const { seq } = await ask(someone);
      await server.kill();
      await server.start();
      const found = await eventsOf(await join(server, lesson));
      // The log has the broadcast events, and earlier ones are unchanged.
      expect(found, what).toEqual([...events, ...someone.heard]);
      expect(found.at(-1)!.seq, what).toBe(seq);
      events = found;
    }
    expect(events).toHaveLength(1 + changes.length);
  });

  test("with messages on their way, loses no acknowledged one and does each repeated one once", async () => {
    const lesson = await createLesson(server, "road");
    const requests = Array.from({ length: 400 }, (_, i) => ({
      key: newKey(),
      episode: demonstrate(road, 6000 + i),
    }));
    const acknowledged = new Map<number, number>();
    const { room } = await join(server, lesson);
    const killed = new Promise<void>((resolve) => {
      requests.forEach((request, i) => {
        room.request("demonstrate", request).then(
          ({ seq }) => {
            acknowledged.set(seq, i);
            if (acknowledged.size === 30) resolve(server.kill());
          },
          () => {},
        );
      });
    });
    await killed;
    await server.start();

    const again = await join(server, lesson);
    const found = await eventsOf(again);
    expect(acknowledged.size).toBeGreaterThanOrEqual(30);
    expect(found.length, "the server was killed too late to prove anything").toBeLessThan(401);
    for (const [seq, i] of acknowledged) {
      expect(found[seq - 1]).toMatchObject({ seq, episode: requests[i]!.episode });
    }
    const answers = await Promise.all(
      requests.map((request) => again.room.request("demonstrate", request)),
    );
    const complete = await eventsOf(again);
    expect(complete.slice(0, found.length)).toEqual(found);
    expect(complete).toHaveLength(401);
    answers.forEach(({ seq }, i) => {
      expect(complete[seq - 1]).toMatchObject({ seq, episode: requests[i]!.episode });
    });
  });

  test("during training, the lesson is as it was before, and the same request trains it", async () => {
    const lesson = await createLesson(server, "road");
    const someone = await join(server, lesson);
    await someone.room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 6000) });
    const request = { key: newKey(), plan: { ...plan, policy: "mlp" } };
    const lost = someone.room.request("train", request, { timeout: 60_000 });
    lost.catch(() => {});
    await expect.poll(() => someone.progress.length).toBeGreaterThan(0);
    await server.kill();
    await expect(lost).rejects.toThrow(/closed/);
    await server.start();

    const again = await join(server, lesson);
    expect(await eventsOf(again)).toHaveLength(2);
    expect(await again.room.request("train", request, { timeout: 60_000 })).toEqual({ seq: 3 });
  });
});

test("SIGTERM does not wait for training, and the lesson is as it was before", async () => {
  const lesson = await createLesson(server, "road");
  const someone = await join(server, lesson);
  await someone.room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 6000) });
  const lost = someone.room.request("train", {
    key: newKey(),
    plan: { ...plan, policy: "mlpEnsemble" },
  });
  lost.catch(() => {});
  await expect.poll(() => someone.progress.length).toBeGreaterThan(0);
  await server.stop();
  await expect(lost).rejects.toThrow(/closed/);
  await server.start();
  expect(await eventsOf(await join(server, lesson))).toHaveLength(2);
});

test("two servers with the same lesson open accept requests on events that the other wrote", async () => {
  const lesson = await createLesson(server, "road");
  const here = await join(server, lesson);
  await here.room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 6000) });
  const other = new RunningServer(server.dataFolder);
  await other.start();
  try {
    const there = await join(other, lesson);
    await there.room.request("train", { key: newKey(), plan });
    const label = { round: 0, index: 0, action: [0.1] };
    const labelled = await here.room.request("label", { key: newKey(), ...label });
    expect(labelled).toEqual({ seq: 4 });
    await here.room.request("train", { key: newKey(), plan });
    const next = { key: newKey(), ...label, round: 1 };
    expect(await there.room.request("label", next)).toEqual({ seq: 6 });
    const undo = { key: newKey(), round: 1, index: 0 };
    expect(await here.room.request("undo", undo)).toEqual({ seq: 7 });
    // An invalid request is still refused.
    expect(await refusal(here.room.request("undo", { ...undo, key: newKey() }))).toMatchObject({
      code: "out-of-order",
    });
    expect(await eventsOf(here)).toEqual(await eventsOf(there));
  } finally {
    await other.kill();
  }
});
