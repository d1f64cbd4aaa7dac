import { readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { isOpen, type RequestName, requests } from "../../shared/lesson/requests.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { enter, eventsOf, newKey, type Participant, refusal } from "./server.ts";

useServer();

const walk = demonstrate(worlds.garden!, 5000);
const plan = { policy: "softmax", query: "every", budget: 3, drives: 1 };

async function begin(): Promise<Begun> {
  const response = await fetch(`${server.address}/api/lessons`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ world: "garden" }),
  });
  return (await response.json()) as Begun;
}

const show = ({ room }: Participant) =>
  room.request("demonstrate", { key: newKey(), episode: walk });

describe("a lesson's secret", () => {
  test("is 128 bits, different each time, and not the id", async () => {
    const begun = await Promise.all([begin(), begin()]);
    const words = begun.flatMap(({ id, secret }) => [id, secret]);
    for (const word of words) expect(word).toMatch(/^[\w-]{22}$/);
    expect(new Set(words).size).toBe(4);
  });

  test("is not in the stored files", async () => {
    const { id, secret } = await begin();
    const owner = await enter(server, { lesson: id, secret });
    await show(owner);
    const kept = ["lessons.db", "lessons.db-wal"].map((name) =>
      readFileSync(joinPath(server.dataFolder, name)).toString("latin1"),
    );
    expect(kept.join()).toContain(id);
    expect(kept.join()).not.toContain(secret);
  });

  test("lets its holder teach, and everyone with the id watch", async () => {
    const { id, secret } = await begin();
    const owner = await enter(server, { lesson: id, secret });
    const looker = await enter(server, { lesson: id });
    expect((await owner.room.request("events", { since: 0 })).owner).toBe(true);
    expect((await looker.room.request("events", { since: 0 })).owner).toBe(false);
    await show(owner);
    await expect.poll(() => looker.heard).toEqual(owner.heard);
    expect(await eventsOf(looker)).toEqual(await eventsOf(owner));
    await owner.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
    expect((await looker.room.request("policy", {})).round).toBe(0);
    const { episodes } = await looker.room.request("race", { seed: 6000 });
    expect(episodes.map(({ round }) => round)).toEqual([0]);
  });

  test.each(["none", "another lesson's", "one with a slip", "the address"])(
    "%s instead of it allows looking on only",
    async (which) => {
      const { id, secret } = await begin();
      const wrong = {
        none: {},
        "another lesson's": { secret: (await begin()).secret },
        "one with a slip": { secret: (secret[0] === "A" ? "B" : "A") + secret.slice(1) },
        "the address": { secret: id },
      }[which]!;
      const looker = await enter(server, { lesson: id, ...wrong });
      const closed = Object.keys(requests).filter((name) => !isOpen(name as RequestName));
      expect(closed.length).toBeGreaterThan(8);
      for (const name of closed) {
        const answer = looker.room.request(name as "undo", { key: newKey(), round: 0, index: 0 });
        expect(await refusal(answer), name).toEqual({
          code: "not-yours",
          reason: "You are watching: only the person who began this lesson can teach in it.",
        });
      }
      looker.room.send("demonstrate", { key: newKey(), episode: walk });
      expect(await eventsOf(looker)).toHaveLength(1);
      expect(looker.left).toEqual([]);
    },
  );

  test.each([
    ["no words", {}],
    ["an address that is none", { lesson: "x" }],
    ["a secret that is none", { lesson: "A".repeat(22), secret: "x" }],
    ["more than is asked", { lesson: "A".repeat(22), owner: true }],
    ["what the server itself is given", { lesson: "A".repeat(22), limits: {} }],
  ])("refuses to join with %s", async (_, entry) => {
    await expect(enter(server, entry)).rejects.toThrow("This is not the address of a lesson.");
  });
});
