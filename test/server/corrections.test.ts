import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { human } from "../../shared/imitation/experts.ts";
import { reactionLag, realign } from "../../shared/imitation/lag.ts";
import { demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import { apply, lessonAt } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Round } from "../../shared/lesson/lesson.ts";
import { startRound } from "../../shared/lesson/training.ts";
import { policyKinds } from "../../shared/policies/index.ts";
import { seeded } from "../../shared/random.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { server, useServer } from "./running.ts";
import { createLesson, eventsOf, join, newKey, type Participant, refusal } from "./server.ts";

useServer();

const road = worlds.road!;
const garden = worlds.garden!;
const patience = { timeout: 60_000 }; // ms
const roadPlan = { policy: "fourier", query: "novel", budget: 5, drives: 2 };
const gardenPlan = { policy: "softmax", query: "every", budget: 3, drives: 1 };

/** An episode in which the expert controls these steps and a learner that drives straight on the others. */
function sharedDrive(seed: number, mine: (t: number) => boolean): Episode {
  let t = 0;
  const episode = rollout(
    road,
    (state, action) => {
      if (mine(t++)) road.expert(state, action);
      else action.fill(0);
    },
    Controller.expert,
    seed,
  );
  const controllers = episode.controllers.map((_, t) =>
    mine(t) ? Controller.expert : Controller.learner,
  );
  return { ...episode, controllers };
}

/** The actions of a person who shadows an episode with so many steps of lag. */
function steered(episode: Episode, lag: number): number[] {
  const { states, length } = replay(road, episode);
  const noiseModel = { noise: 0, lag, inconsistency: 0, temperature: 0 };
  const driver = human(road, noiseModel).drives(seeded(1));
  const action = new Float64Array(1);
  return Array.from({ length }, (_, t) => {
    driver(states.subarray(t * road.stateSize), action);
    return action[0]!;
  });
}

const lastRound = async (someone: Participant): Promise<Round> =>
  (await eventsOf(someone)).reduce(apply, emptyLesson).rounds.at(-1)!;

/** A client in a lesson on the road with a learner trained on one demonstration. */
async function someoneOnTheRoad(): Promise<{ lesson: string; someone: Participant }> {
  const lesson = await createLesson(server, "road");
  const someone = await join(server, lesson);
  await someone.room.request("demonstrate", { key: newKey(), episode: demonstrate(road, 7000) });
  await someone.room.request("train", { key: newKey(), plan: roadPlan }, patience);
  return { lesson, someone };
}

const mine = (t: number) => t >= 40 && t < 70;

test("learns from takeover and shadowing, stores them, and trains the same policy again from the log", async () => {
  const { lesson, someone } = await someoneOnTheRoad();
  const { room } = someone;
  const episode = sharedDrive(8000, mine);
  const { episodes } = await lastRound(someone);
  const actions = steered(episodes[1]!, 6);

  const first = { key: newKey(), round: 0, episode };
  expect(await room.request("intervene", first)).toEqual({ seq: 4 });
  expect(await room.request("intervene", first), "sent again").toEqual({ seq: 4 });
  const again = { key: newKey(), round: 0, episode: sharedDrive(8001, mine) };
  expect(await room.request("intervene", again)).toEqual({ seq: 5 });
  expect(await room.request("retract", { key: newKey(), correction: 5 })).toEqual({ seq: 6 });
  const body = { round: 0, drive: 1, actions, speed: 1 as const };
  expect(await room.request("shadow", { key: newKey(), ...body })).toEqual({ seq: 7 });
  await room.request("label", { key: newKey(), round: 0, index: 0, action: [0.1] });

  const lag = reactionLag(road, replay(road, episodes[1]!), actions, 1);
  expect(lag).toBe(6);
  const before = await eventsOf(someone);
  expect(before.slice(3)).toMatchObject([
    { type: "intervened", round: 0, episode },
    { type: "intervened" },
    { type: "retracted", correction: 5 },
    { type: "shadowed", round: 0, drive: 1, speed: 1, lag, actions },
    { type: "labelled" },
  ]);
  await expect.poll(() => someone.heard).toEqual(before.slice(1));

  await server.kill();
  await server.start();
  const later = await join(server, lesson);
  expect(await eventsOf(later)).toEqual(before);
  await later.room.request("train", { key: newKey(), plan: roadPlan }, patience);
  const events = await eventsOf(later);
  const trained = events.at(-1)!;
  if (trained.type !== "trained") throw new Error("it has not been trained");
  expect(trained.labels).toBe(30 + realign(road, actions, lag).length + 1);
  const { policy } = startRound(
    lessonAt(events, trained.basis),
    roadPlan,
    trained.seed,
    () => {},
    trained.learningSeed,
  );
  const json = JSON.stringify(policy.toJSON());
  expect(createHash("sha256").update(json).digest("hex")).toBe(trained.digest);

  // The page receives that policy too.
  expect(await later.room.request("policy", {})).toEqual({ round: 1, json });
});

