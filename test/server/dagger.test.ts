import { expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { width } from "../../shared/spaces.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { createLesson, eventsOf, join, newKey, type Participant } from "./server.ts";

useServer();

const road = worlds.road!;

/** Answers every question of the last round by the scripted expert. Returns how many there were. */
async function correct(someone: Participant): Promise<number> {
  const { rounds } = (await eventsOf(someone)).reduce(apply, emptyLesson);
  const { queries, episodes } = rounds.at(-1)!;
  const visited = episodes.map((episode) => replay(road, episode));
  const action = new Float64Array(width(road.action));
  for (const [index, [drive, t]] of queries.entries()) {
    const { states } = visited[drive]!;
    road.expert(states.subarray(t * road.stateSize, (t + 1) * road.stateSize), action);
    await someone.room.request("label", {
      key: newKey(),
      round: rounds.length - 1,
      index,
      action: [...action],
    });
  }
  return queries.length;
}

test("after five rounds over the protocol a network falls five times less on held-out seeds", async () => {
  const someone = await join(server, await createLesson(server, "road"));
  await someone.room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 9000) });
  const plan = { policy: "mlp", query: "novel", budget: 80, drives: 4 };
  const falls: number[] = [];
  let labels = 0;
  for (let round = 0; round <= 5; round++) {
    if (round > 0) labels += await correct(someone);
    await someone.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
    const trained = someone.heard.at(-1)!;
    if (trained.type !== "trained") throw new Error(`expected a training, heard ${trained.type}`);
    expect(trained.labels).toBe(labels);
    falls.push(trained.heldOut.reduce((sum, n) => sum + n, 0) / trained.heldOut.length);
  }
  expect(falls[0], "cloning alone should fall").toBeGreaterThan(1);
  expect(falls[5], `falls a drive, round by round: ${falls}`).toBeLessThanOrEqual(falls[0]! / 5);
});
