import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { createLesson, eventsOf, join, newKey, type Participant, refusal } from "./server.ts";

useServer();

const garden = worlds.garden!;
const road = worlds.road!;
const gardenPlan = { policy: "softmax", query: "random", budget: 3, drives: 1 };
const walk = demonstrate(garden, 5000);
const drive = demonstrate(road, 5000);

/** Sends a request that the types would not allow. */
const ask = ({ room }: Participant, name: string, body: unknown): Promise<unknown> =>
  room.request(name as "label", body as never);

/** A client in a new lesson in `world`. */
const someoneIn = async (world: string) => join(server, await createLesson(server, world));

describe("malformed requests", () => {
  let someone: Participant;
  beforeAll(async () => {
    someone = await someoneIn("road");
  });

  const key = "a-good-key";
  const { actions, controllers } = drive;
  const episode = { ...drive };
  const label = { key, round: 0, index: 0, action: [0] };
  const wrong: [string, string, unknown, RegExp][] = [
    ["no body", "demonstrate", undefined, /^demonstrate: /],
    ["null", "demonstrate", null, /^demonstrate: /],
    ["a string", "demonstrate", "episode", /^demonstrate: /],
    ["an array", "demonstrate", [key, episode], /^demonstrate: /],
    ["no key", "demonstrate", { episode }, /^key: /],
    ["a short key", "demonstrate", { key: "short", episode }, /^key: /],
    ["a key that is no word", "demonstrate", { key: "' OR 1=1; --", episode }, /^key: /],
    ["a long key", "demonstrate", { key: "k".repeat(65), episode }, /^key: /],
    ["no episode", "demonstrate", { key }, /^episode: /],
    ["something more", "demonstrate", { key, episode, seq: 1 }, /^demonstrate: .*seq/],
    [
      "no such world",
      "demonstrate",
      { key, episode: { ...episode, world: "sea" } },
      /^episode\.world: /,
    ],
    [
      "a world from the prototype",
      "demonstrate",
      { key, episode: { ...episode, world: "__proto__" } },
      /^episode\.world: /,
    ],
    [
      "a seed below 0",
      "demonstrate",
      { key, episode: { ...episode, seed: -1 } },
      /^episode\.seed: /,
    ],
    [
      "a seed past 32 bits",
      "demonstrate",
      { key, episode: { ...episode, seed: 2 ** 32 } },
      /^episode\.seed: /,
    ],
    [
      "half a seed",
      "demonstrate",
      { key, episode: { ...episode, seed: 5000.5 } },
      /^episode\.seed: /,
    ],
    [
      "a NaN action",
      "demonstrate",
      { key, episode: { ...episode, actions: actions.with(3, Number.NaN) } },
      /^episode\.actions\.3: /,
    ],
    [
      "an infinite action",
      "demonstrate",
      { key, episode: { ...episode, actions: actions.with(3, Number.POSITIVE_INFINITY) } },
      /^episode\.actions\.3: /,
    ],
    [
      "an action that is text",
      "demonstrate",
      { key, episode: { ...episode, actions: ["left"] } },
      /^episode\.actions\.0: /,
    ],
    [
      "an action that is null",
      "demonstrate",
      { key, episode: { ...episode, actions: [null] } },
      /^episode\.actions\.0: /,
    ],
    [
      "no actions",
      "demonstrate",
      { key, episode: { ...episode, actions: [] } },
      /^episode\.actions: /,
    ],
    [
      "too many actions",
      "demonstrate",
      { key, episode: { ...episode, actions: Array(4097).fill(0) } },
      /^episode\.actions: /,
    ],
    [
      "a third controller",
      "demonstrate",
      { key, episode: { ...episode, controllers: controllers.with(0, 2) } },
      /^episode\.controllers\.0: /,
    ],
    ["a NaN label", "label", { ...label, action: [Number.NaN] }, /^action\.0: /],
    ["a label that is a number", "label", { ...label, action: 0.1 }, /^action: /],
    ["an empty label", "label", { ...label, action: [] }, /^action: /],
    ["a label for no round", "label", { key, index: 0, action: [0] }, /^round: /],
    ["a round below 0", "label", { ...label, round: -1 }, /^round: /],
    ["half an index", "label", { ...label, index: 0.5 }, /^index: /],
    ["an undo without an index", "undo", { key, round: 0 }, /^index: /],
    ["a demonstration by name", "forget", { key, demonstration: "all" }, /^demonstration: /],
    ["no taste", "deal", { key }, /^taste: /],
    ["a taste that is a number", "deal", { key, taste: 7 }, /^taste: /],
    ["a long taste", "deal", { key, taste: "g".repeat(33) }, /^taste: /],
    ["a taste for no key", "deal", { taste: null }, /^key: /],
    ["no plan", "train", { key }, /^plan: /],
    [
      "no such policy",
      "train",
      { key, plan: { ...gardenPlan, policy: "oracle" } },
      /^plan\.policy: /,
    ],
    ["no such query", "train", { key, plan: { ...gardenPlan, query: "oracle" } }, /^plan\.query: /],
    [
      "an endless budget",
      "train",
      { key, plan: { ...gardenPlan, budget: 1e9 } },
      /^plan\.budget: /,
    ],
    ["endless driving", "train", { key, plan: { ...gardenPlan, drives: 1e9 } }, /^plan\.drives: /],
    ["no key", "infer", {}, /^key: /],
    ["a negative number", "events", { since: -1 }, /^since: /],
    ["a number as text", "events", { since: "0" }, /^since: /],
  ];
  test.each(wrong)("refuses %s in %s and names the field", async (_, name, body, field) => {
    const { code, reason } = await refusal(ask(someone, name, body));
    expect(code).toBe("malformed");
    expect(reason).toMatch(field);
    expect(reason).toMatch(/\.$/);
    // The room goes on, the sender is connected, and nothing was written.
    expect(await eventsOf(someone)).toHaveLength(1);
    expect(someone.left).toEqual([]);
  });

  test("rejects an unknown request without disconnecting the sender", async () => {
    await expect(ask(someone, "graduate", {})).rejects.toThrow(/graduate/);
    await expect(ask(someone, "constructor", {})).rejects.toThrow(/constructor/);
    await expect(ask(someone, "__proto__", {})).rejects.toThrow(/__proto__/);
    expect(await eventsOf(someone)).toHaveLength(1);
    expect(someone.left).toEqual([]);
  });

  test("answers an unknown message with an error and keeps the sender connected", async () => {
    const errors: unknown[] = [];
    someone.room.onError((_code, message) => errors.push(message));
    someone.room.send("graduate" as "label", {} as never);
    await expect.poll(() => errors).toEqual(["There is no such request."]);
    expect(await eventsOf(someone)).toHaveLength(1);
    expect(someone.left).toEqual([]);
  });

  test("checks a change that is sent without asking for an answer", async () => {
    someone.room.send("label", label);
    someone.room.send("label", { ...label, action: "left" } as never);
    expect(await eventsOf(someone)).toHaveLength(1);
    expect(someone.left).toEqual([]);
  });
});

