import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Budget } from "../../server/door/budget.ts";
import { ClientSocket } from "../../server/door/clientSocket.ts";
import { HeldBytes } from "../../server/door/heldBytes.ts";
import type { MessageSource } from "../../server/door/messageScheduler.ts";

/** A large message in Colyseus' protocol: bytes, with a name of one letter. */
const large = Buffer.alloc(60_000);
large.set([17, 0xa1, 120]);

/** Real websockets whose messages are passed on when the test says so. */
async function bench() {
  const waiting: MessageSource[] = [];
  const sockets: ClientSocket[] = [];
  const lines: Socket[] = [];
  let nPassed = 0;
  const held = new HeldBytes();
  const budget = new Budget(1e6);
  const scheduler = { queue: (_: string, one: MessageSource) => void waiting.push(one) };
  const server = new WebSocketServer({ noServer: true, WebSocket: ClientSocket });
  const http = createServer().listen(0, "127.0.0.1");
  http.on("upgrade", (request: IncomingMessage, line: Socket, head: Buffer) =>
    server.handleUpgrade(request, line, head, (socket) => {
      const address = new URL(request.url!, "http://here").searchParams.get("address")!;
      socket.open({ address, budget, scheduler, held, paid() {} }, line);
      socket.on("message", () => nPassed++);
      sockets.push(socket);
      lines.push(line);
    }),
  );
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  const clients: WebSocket[] = [];
  onTestFinished(() => {
    for (const client of clients) client.terminate();
    http.close();
  });
  return {
    held,
    sockets,
    nPassed: () => nPassed,
    nRead: () => lines.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    /** Passes one message of each socket on. */
    pass() {
      for (const one of waiting.splice(0)) if (one.pass()) waiting.push(one);
    },
    async connect(address: string): Promise<WebSocket> {
      const client = new WebSocket(`ws://127.0.0.1:${port}/?address=${address}`);
      clients.push(client);
      await once(client, "open");
      return client;
    },
  };
}

test("messages of an address that wait take few bytes, however many sockets it has, and all arrive", async () => {
  const { held, sockets, nPassed, nRead, pass, connect } = await bench();
  const [nSockets, nMessages] = [20, 50];
  for (let i = 0; i < nSockets; i++) {
    const client = await connect("many");
    for (let n = 0; n < nMessages; n++) client.send(large);
  }
  await expect.poll(() => sockets.filter(({ isPaused }) => isPaused).length).toBe(nSockets);
  expect(held.isFull("many")).toBe(true);
  expect(nRead()).toBeLessThan(10e6);
  // Nobody else is held back.
  const before = nRead();
  const other = await connect("other");
  other.send(large);
  other.send(large);
  await expect.poll(() => nRead() - before).toBeGreaterThan(2 * large.length);
  expect(sockets.at(-1)!.isPaused).toBe(false);
  await expect
    .poll(() => {
      pass();
      return nPassed();
    })
    .toBe(nSockets * nMessages + 2);
  expect(sockets.some(({ isPaused }) => isPaused)).toBe(false);
  expect(held.isFull("many")).toBe(false);
});

test("what a closed socket sent takes no bytes any more", async () => {
  const { held, sockets, connect } = await bench();
  const clients = await Promise.all(Array.from({ length: 3 }, () => connect("many")));
  for (const client of clients) for (let n = 0; n < 50; n++) client.send(large);
  await expect.poll(() => held.isFull("many")).toBe(true);
  for (const socket of sockets) socket.terminate();
  await expect.poll(() => held.isFull("many")).toBe(false);
});
