import { afterEach, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { pageSize } from "../../shared/lesson/protocol.ts";
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
  temporaryFolder,
} from "./server.ts";

let server: RunningServer;
afterEach(() => server.stop());
const start = async (env: Record<string, string>) => {
  server = await startServer(temporaryFolder(), env);
};

const drive = demonstrate(worlds.road!, 5000);
const show = ({ room }: Participant, key = newKey()) =>
  room.request("demonstrate", { key, episode: drive });
const someone = async () => join(server, await createLesson(server, "road"));
const fourier = { policy: "fourier", query: "every", budget: 4, drives: 1 };
const train = ({ room }: Participant, plan: object = fourier) =>
  room.request("train", { key: newKey(), plan: plan as typeof fourier }, { timeout: 60_000 });

describe("limits", () => {
  test("limits the messages of a connection, for a time and without effect on others", async () => {
    await start({ MAX_MESSAGES: "20" });
    const [hasty, other] = [await someone(), await someone()];
    const key = newKey();
    const answers = await Promise.allSettled(Array.from({ length: 60 }, () => show(hasty, key)));
    const refused = answers.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(40);
    for (const answer of refused)
      expect((answer as PromiseRejectedResult).reason.reason).toEqual({
        code: "too-many",
        reason: "You are asking too fast; wait a few seconds.",
      });
    expect(hasty.left).toEqual([]);
    await show(other);
    await expect
      .poll(() => show(hasty, key).catch(() => null), { interval: 1000 })
      .toEqual({ seq: 2 });
  });

  test("limits the size of a lesson, which can still be read", async () => {
    await start({ MAX_LESSON_MB: "1" });
    const lesson = await createLesson(server, "road");
    const full = await join(server, lesson);
    const size = JSON.stringify({ type: "demonstrated", episode: drive }).length;
    let stored = 0;
    for (;;) {
      const answer = await show(full).catch(({ reason }) => reason);
      if ("code" in answer) {
        expect(answer).toEqual({
          code: "full",
          reason: "This lesson has reached its largest size; start another.",
        });
        break;
      }
      stored++;
    }
    // The event that reaches the limit is still accepted.
    expect(stored).toBe(Math.ceil((1e6 - 36) / size));
    expect(1e6 / pageSize).toBeGreaterThan(3);
    const events = await eventsOf(full);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events).toHaveLength(stored + 1);
    await full.room.leave();
    // The same for a client that comes back.
    const again = await join(server, lesson);
    expect((await refusal(show(again))).code).toBe("full");
  });

  test("limits the open lessons, and opens another one once one is left", async () => {
    await start({ MAX_ROOMS: "1" });
    const [first, second] = [
      await createLesson(server, "road"),
      await createLesson(server, "road"),
    ];
    const here = await join(server, first);
    await expect(join(server, second)).rejects.toMatchObject({
      code: 503,
      message: "Too many lessons are open; try again in a minute.",
    });
    const beside = await join(server, first);
    await show(beside);
    await Promise.all([here.room.leave(), beside.room.leave()]);
    await expect
      .poll(() =>
        join(server, second)
          .then(show)
          .catch(() => null),
      )
      .toEqual({ seq: 2 });
  });

  test("ends work that takes too long, and the lesson goes on", async () => {
    await start({ MAX_WORK_SECONDS: "1" });
    const patient = await someone();
    for (let i = 0; i < 6; i++) await show(patient);
    const infer = patient.room.request("infer", { key: newKey() }, { timeout: 60_000 });
    expect(await refusal(infer)).toEqual({
      code: "too-long",
      reason: "This took more than 1 second and was stopped; the lesson is as it was.",
    });
    expect(await eventsOf(patient)).toHaveLength(7);
    // The lightest there is, since others may have the cores.
    expect(await train(patient, { ...fourier, policy: "linear" })).toEqual({ seq: 8 });
  });

  test("limits the work of one lesson in an hour", async () => {
    await start({ MAX_WORK_SECONDS_AN_HOUR: "1" });
    const [greedy, other] = [await someone(), await someone()];
    await show(greedy);
    await show(other);
    expect(await train(greedy)).toEqual({ seq: 3 });
    const { code, reason } = await refusal(train(greedy, { ...fourier, policy: "linear" }));
    expect(code).toBe("spent");
    expect(reason).toBe("This lesson has used its training time for this hour; go on in 60 min.");
    expect(await train(other)).toEqual({ seq: 3 });
    expect(await eventsOf(greedy)).toHaveLength(3);
  });

  test("drops an idle lesson from memory and reads it again when needed", async () => {
    await start({ MAX_IDLE_SECONDS: "1" });
    const idle = await someone();
    await show(idle);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await show(idle);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await train(idle)).toEqual({ seq: 4 });
    expect(idle.heard.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(await eventsOf(idle)).toHaveLength(4);
  });
});

describe("work in the queue", () => {
  test("reports its place, and goes before a lesson that has used much", async () => {
    await start({});
    const heavy = await Promise.all(Array.from({ length: 4 }, someone));
    for (const one of heavy) for (let i = 0; i < 3; i++) await show(one);
    const inferred = heavy.map(({ room }) =>
      room.request("infer", { key: newKey() }, { timeout: 170_000 }).catch(() => {}),
    );
    await expect
      .poll(() => heavy.some(({ progress }) => progress.some(({ place }) => place)))
      .toBe(true);
    const places = heavy.map(({ progress }) => progress.at(-1)?.place ?? 0).toSorted();
    expect(places.at(-1)).toBeGreaterThan(1);
    const light = await someone();
    await show(light);
    expect(await train(light)).toEqual({ seq: 3 });
    // Short work found a thread while the long work before it was still waiting for one.
    expect(heavy.filter(({ heard }) => heard.at(-1)?.type === "inferred").length).toBeLessThan(2);
    for (const { room, progress } of heavy) {
      const { key } = progress.at(-1)!;
      if (key) await room.request("stop", { key });
    }
    await Promise.all(inferred);
  });
});
