import { createHash } from "node:crypto";
import { join as joinPath } from "node:path";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { arithmetic } from "../../shared/arithmetic.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { type LessonEvent, lessonAt } from "../../shared/lesson/fold.ts";
import { inferReward, startRound } from "../../shared/lesson/training.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { createLesson, eventsOf, join, newKey, type Participant, refusal } from "./server.ts";

useServer();

const patience = { timeout: 60_000 }; // ms
const plan = (policy: string, query = "novel") => ({ policy, query, budget: 5, drives: 2 });

/** Adds `n` demonstrations of the scripted expert. */
async function show({ room }: Participant, world: string, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    const episode = demonstrate(worlds[world]!, 7000 + i);
    await room.request("demonstrate", { key: newKey(), episode });
  }
}

/** The stored parameters of the policy of event `seq`; undefined before they are stored. */
function keptPolicy(lesson: string, seq: number): string | undefined {
  const database = new Database(joinPath(server.dataFolder, "lessons.db"), { readonly: true });
  const statement = database.prepare("select json from policies where lesson = ? and seq = ?");
  const row = statement.get([lesson, seq]) as { json: string } | undefined;
  database.close();
  return row?.json;
}

describe("replaying the log", () => {
  test.each([
    ["road", "fourier", "novel", 0.2],
    ["road", "mlp", "novel", -0.1],
    ["garden", "softmax", "every", 1],
  ])("gives the same policy bit for bit: %s, %s, %s", async (world, policy, query, action) => {
    const lesson = await createLesson(server, world);
    const someone = await join(server, lesson);
    const { room } = someone;
    await show(someone, world, 2);
    await room.request("train", { key: newKey(), plan: plan(policy, query) }, patience);
    await room.request("label", { key: newKey(), round: 0, index: 0, action: [action] });
    await room.request("label", { key: newKey(), round: 0, index: 1, action: [0] });
    await room.request("undo", { key: newKey(), round: 0, index: 1 });
    await room.request("forget", { key: newKey(), demonstration: 2 });
    await room.request("train", { key: newKey(), plan: plan(policy, query) }, patience);

    const events = await eventsOf(someone);
    const trainings = events.filter((event) => event.type === "trained");
    expect(trainings).toHaveLength(2);
    for (const { seq, at, type, v, basis, digest, arithmetic: by, ms, ...round } of trainings) {
      expect(by).toBe(arithmetic);
      const replayed = startRound(
        lessonAt(events, basis),
        round.plan,
        round.seed,
        () => {},
        round.learningSeed,
      );
      const json = JSON.stringify(replayed.policy.toJSON());
      expect(createHash("sha256").update(json).digest("hex")).toBe(digest);
      expect(keptPolicy(lesson, seq)).toBe(json);
      // JSON has no −0, so the log has none.
      expect(JSON.parse(JSON.stringify(replayed.round))).toEqual(round);
      const revived = policyKinds[policy]!.fromJSON(JSON.parse(json));
      expect(JSON.stringify(revived.toJSON())).toBe(json);
    }
    expect(trainings[1]).toMatchObject({ basis: 8, seed: 8, labels: 1 });
    expect(trainings[1]!.digest).not.toBe(trainings[0]!.digest);
  });

  test("gives the same reward", async () => {
    const someone = await join(server, await createLesson(server, "garden"));
    await show(someone, "garden", 3);
    await someone.room.request("infer", { key: newKey() }, patience);
    const events = await eventsOf(someone);
    const { seq, at, type, basis, ms, ...inference } = events.at(-1) as LessonEvent & {
      type: "inferred";
    };
    const replayed = inferReward(lessonAt(events, basis));
    expect(JSON.parse(JSON.stringify(replayed))).toEqual(inference);
  });
});