test("the policy that the page receives drives as the learner did on the server", async () => {
  for (const [name, plan] of [
    ["road", roadPlan],
    ["garden", gardenPlan],
  ] as const) {
    const world = worlds[name]!;
    const someone = await join(server, await createLesson(server, name));
    await someone.room.request("demonstrate", { key: newKey(), episode: demonstrate(world, 7000) });
    expect(await refusal(someone.room.request("policy", {}))).toMatchObject({ code: "no-rounds" });
    await someone.room.request("train", { key: newKey(), plan }, patience);
    const { round, json } = await someone.room.request("policy", {});
    expect(round).toBe(0);
    const policy = policyKinds[plan.policy]!.fromJSON(JSON.parse(json));
    const [episode] = (await lastRound(someone)).episodes;
    const driven = rollout(world, driverOf(world, policy), Controller.learner, episode!.seed);
    expect(JSON.parse(JSON.stringify(driven))).toEqual(episode);
  }
});

test("measures the reaction lag of shadowing, and has no shadowing in the garden", async () => {
  const { someone } = await someoneOnTheRoad();
  const [first] = (await lastRound(someone)).episodes;
  const actions = steered(first!, 5);
  for (const speed of [0.5, 0.75, 1] as const)
    await someone.room.request("shadow", { key: newKey(), round: 0, drive: 0, actions, speed });
  const { shadows } = await lastRound(someone);
  expect(shadows.map(({ lag }) => lag)).toEqual([5, 5, 5]);
  expect(shadows.map(({ speed }) => speed)).toEqual([0.5, 0.75, 1]);

  const walker = await join(server, await createLesson(server, "garden"));
  await walker.room.request("demonstrate", { key: newKey(), episode: demonstrate(garden, 7000) });
  await walker.room.request("train", { key: newKey(), plan: gardenPlan }, patience);
  const [walk] = (await lastRound(walker)).episodes;
  const shadow = {
    key: newKey(),
    round: 0,
    drive: 0,
    speed: 1 as const,
    actions: [...walk!.actions],
  };
  expect(await refusal(walker.room.request("shadow", shadow))).toEqual({
    code: "bad-episode",
    reason: "garden waits for each move: nobody can be late there.",
  });
});

test("keeps where the learner asked for the wheel, and over a restart", async () => {
  const { lesson, someone } = await someoneOnTheRoad();
  const episode = sharedDrive(8000, mine);
  const asking = { rate: 0.2, turns: [[40, "danger"]] } as const;
  const body = { round: 0, episode, asking };
  expect(await someone.room.request("intervene", { key: newKey(), ...body })).toEqual({ seq: 4 });
  expect((await eventsOf(someone)).at(-1)).toMatchObject({ type: "intervened", ...body });
  await server.kill();
  await server.start();
  const later = await join(server, lesson);
  expect((await lastRound(later)).interventions).toEqual([{ seq: 4, episode, asking }]);
  await later.room.request("train", { key: newKey(), plan: roadPlan }, patience);
  expect((await eventsOf(later)).at(-1)).toMatchObject({ type: "trained", labels: 30 });
});

