import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { defineRoom, defineServer, matchMaker } from "colyseus";
import { maxPayload } from "../shared/lesson/protocol.ts";
import { requests } from "../shared/lesson/requests.ts";
import { LessonMemory } from "../shared/lesson/service/lessonMemory.ts";
import type { Platform } from "../shared/lesson/service/platform.ts";
import { hostOf } from "./door/address.ts";
import { Budget } from "./door/budget.ts";
import { asksForWebsocket, Door, hangUp, no } from "./door/door.ts";
import { Turnstile } from "./door/messageScheduler.ts";
import { IndoorTransport } from "./door/transport.ts";
import { createApp } from "./http/app.ts";
import { answerPlainly } from "./http/withoutUpgrade.ts";
import { Workers } from "./jobs/workers.ts";
import { createLogger, inOneLine } from "./logger.ts";
import { Metrics } from "./metrics.ts";
import { Reports } from "./reports.ts";
import { type Given, LessonRoom } from "./rooms/lessonRoom.ts";
import { MessageRate } from "./rooms/messageRate.ts";
import { Rooms } from "./rooms/rooms.ts";
import { BadSetting, readSettings, type Settings } from "./settings.ts";
import { digest } from "./sha256.ts";
import { endOn } from "./stop.ts";
import { SqliteLog } from "./storage/sqlite/log.ts";
import { clock } from "./time.ts";
import { watch } from "./watchdog.ts";

const chosen = settings();
const { host, port, dataFolder, limits, metricsToken } = chosen;
/** The bundles of the page lie beside those of the server. */
const pageFolder = join(import.meta.dirname, "../client");

const logger = createLogger(chosen.logLevel);
const log = await SqliteLog.open(dataFolder).catch((error: Error) =>
  stop(`Cannot keep lessons in ${dataFolder} (DATA_DIR): ${plain(error)}.`),
);
const door = new Door(
  chosen,
  (process, room) =>
    process === matchMaker.processId && matchMaker.getLocalRoomById(room) instanceof LessonRoom,
);
const metrics = new Metrics({
  rooms: () => matchMaker.stats.local.roomCount,
  connections: () => door.connections,
  queue: () => workers.load.waiting,
});
if (metricsToken !== null) metrics.watchProcess();
const reports = new Reports(logger, metrics);
const workers = new Workers(log, limits, reports);
const budget = new Budget(limits.mainThread);
const turnstile = new Turnstile(budget);
const rooms = new Rooms(limits, budget);
const platform: Platform = {
  log,
  work: workers,
  clock,
  digest,
  memory: new LessonMemory(1e6 * limits.memory),
  bounds: { lessonSize: 1e6 * limits.lessonSize, idle: 1000 * limits.idle },
};

const transport = new IndoorTransport({ maxPayload });
const rate = new MessageRate(limits.messages);
const given: Given = { platform, rooms, budget, rate, reports };
const colyseus = defineServer({
  // A lesson's address is all it takes to join it, and the only way: rooms have no other names.
  rooms: { lesson: defineRoom(LessonRoom, given).filterBy(["lesson"]) },
  transport,
  greet: false,
  gracefullyShutdown: false,
  logger: {
    trace() {},
    debug: (message: unknown) => logger.debug(inOneLine(message)),
    info: (message: unknown) => logger.debug(inOneLine(message)),
    warn: (message: unknown) => reports.complained(inOneLine(message)),
    error: (message: unknown) => reports.complained(inOneLine(message)),
  },
});
await colyseus.listen(port);

