import { beforeEach, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { createLesson, eventsOf, join, newKey, type Participant, refusal } from "./server.ts";

useServer();

const walk = demonstrate(worlds.garden!, 5000);
const otherWalk = demonstrate(worlds.garden!, 5001);
const plan = { policy: "softmax", query: "every", budget: 3, drives: 1 };
const other = { code: "other-request", reason: "This key has been used for another request." };

describe("an idempotency key", () => {
  let someone: Participant;
  beforeEach(async () => {
    someone = await join(server, await createLesson(server, "garden"));
  });

  test("is refused with another body, and the first request keeps its effect", async () => {
    const { room } = someone;
    const key = newKey();
    expect(await room.request("demonstrate", { key, episode: walk })).toEqual({ seq: 2 });
    expect(await refusal(room.request("demonstrate", { key, episode: otherWalk }))).toEqual(other);
    expect(await room.request("demonstrate", { key, episode: walk })).toEqual({ seq: 2 });
    expect(await eventsOf(someone)).toHaveLength(2);
  });

  test("is refused with another kind of request", async () => {
    const { room } = someone;
    const key = newKey();
    await room.request("demonstrate", { key, episode: walk });
    expect(await refusal(room.request("train", { key, plan }))).toEqual(other);
    expect(await refusal(room.request("infer", { key }))).toEqual(other);
    expect(await refusal(room.request("forget", { key, demonstration: 2 }))).toEqual(other);
    expect(await eventsOf(someone)).toHaveLength(2);
  });

  test("is refused with another request while its work runs", async () => {
    const { room } = someone;
    await room.request("demonstrate", { key: newKey(), episode: walk });
    const key = newKey();
    const slow = { ...plan, policy: "mlpSoftmax" };
    const first = room.request("train", { key, plan: slow }, { timeout: 60_000 });
    const again = room.request("train", { key, plan: slow }, { timeout: 60_000 });
    expect(await refusal(room.request("train", { key, plan }))).toEqual(other);
    expect(await again).toEqual(await first);
  });

  test("does not depend on the order of a body's fields", async () => {
    const { room } = someone;
    const key = newKey();
    await room.request("demonstrate", { key, episode: walk });
    const { world, seed, actions, controllers } = walk;
    const turned = { episode: { controllers, actions, seed, world }, key };
    expect(await room.request("demonstrate", turned)).toEqual({ seq: 2 });
  });
});
