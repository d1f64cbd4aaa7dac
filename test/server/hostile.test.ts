import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { frame } from "../fuzz/frames.ts";
import { msgpack } from "../fuzz/msgpack.ts";
import { reserve, Wire } from "../fuzz/wire.ts";
import { Gauge, type ProcessUsage } from "../load/gauge.ts";
import { unlimited } from "../load/limits.ts";
import { Player } from "../load/player.ts";
import { newTally } from "../load/tally.ts";
import {
  createLesson,
  join,
  newKey,
  type RunningServer,
  startServer,
  temporaryFolder,
} from "./server.ts";

const gauge = new Gauge();
let server: RunningServer;
/** A lesson whose events fill an answer. */
let long: string;
beforeAll(async () => {
  const env = { ...gauge.env, ...unlimited, MAX_MESSAGES: "600" };
  server = await startServer(temporaryFolder(), env);
  long = await createLesson(server, "road");
  const someone = await join(server, long);
  const shown = Array.from({ length: 70 }, (_, i) =>
    someone.room.request("demonstrate", {
      key: newKey(),
      episode: demonstrate(worlds.road!, 5000 + i),
    }),
  );
  await Promise.all(shown);
  const plan = { policy: "fourier", query: "random", budget: 4, drives: 1 };
  await someone.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  await someone.room.leave();
});
afterAll(() => server.kill());

/**
 * Runs a lesson while `others` run, and checks that it is not disturbed. Resolves to the server's largest
 * memory growth meanwhile, bytes.
 */
async function beside(others: () => Promise<void>): Promise<number> {
  const player = new Player(server, { index: 1, n: 2 });
  const tally = newTally();
  await player.begin(tally);
  const used = ({ heapUsed, external }: ProcessUsage) => heapUsed + external;
  const before = used(await gauge.read("collect"));
  let most = 0;
  let over = false;
  const going = (async () => {
    while (!over) {
      await player.answer(tally, performance.now());
      most = Math.max(most, used(await gauge.read("collect")));
      await pause(400);
    }
  })();
  await others();
  over = true;
  await going;
  const { acknowledged, ...bad } = await player.reconcile();
  expect(bad).toEqual({ lost: 0, twice: 0, unheard: 0 });
  expect(acknowledged).toBeGreaterThan(3);
  expect({ refused: tally.refused, complaints: tally.complaints }).toEqual({
    refused: {},
    complaints: [],
  });
  await player.leave();
  return most - before;
}

/** A connection to the server's port on which only `text` is sent. */
async function line(text = ""): Promise<Socket> {
  const socket = connect(Number(new URL(server.address).port), "localhost");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

const many = (n: number) => Array.from({ length: n }, (_, i) => i);
const megabytes = 1e6;

test("survives hundreds of connections that send nothing, half a header or half a frame", async () => {
  const upgrade = [
    "GET /p/r HTTP/1.1",
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "",
    "",
  ].join("\r\n");
  let sockets: Socket[] = [];
  const most = await beside(async () => {
    sockets = await Promise.all([
      ...many(200).map(() => line()),
      ...many(200).map(() => line("GET / HTTP/1.1\r\nHost: localhost\r\nX-")),
      // A frame of 60,000 bytes, of which five come.
      ...many(100).map(() => line(`${upgrade}\x82\xfe\xea\x60abcdefg`)),
    ]);
    await pause(1000);
  });
  for (const socket of sockets) socket.destroy();
  expect(most).toBeLessThan(100 * megabytes);
});

test("survives hundreds of clients that disconnect at any stage", async () => {
  const entry = { lesson: long };
  await beside(async () => {
    for (const i of many(100)) {
      (await line(i % 2 === 0 ? "" : "POST /matchmake/joinOrCreate/lesson HTTP/1.1\r\n")).destroy();
      if (i % 4 === 0) (await Wire.open(server, entry, i % 8 === 0)).end();
    }
  });
});

test("survives hundreds of reserved seats that are never used", async () => {
  const most = await beside(async () => {
    for (const _ of many(200)) await reserve(server, { lesson: long });
  });
  expect(most).toBeLessThan(100 * megabytes);
});

test.each([
  ["a body that says that it is text", { toString: 1 }],
  ["no body", null],
])("survives a message called *, with %s", async (_, body) => {
  const wire = await Wire.open(server, { lesson: long });
  for (const code of [13, 17, 21]) {
    wire.send(frame(code, Uint8Array.of(...(code === 21 ? [7] : [])), "*", [msgpack(body)]));
    await wire.settled();
  }
  expect(wire.isOpen).toBe(true);
  wire.end();
  await (await join(server, long)).room.leave();
});

test("disconnects a client that asks for what there is not and reads no answer", async () => {
  const wire = await Wire.open(server, { lesson: long });
  wire.pause();
  const unknown = frame(21, Uint8Array.of(1), "x".repeat(64), []);
  // Kernels hold some megabytes of answers, too.
  for (let sent = 0; sent < 400_000 && wire.isOpen; sent += 200) {
    for (const _ of many(200)) wire.send(unknown);
    wire.pong();
    await pause(10);
  }
  expect(wire.isOpen).toBe(false);
  wire.end();
});

const askForEvents = frame(21, Uint8Array.of(1), "events", [msgpack({ since: 0 })]);
const askForPolicy = frame(21, Uint8Array.of(1), "policy", [msgpack({})]);

test.each([
  ["everything", "reads nothing", askForEvents, true],
  ["everything", "never says that it has joined", askForEvents, false],
  ["the learner", "reads nothing", askForPolicy, true],
])("survives a client that asks for %s all the time and %s", async (_, __, ask, joins) => {
  const wires: Wire[] = [];
  const most = await beside(async () => {
    for (const _ of many(2)) {
      const wire = await Wire.open(server, { lesson: long }, joins);
      wires.push(wire);
      // A client that has not confirmed its join is sent nothing; its messages wait in Colyseus.
      if (joins) wire.pause();
      for (const _ of many(400)) wire.send(ask);
    }
    await pause(2000);
  });
  for (const wire of wires) wire.end();
  // Twice the most unsent bytes, the same for bytes on their way, and some reserve. All the answers
  // together would be 200 MB.
  expect(most).toBeLessThan(2 * 2 * 8 * 1024 * 1024 + 30 * megabytes);
});