describe("invalid frames", () => {
  test.each([
    ["nothing", []],
    ["noise", Array.from({ length: 500 }, (_, i) => (i * 37 + 11) % 256)],
    ["a message without its body", [13, 0xa5, 1, 2]],
    ["a request without its body", [24, 0, 0xa5, 1, 2]],
    ["a request whose body breaks off", [24, 0, 0xa5, 108, 97, 98, 101, 108, 0xdf, 0xff]],
  ])("the room survives %s", async (_, bytes) => {
    const lesson = await createLesson(server, "garden");
    const [vandal, other] = await Promise.all([join(server, lesson), join(server, lesson)]);
    vandal.room.connection.send(new Uint8Array(bytes));
    await other.room.request("demonstrate", { key: newKey(), episode: walk });
    expect(await eventsOf(other)).toHaveLength(2);
    expect(await eventsOf(await join(server, lesson))).toHaveLength(2);
  });
});

describe("oversized messages", () => {
  test("closes only the sender's socket after more than 64 KiB", async () => {
    const lesson = await createLesson(server, "road");
    const [greedy, other] = await Promise.all([join(server, lesson), join(server, lesson)]);
    await other.room.request("demonstrate", { key: newKey(), episode: drive });
    const codes: number[] = [];
    greedy.room.onDrop((code) => codes.push(code));
    const answer = ask(greedy, "demonstrate", { key: newKey(), episode: "x".repeat(64 * 1024) });
    await expect(answer).rejects.toThrow(/closed/);
    await expect.poll(() => [...greedy.left, ...codes]).toContain(1009);

    await other.room.request("demonstrate", { key: newKey(), episode: drive });
    expect(other.left).toEqual([]);
    expect(await eventsOf(await join(server, lesson))).toHaveLength(3);
  });

  test("reads a message just below the limit, and refuses its content", async () => {
    const someone = await someoneIn("road");
    const body = { key: newKey(), episode: { ...drive, world: "x".repeat(60 * 1024) } };
    expect((await refusal(ask(someone, "demonstrate", body))).reason).toMatch(/^episode\.world: /);
    expect(someone.left).toEqual([]);
  });
});