describe("while the learner trains", () => {
  test("the room goes on, conflicting requests are refused, and the same request waits for the same result", async () => {
    const lesson = await createLesson(server, "road");
    const [teacher, other] = await Promise.all([join(server, lesson), join(server, lesson)]);
    await show(teacher, "road", 1);
    await teacher.room.request("train", { key: newKey(), plan: plan("fourier") });

    const request = { key: newKey(), plan: plan("mlp") };
    let over = false;
    const training = teacher.room.request("train", request, patience).finally(() => {
      over = true;
    });
    await expect.poll(() => other.progress.some(({ share }) => share !== null)).toBe(true);

    const { room } = other;
    const label = { round: 0, index: 0, action: [0] };
    const joined = room.request("train", request, patience);
    const refused = [
      room.request("train", { key: newKey(), plan: plan("mlp") }),
      room.request("infer", { key: newKey() }),
      room.request("label", { key: newKey(), ...label }),
      room.request("undo", { key: newKey(), round: 0, index: 0 }),
    ];
    for (const answer of refused) {
      expect(await refusal(answer)).toEqual({
        code: "busy",
        reason: "The learner is training; wait until it is done.",
      });
    }
    // Sequential requests: if the server were blocked, training would be over after them.
    await show(other, "road", 5);
    await room.request("forget", { key: newKey(), demonstration: 4 });
    for (let i = 0; i < 5; i++) await fetch(`${server.address}/api/health`);
    expect(over, "training was over before the room had answered").toBe(false);

    expect(await joined).toEqual(await training);
    const { seq } = await training;
    expect((await eventsOf(other))[seq - 1]).toMatchObject({
      type: "trained",
      basis: 3,
      seed: 3,
      pairs: worlds.road!.horizon, // of the only demonstration when it began
    });
    expect((await eventsOf(other)).filter(({ type }) => type === "trained")).toHaveLength(2);
    expect(await room.request("label", { key: newKey(), ...label, round: 1 })).toEqual({
      seq: seq + 1,
    });
  });

  test("everyone gets progress and the result", async () => {
    const lesson = await createLesson(server, "road");
    const [teacher, other] = await Promise.all([join(server, lesson), join(server, lesson)]);
    await show(teacher, "road", 1);
    await teacher.room.request("train", { key: newKey(), plan: plan("mlp") }, patience);
    await expect.poll(() => other.progress.at(-1)).toEqual({ work: "train", share: null });
    const shares = other.progress.slice(0, -1).map(({ share }) => share!);
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    for (const share of shares) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(teacher.progress).toEqual(other.progress);
  });

  test("a client that comes back finds it still training, and then trained", async () => {
    const lesson = await createLesson(server, "road");
    const teacher = await join(server, lesson);
    await show(teacher, "road", 1);
    const request = { key: newKey(), plan: plan("mlp") };
    teacher.room.request("train", request, patience).catch(() => {});
    await expect.poll(() => teacher.progress.length).toBeGreaterThan(0);
    await teacher.room.leave();
    await new Promise((resolve) => setTimeout(resolve, 300));

    const again = await join(server, lesson);
    expect(again.room.roomId).toBe(teacher.room.roomId);
    const other = again.room.request("train", { key: newKey(), plan: plan("mlp") });
    expect((await refusal(other)).code).toBe("busy");
    await again.room.leave();
    // Read from the database, as asking the room would mean joining it.
    await expect.poll(() => keptPolicy(lesson, 3), { timeout: 30_000 }).toBeDefined();
    const last = await join(server, lesson);
    expect((await eventsOf(last)).at(-1)).toMatchObject({ seq: 3, type: "trained", basis: 2 });
    expect(await last.room.request("train", request)).toEqual({ seq: 3 });
  });
});

test("refuses work that fails in the worker, and the room goes on", async () => {
  const lesson = await createLesson(server, "garden");
  // An invalid episode, as if a later version had made the garden smaller.
  const database = new Database(joinPath(server.dataFolder, "lessons.db"));
  const episode = { world: "garden", seed: 7000, actions: [], controllers: [] };
  database
    .prepare("insert into events (lesson, seq, key, at, body) values (?, 2, 'smuggled', 0, ?)")
    .run([lesson, JSON.stringify({ type: "demonstrated", episode })]);
  database.close();

  const someone = await join(server, lesson);
  const { room } = someone;
  const train = room.request("train", { key: newKey(), plan: plan("softmax") });
  expect(await refusal(train)).toEqual({
    code: "failed",
    reason: "The server could not do this.",
  });
  expect((await refusal(room.request("infer", { key: newKey() }))).code).toBe("failed");
  expect(someone.progress.at(-1)).toEqual({ work: "infer", share: null });

  await room.request("forget", { key: newKey(), demonstration: 2 });
  await show(someone, "garden", 1);
  expect(await room.request("train", { key: newKey(), plan: plan("softmax") })).toEqual({ seq: 5 });
});