const app = createApp({
  door,
  log,
  rooms,
  reports,
  checks: {
    stopping: () => matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN,
    database: () => log.check(),
    workers: () => workers.alive(),
  },
  metricsToken,
  pageFolder,
});
const http = createServer(
  {
    // Whoever takes longer to say what they want holds a line for nothing. Before the first byte, too.
    headersTimeout: 8_000, // ms
    requestTimeout: 10_000, // ms
    connectionsCheckingInterval: 1000, // ms
    // Longer than proxies keep an idle line, so that it is they who hang up: a request that is on
    // its way while the server hangs up is lost.
    keepAliveTimeout: 65_000, // ms
    maxHeaderSize: 8 * 1024,
    // The door looks at it, and says in its own words what is missing.
    requireHostHeader: false,
  },
  app,
);
http.maxHeadersCount = 64;
// Whoever does not take the answer, likewise; for websockets, Colyseus sees to that.
http.timeout = 90_000; // ms
http.on("checkExpectation", app);
http.on("upgrade", (request, socket, head) => {
  socket.on("error", () => socket.destroy());
  // What goes wrong on one line is no reason to end all others.
  upgrade(request, socket, head).catch((error) => {
    reports.failed("upgrade", error);
    socket.destroy();
  });
});
http.on("clientError", ({ code }: NodeJS.ErrnoException, socket) => {
  const unread: Readonly<Record<string, readonly [number, string]>> = {
    HPE_HEADER_OVERFLOW: [431, "The headers are too long."],
    ERR_HTTP_REQUEST_TIMEOUT: [408, "The request took too long to come."],
  };
  const [status, reason] = unread[code ?? ""] ?? [400, "This is not HTTP."];
  hangUp(socket, no(status, "malformed", reason));
});
if (chosen.proxies === 0) boundSockets(2 * limits.connections + 64);
http.on("error", (error: NodeJS.ErrnoException) => {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use; choose another with PORT.`,
    EADDRNOTAVAIL: `HOST is "${host}", which is not an address of this machine.`,
  };
  stop(reasons[error.code ?? ""] ?? `Cannot listen on port ${port}: ${plain(error)}.`);
});
// Whoever reads that it is ready may end it at once.
endOn(["SIGTERM", "SIGINT"], { http, colyseus, workers, log, logger });
http.listen(port, host ?? undefined);
await once(http, "listening");
const { port: bound } = http.address() as AddressInfo;
console.log(`DAgger Dojo is ready: http://${hostOf(host)}:${bound}/`);
logger.info({ port: bound }, "started");
// Whoever has started this and listens is told, and does not leave it behind.
process.send?.({ port: bound });
const endAlone = () => process.kill(process.pid, "SIGTERM");
process.once("disconnect", endAlone);
if (process.connected === false) endAlone();
if (chosen.watchdog > 0) watch(chosen.watchdog);

async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  if (!asksForWebsocket(request)) return answerPlainly(http, request, socket as Socket);
  const refusal = await door.websocket(request, socket);
  const address = door.addressOf(request);
  if (!refusal) return transport.take(request, socket, head, { address, budget, turnstile, paid });
  reports.refused(refusal.refusal.code, refusal.status, address);
  hangUp(socket, refusal);
}

/** A message has been looked at, which took so long. */
function paid(name: string | null, ms: number): void {
  const isKnown = name !== null && Object.hasOwn(requests, name);
  reports.paid(isKnown ? name : "other", ms);
}

function settings(): Settings {
  try {
    const read = readSettings(process.env);
    return { ...read, dataFolder: resolve(read.dataFolder) };
  } catch (error) {
    if (error instanceof BadSetting) stop(error.message);
    throw error;
  }
}

/** Keeps one machine from taking all lines, by saying nothing on them. Behind a proxy all are the proxy's. */
function boundSockets(most: number): void {
  const open = new Map<string, number>();
  http.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once("close", () => {
      const rest = open.get(address)! - 1;
      if (rest > 0) open.set(address, rest);
      else open.delete(address);
    });
    if (count > most) socket.destroy();
  });
}

/** An error of the system, in its own words and without the code and the call around them. */
function plain({ message }: Error): string {
  return message.replace(/^E[A-Z]+: /, "").replace(/, \w+ '.*$/, "");
}

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
