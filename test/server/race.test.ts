import { join as joinPath } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import { lessonAt } from "../../shared/lesson/fold.ts";
import { firstOpenSeed } from "../../shared/lesson/protocol.ts";
import { startRound } from "../../shared/lesson/training.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { createLesson, eventsOf, join, newKey, type Participant, refusal } from "./server.ts";

useServer();

const plans = {
  road: { policy: "fourier", query: "novel", budget: 5, drives: 2 },
  garden: { policy: "softmax", query: "novel", budget: 5, drives: 2 },
  path: { policy: "fourier", query: "novel", budget: 5, drives: 2 },
} as const;

/** A lesson with this many rounds, each but the last answered once with an action that the clone would not take. */
async function taught(world: keyof typeof plans, rounds: number) {
  const lesson = await createLesson(server, world);
  const someone = await join(server, lesson);
  const episode = demonstrate(worlds[world]!, 7000);
  await someone.room.request("demonstrate", { key: newKey(), episode });
  const { action: space } = worlds[world]!;
  const action = space.kind === "discrete" ? [3] : [...space.low];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) {
      const label = { key: newKey(), round: round - 1, index: 0, action };
      await someone.room.request("label", label);
    }
    await someone.room.request("train", { key: newKey(), plan: plans[world] }, { timeout: 60_000 });
  }
  return { lesson, someone };
}

/** The episode of each round's policy on `seed`, computed from the log alone. */
async function own(someone: Participant, seed: number) {
  const events = await eventsOf(someone);
  return events.flatMap((event) => {
    if (event.type !== "trained") return [];
    const lesson = lessonAt(events, event.basis);
    const world = worlds[lesson.world]!;
    const { policy } = startRound(lesson, event.plan, event.seed, () => {}, event.learningSeed);
    return [rollout(world, driverOf(world, policy), Controller.learner, seed)];
  });
}

test.each(["road", "garden", "path"] as const)(
  "%s: the clone and the current learner drive as their policies do, and nothing is written",
  async (world) => {
    const { someone } = await taught(world, 3);
    const before = await eventsOf(someone);
    const [clone, , now] = await own(someone, 5000);
    const { episodes } = await someone.room.request("race", { seed: 5000 });
    expect(JSON.parse(JSON.stringify(episodes))).toEqual(
      JSON.parse(
        JSON.stringify([
          { round: 0, episode: clone },
          { round: 2, episode: now },
        ]),
      ),
    );
    expect(clone!.actions).not.toEqual(now!.actions);
    // A key has no effect: the same key races again with another seed.
    const key = newKey();
    const first = await someone.room.request("race", { key, seed: 5002 });
    const second = await someone.room.request("race", { key, seed: 5001 });
    expect(second.episodes.map(({ episode }) => episode.seed)).toEqual([5001, 5001]);
    expect(first).not.toEqual(second);
    expect(await eventsOf(someone)).toEqual(before);
    expect(someone.heard).toHaveLength(before.length - 1);
    await someone.room.leave();
  },
);

test("races only the clone in the first round", async () => {
  const { someone } = await taught("garden", 1);
  const { episodes } = await someone.room.request("race", { seed: firstOpenSeed });
  expect(episodes.map(({ round }) => round)).toEqual([0]);
});

test.each([
  ["are no longer kept", "delete from policies"],
  ["are not what they were", "update policies set json = replace(json, ',4.', ',-4.')"],
])("computes policies again that %s", async (_, change) => {
  const { lesson, someone } = await taught("garden", 2);
  const before = await someone.room.request("race", { seed: 9000 });
  spoil(lesson, change);
  expect(await someone.room.request("race", { seed: 9000 })).toEqual(before);
});

/** Damages the stored policies of a lesson, so that they have to be computed again. */
function spoil(lesson: string, change: string): void {
  const database = new Database(joinPath(server.dataFolder, "lessons.db"));
  database.prepare(`${change} where lesson = ?`).run([lesson]);
  database.close();
}

test("runs one race at a time", async () => {
  const { lesson, someone } = await taught("road", 1);
  // So that the first is still running when the second is asked for.
  spoil(lesson, "delete from policies");
  const both = await Promise.allSettled([
    someone.room.request("race", { seed: 9000 }),
    refusal(someone.room.request("race", { seed: 9001 })),
  ]);
  expect(both[0].status).toBe("fulfilled");
  expect(both[1]).toMatchObject({
    value: { code: "busy", reason: "Another race is about to start; wait for it." },
  });
  await someone.room.request("race", { seed: 9001 });
});

test("refuses an invalid race, and the room goes on", async () => {
  const { someone } = await taught("garden", 1);
  const ask = (body: unknown) => refusal(someone.room.request("race", body as { seed: number }));
  for (const [body, field] of [
    [undefined, /^race: /],
    [{}, /^seed: /],
    [{ seed: -1 }, /^seed: /],
    [{ seed: 2 ** 32 }, /^seed: /],
    [{ seed: 5000.5 }, /^seed: /],
    [{ seed: "5000" }, /^seed: /],
    [{ seed: 5000, key: "short" }, /^key: /],
    [{ seed: 5000, round: 0 }, /^race: .*round/],
  ] as const) {
    const { code, reason } = await ask(body);
    expect(code).toBe("malformed");
    expect(reason).toMatch(field);
  }
  for (const seed of [0, firstOpenSeed - 1]) {
    expect(await ask({ seed })).toEqual({
      code: "bad-episode",
      reason: "This seed is held out for measuring.",
    });
  }
  expect(await eventsOf(someone)).toHaveLength(3);
  const fresh = await join(server, await createLesson(server, "garden"));
  expect(await refusal(fresh.room.request("race", { seed: 5000 }))).toEqual({
    code: "no-rounds",
    reason: "There is no learner yet.",
  });
});