describe("rejects an episode", () => {
  let someone: Participant;
  beforeAll(async () => {
    someone = await someoneIn("road");
  });

  const still = (steps: number) => ({
    actions: Array(steps).fill(0),
    controllers: Array(steps).fill(0),
  });
  test.each([
    ["of another world", walk, "bad-episode", "This lesson is about road."],
    [
      "on a held-out seed",
      { ...drive, seed: 7 },
      "bad-episode",
      "This seed is held out for measuring.",
    ],
    [
      "longer than the horizon",
      { ...drive, ...still(road.horizon + 1) },
      "bad-episode",
      `Not an episode of road: an episode has at most ${road.horizon} steps.`,
    ],
    [
      "with the learner at the wheel",
      { ...drive, controllers: drive.controllers.with(9, 1) },
      "bad-episode",
      "A demonstration is the expert's alone.",
    ],
    [
      "with too sharp a turn",
      { ...drive, actions: drive.actions.with(9, 0.26) },
      "bad-action",
      "Step 9 has an action that road does not have.",
    ],
    [
      "with two actions for each step",
      { ...drive, actions: [...drive.actions, ...drive.actions] },
      "bad-action",
      "Step 0 has an action that road does not have.",
    ],
    [
      "with an action short",
      { ...drive, actions: drive.actions.slice(1) },
      "bad-action",
      "Step 0 has an action that road does not have.",
    ],
  ])("%s", async (_, episode, code, reason) => {
    const answer = ask(someone, "demonstrate", { key: newKey(), episode });
    expect(await refusal(answer)).toEqual({ code, reason });
    expect(await eventsOf(someone)).toHaveLength(1);
  });

  test("that goes on after its end", async () => {
    const stroller = await someoneIn("garden");
    const episode = {
      ...walk,
      actions: [...walk.actions, 4],
      controllers: [...walk.controllers, 0],
    };
    const { code, reason } = await refusal(
      ask(stroller, "demonstrate", { key: newKey(), episode }),
    );
    expect({ code, reason }).toEqual({
      code: "bad-episode",
      reason: "Not an episode of garden: the episode is over.",
    });
  });

  test("with an action between two valid ones", async () => {
    const stroller = await someoneIn("garden");
    const episode = { ...walk, actions: walk.actions.with(0, 0.5) };
    const answer = ask(stroller, "demonstrate", { key: newKey(), episode });
    expect((await refusal(answer)).code).toBe("bad-action");
  });
});