describe("invalid corrections", () => {
  let someone: Participant;
  let length = 0;
  beforeAll(async () => {
    ({ someone } = await someoneOnTheRoad());
    length = (await lastRound(someone)).episodes[0]!.controllers.length;
  });

  const episode = sharedDrive(8000, mine);
  const intervene = { round: 0, episode };
  const shadow = { round: 0, drive: 0, speed: 1, actions: Array<number>(200).fill(0.1) };
  const wrong: [string, string, object, string, RegExp][] = [
    ["no episode", "intervene", { round: 0 }, "malformed", /^episode: /],
    ["half a round", "intervene", { ...intervene, round: 0.5 }, "malformed", /^round: /],
    ["something more", "intervene", { ...intervene, lag: 1 }, "malformed", /lag/],
    ["another round", "intervene", { ...intervene, round: 1 }, "stale-round", /has passed/],
    [
      "a held-out seed",
      "intervene",
      { ...intervene, episode: { ...episode, seed: 7 } },
      "bad-episode",
      /held out/,
    ],
    [
      "another world",
      "intervene",
      { ...intervene, episode: demonstrate(garden, 8000) },
      "bad-episode",
      /about road/,
    ],
    [
      "a step too many",
      "intervene",
      {
        ...intervene,
        episode: {
          ...episode,
          actions: [...episode.actions, 0],
          controllers: [...episode.controllers, 0],
        },
      },
      "bad-episode",
      /at most 200 steps/,
    ],
    [
      "an action out of bounds",
      "intervene",
      { ...intervene, episode: { ...episode, actions: episode.actions.with(9, 0.3) } },
      "bad-action",
      /^Step 9 /,
    ],
    [
      "nothing of the expert's",
      "intervene",
      { ...intervene, episode: sharedDrive(8000, () => false) },
      "no-labels",
      /never took over/,
    ],
    [
      "a learner that asked elsewhere",
      "intervene",
      { ...intervene, asking: { rate: 0.2, turns: [[41, "danger"]] } },
      "bad-episode",
      /and nowhere else/,
    ],
    [
      "a learner that asked for too much",
      "intervene",
      { ...intervene, asking: { rate: 0.1, turns: [[40, "danger"]] } },
      "bad-episode",
      /20 steps/,
    ],
    [
      "a learner that asked without end",
      "intervene",
      { ...intervene, asking: { rate: 0.2, turns: Array(257).fill([40, "danger"]) } },
      "malformed",
      /^asking\.turns: /,
    ],
    ["a speed of its own", "shadow", { ...shadow, speed: 0.6 }, "malformed", /^speed: /],
    ["no actions", "shadow", { ...shadow, actions: [] }, "malformed", /^actions: /],
    [
      "a NaN",
      "shadow",
      { ...shadow, actions: shadow.actions.with(3, Number.NaN) },
      "malformed",
      /^actions\.3: /,
    ],
    ["a lag of its own", "shadow", { ...shadow, lag: 3 }, "malformed", /lag/],
    ["no such drive", "shadow", { ...shadow, drive: 2 }, "bad-episode", /no drive 2/],
    ["another round", "shadow", { ...shadow, round: 3 }, "stale-round", /has passed/],
    [
      "too few actions",
      "shadow",
      { ...shadow, actions: shadow.actions.slice(1) },
      "bad-episode",
      /200 steps/,
    ],
    [
      "an action out of bounds",
      "shadow",
      { ...shadow, actions: shadow.actions.with(11, -0.3) },
      "bad-action",
      /^Step 11 /,
    ],
    [
      "hands off",
      "shadow",
      { ...shadow, actions: shadow.actions.map(() => 0) },
      "no-labels",
      /never moved/,
    ],
    ["a demonstration", "retract", { correction: 2 }, "unknown-correction", /no such drive/],
    ["what never was", "retract", { correction: 99 }, "unknown-correction", /no such drive/],
    ["no number", "retract", { correction: "4" }, "malformed", /^correction: /],
  ];

  test.each(wrong)("refuses %s in %s with its reason, and changes nothing", async (...row) => {
    const [, name, body, code, reason] = row;
    expect(length).toBe(200);
    const asked = someone.room.request(name as "label", { key: newKey(), ...body } as never);
    const answer = await refusal(asked);
    expect(answer.code).toBe(code);
    expect(answer.reason).toMatch(reason);
    expect(await eventsOf(someone)).toHaveLength(3);
  });

  test("refuses a request for a policy that has a body", async () => {
    const asked = someone.room.request("policy", { round: 0 } as never);
    expect(await refusal(asked)).toMatchObject({ code: "malformed" });
  });
});

test("holds corrections back while the learner trains, and refuses them for the old round after it", async () => {
  const { someone } = await someoneOnTheRoad();
  const episode = sharedDrive(8000, mine);
  const { room } = someone;
  await room.request("intervene", { key: newKey(), round: 0, episode });
  const plan = { ...roadPlan, policy: "mlp" };
  const training = room.request("train", { key: newKey(), plan }, patience);
  await expect.poll(() => someone.progress.some(({ share }) => share !== null)).toBe(true);
  const actions = Array<number>(200).fill(0.1);
  for (const asked of [
    room.request("intervene", { key: newKey(), round: 0, episode }),
    room.request("shadow", { key: newKey(), round: 0, drive: 0, speed: 1, actions }),
    room.request("retract", { key: newKey(), correction: 4 }),
  ])
    expect((await refusal(asked)).code).toBe("busy");
  await training;
  for (const [asked, code] of [
    [room.request("intervene", { key: newKey(), round: 0, episode }), "stale-round"],
    [room.request("retract", { key: newKey(), correction: 4 }), "unknown-correction"],
  ] as const)
    expect((await refusal(asked)).code).toBe(code);
});
