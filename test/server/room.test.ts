import { Client } from "colyseus.js";
import { describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { createLesson, eventsOf, join, newKey, refusal, startServer } from "./server.ts";

useServer();

const garden = worlds.garden!;
const plan = { policy: "softmax", query: "every", budget: 6, drives: 2 };

describe("joining", () => {
  test("a lesson begins with one event", async () => {
    const someone = await join(server, await createLesson(server, "garden"));
    expect(await eventsOf(someone)).toEqual([
      { seq: 1, at: expect.any(Number), type: "created", world: "garden" },
    ]);
  });

  test("an unknown id is a 404", async () => {
    await expect(join(server, "A".repeat(22))).rejects.toMatchObject({
      name: "MatchMakeError",
      code: 404,
      message: "There is no lesson at this address.",
    });
  });

  test.each([["too short"], [""], [undefined], [null], [17], [{ $ne: "" }], [["A".repeat(22)]]])(
    "the invalid id %j is a 400",
    async (address) => {
      // There is an open room, which a request without a lesson must not join.
      await join(server, await createLesson(server, "garden"));
      await expect(join(server, address)).rejects.toMatchObject({
        name: "MatchMakeError",
        code: 400,
        message: "This is not the address of a lesson.",
      });
    },
  );

  test("a room can be joined by the lesson's id only", async () => {
    const lesson = await createLesson(server, "garden");
    const { room } = await join(server, lesson);
    const client = new Client(server.address);
    await expect(client.joinById(room.roomId, { lesson })).rejects.toThrow(/invalid method/);
    await expect(client.create("lesson", { lesson })).rejects.toThrow(/invalid method/);
    await expect(client.join("lesson")).rejects.toThrow(/invalid method/);
  });

  test("clients that join a lesson at once are in one room, and those of another lesson in another", async () => {
    const [lesson, other] = [
      await createLesson(server, "garden"),
      await createLesson(server, "garden"),
    ];
    const all = await Promise.all([lesson, lesson, lesson, other].map((id) => join(server, id)));
    const rooms = all.map(({ room }) => room.roomId);
    expect(new Set(rooms.slice(0, 3)).size).toBe(1);
    expect(rooms[3]).not.toBe(rooms[0]);
  });

  test("a lesson is complete after everyone has left it", async () => {
    const lesson = await createLesson(server, "garden");
    const first = await join(server, lesson);
    await first.room.request("demonstrate", { key: newKey(), episode: demonstrate(garden, 5000) });
    const before = await eventsOf(first);
    await first.room.leave();
    await new Promise((resolve) => setTimeout(resolve, 1500)); // the room has gone by then
    const again = await join(server, lesson);
    expect(again.room.roomId).not.toBe(first.room.roomId);
    expect(await eventsOf(again)).toEqual(before);
  });
});

describe("a lesson from end to end", () => {
  test("every acknowledged change is one event, in order, and is told to everyone", async () => {
    const lesson = await createLesson(server, "garden");
    const [teacher, onlooker] = await Promise.all([join(server, lesson), join(server, lesson)]);
    const { room } = teacher;
    const episodes = [5000, 5001, 5002].map((seed) => demonstrate(garden, seed));

    expect(await room.request("demonstrate", { key: newKey(), episode: episodes[0]! })).toEqual({
      seq: 2,
    });
    expect(await room.request("demonstrate", { key: newKey(), episode: episodes[1]! })).toEqual({
      seq: 3,
    });
    expect(await room.request("forget", { key: newKey(), demonstration: 2 })).toEqual({ seq: 4 });
    expect(await room.request("demonstrate", { key: newKey(), episode: episodes[2]! })).toEqual({
      seq: 5,
    });
    expect(await room.request("train", { key: newKey(), plan })).toEqual({ seq: 6 });
    const label = { round: 0, index: 0, action: [1] };
    expect(await room.request("label", { key: newKey(), ...label })).toEqual({ seq: 7 });
    expect(await room.request("undo", { key: newKey(), round: 0, index: 0 })).toEqual({ seq: 8 });
    expect(await room.request("label", { key: newKey(), ...label, action: [3] })).toEqual({
      seq: 9,
    });
    expect(await room.request("infer", { key: newKey() })).toEqual({ seq: 10 });
    expect(await room.request("train", { key: newKey(), plan })).toEqual({ seq: 11 });

    const events = await eventsOf(teacher);
    expect(events).toMatchObject([
      { seq: 1, type: "created", world: "garden" },
      { seq: 2, type: "demonstrated", episode: episodes[0] },
      { seq: 3, type: "demonstrated", episode: episodes[1] },
      { seq: 4, type: "forgotten", demonstration: 2 },
      { seq: 5, type: "demonstrated", episode: episodes[2] },
      { seq: 6, type: "trained", basis: 5, seed: 5, plan, labels: 0 },
      { seq: 7, type: "labelled", ...label },
      { seq: 8, type: "undone", round: 0, index: 0 },
      { seq: 9, type: "labelled", ...label, action: [3] },
      { seq: 10, type: "inferred", basis: 9, demonstrations: 2 },
      { seq: 11, type: "trained", basis: 10, seed: 10, plan, labels: 1 },
    ]);
    expect(teacher.heard).toEqual(events.slice(1));
    await expect.poll(() => onlooker.heard).toEqual(events.slice(1));
    expect(await eventsOf(onlooker)).toEqual(events);
    const since = async (seq: number) =>
      JSON.parse((await onlooker.room.request("events", { since: seq })).events);
    expect(await since(9)).toEqual(events.slice(9));
    expect(await since(99)).toEqual([]);
  });
});

describe("a taste", () => {
  test("can be dealt, dealt again and given back before the first demonstration", async () => {
    const lesson = await createLesson(server, "garden");
    const [dealer, onlooker] = await Promise.all([join(server, lesson), join(server, lesson)]);
    const deal = (taste: string | null) => dealer.room.request("deal", { key: newKey(), taste });
    expect(await deal("gardener")).toEqual({ seq: 2 });
    expect(await deal("duck")).toEqual({ seq: 3 });
    expect(await deal(null)).toEqual({ seq: 4 });
    expect(await deal("duck")).toEqual({ seq: 5 });
    const episode = demonstrate(garden, 5000);
    await dealer.room.request("demonstrate", { key: newKey(), episode });
    expect(await refusal(deal("gardener"))).toEqual({
      code: "bad-taste",
      reason: "Delete your demonstrations first: they show another taste.",
    });
    expect((await refusal(deal(null))).code).toBe("bad-taste");
    await dealer.room.request("forget", { key: newKey(), demonstration: 6 });
    expect(await deal("gardener")).toEqual({ seq: 8 });

    const events = await eventsOf(onlooker);
    expect(events).toMatchObject([
      { seq: 1, type: "created", world: "garden" },
      { seq: 2, type: "dealt", taste: "gardener" },
      { seq: 3, type: "dealt", taste: "duck" },
      { seq: 4, type: "dealt", taste: null },
      { seq: 5, type: "dealt", taste: "duck" },
      { seq: 6, type: "demonstrated", episode },
      { seq: 7, type: "forgotten", demonstration: 6 },
      { seq: 8, type: "dealt", taste: "gardener" },
    ]);
    await expect.poll(() => onlooker.heard).toEqual(events.slice(1));
  });
});

describe("two clients in one lesson", () => {
  test("accepts one of two labels for the same question and refuses the other", async () => {
    const lesson = await createLesson(server, "garden");
    const [a, b] = await Promise.all([join(server, lesson), join(server, lesson)]);
    await a.room.request("demonstrate", { key: newKey(), episode: demonstrate(garden, 5000) });
    await a.room.request("train", { key: newKey(), plan });

    const answers = [a, b].map(({ room }, i) =>
      room.request("label", { key: newKey(), round: 0, index: 0, action: [i] }),
    );
    const outcomes = await Promise.allSettled(answers);
    const lost = outcomes.findIndex(({ status }) => status === "rejected");
    expect(await answers[1 - lost]).toEqual({ seq: 4 });
    expect(await refusal(answers[lost]!)).toEqual({
      code: "out-of-order",
      reason: "The question to answer next is number 2.",
    });
    expect(await eventsOf(a)).toHaveLength(4);
    for (const { room } of [a, b]) expect(room.connection.isOpen).toBe(true);
  });

  test("deletes a demonstration for one of two clients and refuses the other", async () => {
    const lesson = await createLesson(server, "garden");
    const [a, b] = await Promise.all([join(server, lesson), join(server, lesson)]);
    await a.room.request("demonstrate", { key: newKey(), episode: demonstrate(garden, 5000) });
    const requests = [a, b].map(({ room }) =>
      room.request("forget", { key: newKey(), demonstration: 2 }),
    );
    const outcomes = await Promise.allSettled(requests);
    const lost = outcomes.findIndex(({ status }) => status === "rejected");
    expect((await refusal(requests[lost]!)).code).toBe("unknown-demonstration");
    expect(await eventsOf(a)).toHaveLength(3);
  });

  test("does the same request with one key once, and answers both", async () => {
    const lesson = await createLesson(server, "garden");
    const [a, b] = await Promise.all([join(server, lesson), join(server, lesson)]);
    const request = { key: newKey(), episode: demonstrate(garden, 5000) };
    const answers = await Promise.all(
      [a, b, a, b].map(({ room }) => room.request("demonstrate", request)),
    );
    expect(answers).toEqual([{ seq: 2 }, { seq: 2 }, { seq: 2 }, { seq: 2 }]);
    expect(await eventsOf(a)).toHaveLength(2);
  });

  test("two servers on the same data lose nothing and do nothing twice", async () => {
    const lesson = await createLesson(server, "garden");
    const second = await startServer(server.dataFolder);
    const [a, b] = await Promise.all([join(server, lesson), join(second, lesson)]);
    const keys = Array.from({ length: 20 }, newKey);
    const answers = await Promise.all(
      keys.map((key, i) =>
        (i % 2 === 0 ? a : b).room.request("demonstrate", {
          key,
          episode: demonstrate(garden, 5000 + i),
        }),
      ),
    );
    const events = await eventsOf(a);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(await eventsOf(b)).toEqual(events);
    answers.forEach(({ seq }, i) => {
      expect(events[seq - 1]).toMatchObject({ episode: { seed: 5000 + i } });
    });
    await second.stop();
  });
});