describe("requests out of order, repeated or too late", () => {
  let someone: Participant;
  beforeEach(async () => {
    someone = await someoneIn("garden");
  });
  const taught = async () => {
    await someone.room.request("demonstrate", { key: newKey(), episode: walk });
    await someone.room.request("train", { key: newKey(), plan: gardenPlan });
    return someone.room;
  };
  const answer = (round: number, index: number, action = [1], key = newKey()) =>
    someone.room.request("label", { key, round, index, action });
  const undo = (round: number, index: number, key = newKey()) =>
    someone.room.request("undo", { key, round, index });

  test("rejects training without demonstrations", async () => {
    const train = someone.room.request("train", { key: newKey(), plan: gardenPlan });
    expect((await refusal(train)).code).toBe("no-demonstrations");
    const infer = someone.room.request("infer", { key: newKey() });
    expect((await refusal(infer)).code).toBe("no-demonstrations");
  });

  test.each(["", "hermit", "constructor", "__proto__", "Gardener"])(
    "rejects the unknown taste %j",
    async (taste) => {
      const deal = someone.room.request("deal", { key: newKey(), taste });
      expect(await refusal(deal)).toEqual({
        code: "bad-taste",
        reason: "garden has no such taste.",
      });
      expect(await eventsOf(someone)).toHaveLength(1);
    },
  );

  test("rejects a taste in a world without tastes", async () => {
    const walker = await someoneIn("path");
    const deal = (taste: string | null) => walker.room.request("deal", { key: newKey(), taste });
    expect((await refusal(deal("gardener"))).code).toBe("bad-taste");
    expect(await deal(null)).toEqual({ seq: 2 });
  });

  test("rejects a policy for another kind of action", async () => {
    await someone.room.request("demonstrate", { key: newKey(), episode: walk });
    const plan = { ...gardenPlan, policy: "mlp" };
    const train = someone.room.request("train", { key: newKey(), plan });
    expect((await refusal(train)).code).toBe("bad-plan");
  });

  test("rejects a label before any question", async () => {
    expect((await refusal(answer(0, 0))).code).toBe("stale-round");
    expect((await refusal(undo(0, 0))).code).toBe("stale-round");
  });

  test("rejects labels out of order", async () => {
    await taught();
    expect((await refusal(answer(0, 1))).code).toBe("out-of-order");
    expect((await refusal(undo(0, 0))).code).toBe("out-of-order");
    await answer(0, 0);
    expect((await refusal(answer(0, 0))).code).toBe("out-of-order");
    expect((await refusal(undo(0, 1))).code).toBe("out-of-order");
    await answer(0, 1);
    await answer(0, 2);
    expect((await refusal(answer(0, 3))).reason).toBe("Round 0 asks 3 questions.");
    expect(await eventsOf(someone)).toHaveLength(6);
  });

  test("rejects labels that are no actions", async () => {
    await taught();
    for (const action of [[5], [-1], [0.5], [0, 0]]) {
      expect((await refusal(answer(0, 0, action))).code).toBe("bad-action");
    }
    expect(await eventsOf(someone)).toHaveLength(3);
  });

  test("rejects a label for a finished or future round", async () => {
    const room = await taught();
    await answer(0, 0);
    await room.request("train", { key: newKey(), plan: gardenPlan });
    expect(await refusal(answer(0, 1))).toEqual({
      code: "stale-round",
      reason: "This round has passed.",
    });
    expect((await refusal(undo(0, 0))).code).toBe("stale-round");
    expect((await refusal(answer(2, 0))).code).toBe("stale-round");
    await answer(1, 0);
    expect(await eventsOf(someone)).toHaveLength(6);
  });

  test("rejects deleting an unknown or deleted demonstration", async () => {
    await someone.room.request("demonstrate", { key: newKey(), episode: walk });
    const forget = (demonstration: number, key = newKey()) =>
      someone.room.request("forget", { key, demonstration });
    expect((await refusal(forget(1))).code).toBe("unknown-demonstration");
    expect((await refusal(forget(99))).code).toBe("unknown-demonstration");
    await forget(2);
    expect((await refusal(forget(2))).code).toBe("unknown-demonstration");
  });

  test("answers a repeated request as before, without doing it again", async () => {
    const { room } = someone;
    const twice = async (send: () => Promise<unknown>) => {
      const first = await send();
      expect(await send()).toEqual(first);
    };
    const keys = Array.from({ length: 10 }, newKey);
    await twice(() => room.request("deal", { key: keys[8]!, taste: "duck" }));
    await twice(() => room.request("demonstrate", { key: keys[0]!, episode: walk }));
    await twice(() => room.request("demonstrate", { key: keys[1]!, episode: walk }));
    await twice(() => room.request("forget", { key: keys[2]!, demonstration: 3 }));
    await twice(() => room.request("train", { key: keys[3]!, plan: gardenPlan }));
    await twice(() => answer(0, 0, [1], keys[4]));
    await twice(() => undo(0, 0, keys[5]));
    await twice(() => room.request("infer", { key: keys[6]! }));
    await twice(() => answer(0, 0, [1], keys[9]));
    await twice(() => room.request("train", { key: keys[7]!, plan: gardenPlan }));
    // Also when its round is long over.
    expect(await room.request("deal", { key: keys[8]!, taste: "duck" })).toEqual({ seq: 2 });
    expect(await answer(0, 0, [1], keys[4])).toEqual({ seq: 7 });
    expect((await eventsOf(someone)).map(({ type }) => type)).toEqual([
      "created",
      "dealt",
      "demonstrated",
      "demonstrated",
      "forgotten",
      "trained",
      "labelled",
      "undone",
      "inferred",
      "labelled",
      "trained",
    ]);
  });
});
