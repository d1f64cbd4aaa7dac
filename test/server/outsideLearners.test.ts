import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onPath } from "../../scripts/onPath.mjs";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson, networkOf } from "../../shared/lesson/lesson.ts";
import { type Begun, type Outside, outsideMessage } from "../../shared/lesson/protocol.ts";
import { pairsFor } from "../../shared/lesson/training.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { beginClass, lead, PupilBot } from "../classes/pupil.ts";
import {
  enter,
  eventsOf,
  newKey,
  type Participant,
  type RunningServer,
  startServer,
} from "./server.ts";

const python = onPath("python3");
if (!python) console.warn("NOT TESTED: docs/learner.py, for want of Python.");

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const plan = { policy: "imported", query: "novel", budget: 2, drives: 1 };

async function taught() {
  const response = await fetch(`${server.address}/api/lessons`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ world: "road" }),
  });
  const begun: Begun = await response.json();
  const owner = await enter(server, { lesson: begun.id, secret: begun.secret });
  const said: Outside[] = [];
  owner.room.onMessage(outsideMessage, (one: Outside) => said.push(one));
  const api = `${server.address}/api/lessons/${begun.id}`;
  const headers = { authorization: `Bearer ${begun.secret}` };
  const send = (body: object | string, more: object = headers) =>
    fetch(`${api}/network`, {
      method: "POST",
      headers: more as Record<string, string>,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const pairs = (query: string, more: object = headers) =>
    fetch(`${api}/pairs?${query}`, { headers: more as Record<string, string> });
  const show = () =>
    owner.room.request("demonstrate", {
      key: newKey(),
      episode: demonstrate(worlds.road!, 5000),
    });
  return { ...begun, owner, said, send, pairs, show };
}

const lessonOf = async (owner: Participant) => (await eventsOf(owner)).reduce(apply, emptyLesson);

/** A network that steers by the last number of an observation. */
const network = { layers: [{ weights: [[0, 0, 0, -0.5]], bias: [0] }] };

test("pairs come as they are taught, and a network goes the way of every event", async () => {
  const { owner, said, send, pairs, show } = await taught();
  expect((await pairs("since=0&wait=0.1")).status).toBe(204);
  const waiting = pairs("since=0");
  await show();
  const came = await (await waiting).json();
  const lesson = await lessonOf(owner);
  expect(came).toEqual(JSON.parse(JSON.stringify(pairsFor(lesson))));
  expect(came.observations).toHaveLength(came.demonstrated);
  expect((await pairs(`since=${came.basis}&wait=0.1`)).status).toBe(204);

  const sent = await send({ basis: came.basis, ...network });
  expect([sent.status, await sent.json()]).toEqual([201, { seq: 3 }]);
  // The same once more is the same request.
  expect(await (await send({ basis: came.basis, ...network })).json()).toEqual({ seq: 3 });
  await expect.poll(() => owner.heard.at(-1)?.type).toBe("brought");
  expect(networkOf(await lessonOf(owner))).toEqual({ seq: 3, basis: 2, network });
  // What it sent is no teaching: it is not woken by it.
  expect((await pairs("since=2&wait=0.1")).status).toBe(204);
  await owner.room.request("train", { key: newKey(), plan });
  const [round] = (await lessonOf(owner)).rounds;
  expect(round).toMatchObject({ basis: 3, pairs: came.observations.length, plan });
  expect(said.length).toBeGreaterThan(3);
  expect(said.filter(({ complaint }) => complaint)).toEqual([]);
  await owner.room.leave();
});

test("nonsense is told to the program and to the person, and changes nothing", async () => {
  const { owner, said, send, pairs, show, id } = await taught();
  await show();
  const before = await lessonOf(owner);
  for (const [body, status, sentence] of [
    ["{", 422, "It is not JSON."],
    [{ ...network }, 422, "basis: It is the number of an event."],
    [{ basis: 9, ...network }, 422, "There is no event 9 in this lesson yet."],
    [
      { basis: 2, layers: [{ weights: [[1, 2], [3]], bias: [0] }] },
      422,
      "layers[0].weights: There are 2 rows, and road takes 1: a number for each of an action's.",
    ],
  ] as const) {
    said.length = 0;
    const response = await send(body);
    expect(response.status).toBe(status);
    expect((await response.json()).reason).toContain(sentence);
    await expect.poll(() => said.at(-1)?.complaint).toBe(sentence);
  }
  expect((await send(" ".repeat(600_001))).status).toBe(413);
  await expect.poll(() => said.at(-1)?.complaint).toMatch(/600000 bytes/);
  for (const wrong of [{}, { authorization: `Bearer ${"a".repeat(22)}` }])
    for (const answer of [await pairs("since=0", wrong), await send({ basis: 2 }, wrong)])
      expect([answer.status, (await answer.json()).code]).toEqual([403, "not-yours"]);
  for (const query of ["since=-1", "since=x", "since=0&wait=1e9"])
    expect((await pairs(query)).status).toBe(400);
  expect((await fetch(`${server.address}/api/lessons/${id}/network`)).status).toBe(405);
  expect(await lessonOf(owner)).toEqual(before);
  await owner.room.leave();
});

test("a lesson takes thirty networks a minute", async () => {
  const { owner, send } = await taught();
  const statuses: number[] = [];
  for (let i = 0; i < 31; i++) {
    const layers = [{ weights: [[0, 0, 0, i]], bias: [0] }];
    statuses.push((await send({ basis: 1, layers })).status);
  }
  expect(statuses).toEqual([...Array(30).fill(201), 429]);
  await owner.room.leave();
});

test.runIf(python)(
  "the example learns as one teaches, and its network is the learner",
  async () => {
    const { id, secret, owner, show } = await taught();
    const link = `${server.address}/?lesson=${id}#teach=${secret}`;
    const program = spawn(python!, ["docs/learner.py", link], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    program.stdout.on("data", (chunk) => {
      output += chunk;
    });
    program.stderr.on("data", (chunk) => {
      output += chunk;
    });
    try {
      await show();
      const latest = async () => networkOf(await lessonOf(owner));
      await expect.poll(async () => (await latest())?.basis, { timeout: 15_000 }).toBe(2);
      await owner.room.request("train", { key: newKey(), plan });
      const { rounds, demonstrations } = await lessonOf(owner);
      // A straight line by least squares, through the scripted expert's steps: it is near them.
      expect(rounds[0]!.loss).toBeLessThan(0.01);
      expect(rounds[0]!.pairs).toBe(demonstrations[0]!.episode.controllers.length);
      const label = { key: newKey(), round: 0, index: 0, action: [0.1] };
      const { seq } = await owner.room.request("label", label);
      await expect.poll(async () => (await latest())?.basis, { timeout: 15_000 }).toBe(seq);
      await expect.poll(() => output).toContain(`learned from ${rounds[0]!.pairs + 1} pairs`);
    } finally {
      program.kill();
      await owner.room.leave();
    }
  },
);

test("a pupil's lesson takes nothing from a program once the teacher has taken the pupil out", async () => {
  const begun = await beginClass(server, { plan: "fair-weather" });
  const { lesson, pupil } = await new PupilBot(server, begun.code, "Anna", 1).join();
  const send = async () => {
    const response = await fetch(`${server.address}/api/lessons/${lesson.id}/network`, {
      method: "POST",
      headers: { authorization: `Bearer ${lesson.secret}` },
      body: JSON.stringify({ basis: 1, ...network }),
    });
    const { code, reason } = await response.json();
    return [response.status, code, reason];
  };
  // A class's plan has no place for a network.
  expect(await send()).toEqual([409, "locked", "This is not part of this task."]);
  await lead(server, begun, { type: "remove", pupil, removed: true });
  expect(await send()).toEqual([403, "not-yours", "Your teacher has removed you from this class."]);
});
