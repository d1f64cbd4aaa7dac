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
import { Classes } from "./classes/classes.ts";
import { Forgetting } from "./classes/forgetting.ts";
import { ClassRoutes } from "./classes/routes.ts";
import { hostOf } from "./door/address.ts";
import { Budget } from "./door/budget.ts";
import { ownCounts } from "./door/counts.ts";
import { Door, httpRefusal, isWebsocketUpgrade, refuseAndClose } from "./door/door.ts";
import { HeldBytes } from "./door/heldBytes.ts";
import { MessageScheduler } from "./door/messageScheduler.ts";
import { CheckedTransport } from "./door/transport.ts";
import { createApp } from "./http/app.ts";
import { within } from "./http/basePath.ts";
import { LessonFiles } from "./http/lessonFiles.ts";
import { OutsideLearners } from "./http/outsideLearners.ts";
import { urlsOnNetwork } from "./http/reach.ts";
import { answerWithoutUpgrade } from "./http/withoutUpgrade.ts";
import { Workers } from "./jobs/workers.ts";
import { createLogger, inOneLine } from "./logger.ts";
import { Metrics } from "./metrics.ts";
import { Reports } from "./reports.ts";
import { ClassRoom, type ClassRoomParts } from "./rooms/classRoom.ts";
import { LessonRoom, type RoomParts } from "./rooms/lessonRoom.ts";
import { MessageRate } from "./rooms/messageRate.ts";
import { Rooms } from "./rooms/rooms.ts";
import { BadSetting, readSettings, type Settings, type SharedRedis } from "./settings.ts";
import { digest } from "./sha256.ts";
import { endOn } from "./stop.ts";
import { nameOf, openLog } from "./storage/place.ts";
import { Studies } from "./studies/studies.ts";
import { clock } from "./time.ts";
import { watch } from "./watchdog.ts";

const settings = readSettingsOrExit();
const { host, port, basePath, place, limits, metricsToken } = settings;
/** The page's bundles are beside the server's. */
const pageFolder = join(import.meta.dirname, "../client");

const logger = createLogger(settings.logLevel);
const setting = place.kind === "sqlite" ? "DATA_DIR" : "DATABASE_URL";
const log = await openLog(place).catch((error: Error) =>
  exitWith(`Cannot keep lessons in ${nameOf(place)} (${setting}): ${systemMessage(error)}.`),
);
const together = settings.redis && (await shareOrExit(settings.redis));
const counts = together?.counts ?? ownCounts;
const door = new Door(
  settings,
  (process, room) =>
    process === matchMaker.processId &&
    [LessonRoom, ClassRoom].some((kind) => matchMaker.getLocalRoomById(room) instanceof kind),
  together,
  counts,
);
const metrics = new Metrics({
  rooms: () => matchMaker.stats.local.roomCount,
  connections: () => door.connections,
  queue: () => workers.load.waiting + (trainers?.waiting ?? 0),
});
if (metricsToken !== null) metrics.watchProcess();
const reports = new Reports(logger, metrics);
const workerFile = join(import.meta.dirname, "worker.js");
const workers = new Workers(workerFile, log, limits, reports, counts);
const trainers = settings.remoteTrainers ? await byTrainers(settings.redis!) : null;
const budget = together?.budget ?? new Budget(limits.mainThread);
const scheduler = new MessageScheduler(budget);
const held = new HeldBytes();
const rooms = new Rooms(limits, budget, together);
const platform: Platform = {
  log,
  work: trainers ?? workers,
  clock,
  digest,
  memory: new LessonMemory(1e6 * limits.memory),
  bounds: { lessonSize: 1e6 * limits.lessonSize, idle: 1000 * limits.idle },
};

const transport = new CheckedTransport({ maxPayload });
const rate = new MessageRate(limits.messages);
const classes = new Classes(log, limits.pupils, reports);
const roomParts: RoomParts = { platform, classes, rooms, budget, rate, reports };
const classRoomParts: ClassRoomParts = { ...roomParts, log, workers };
const colyseus = defineServer({
  // The id of a lesson, or of a class, is all that joining needs; rooms have no other names.
  rooms: {
    lesson: defineRoom(LessonRoom, roomParts).filterBy(["id"]),
    class: defineRoom(ClassRoom, classRoomParts).filterBy(["id"]),
  },
  transport,
  ...(together && {
    driver: together.driver,
    presence: together.presence,
    publicAddress: settings.redis!.publicPath,
    // Errors of opening a lesson would not come back from another process.
    selectProcessIdToCreateRoom: async () => matchMaker.processId,
  }),
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
await together?.begin({ rooms: () => rooms.count, websockets: () => door.websockets });

const lessonFiles = new LessonFiles({ door, log, budget, reports, limits, place });
const studies = new Studies({ door, log, budget, reports, folder: settings.studies, basePath });
const outsideLearners = new OutsideLearners({
  door,
  platform,
  workers,
  rooms,
  classes,
  budget,
  reports,
});
const classRoutes = new ClassRoutes({
  door,
  log,
  classes,
  budget,
  reports,
  counts,
  days: settings.classDays,
  basePath,
});
const forgetting = new Forgetting(log, classes, settings.classDays, reports);
const app = createApp({
  door,
  log,
  rooms,
  reports,
  lessonFiles: lessonFiles.routes,
  outsideLearners: outsideLearners.routes,
  studies: studies.routes,
  classes: classRoutes,
  checks: {
    stopping: () => matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN,
    database: () => log.check(),
    workers: () => workers.alive(),
  },
  metricsToken,
  pageFolder,
  reach: settings,
});
const http = createServer(
  {
    // A slow request holds a connection for nothing. The timeouts count before the first byte too.
    headersTimeout: 8_000, // ms
    requestTimeout: 10_000, // ms
    connectionsCheckingInterval: 1000, // ms
    // Longer than proxies keep an idle connection, so that they close it first: a request that is on
    // its way while the server closes would be lost.
    keepAliveTimeout: 65_000, // ms
    maxHeaderSize: 8 * 1024,
    // The door checks it, with a sentence of its own.
    requireHostHeader: false,
  },
  app,
);
http.maxHeadersCount = 64;
// For clients that do not read the answer. For websockets, Colyseus does this.
http.timeout = 90_000; // ms
http.on("checkExpectation", app);
http.on("upgrade", (request, socket, head) => {
  socket.on("error", () => socket.destroy());
  // An error on one connection must not end the others.
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
  refuseAndClose(socket, httpRefusal(status, "malformed", reason));
});
if (settings.proxies === 0) boundSockets(2 * limits.connections + 64);
http.on("error", (error: NodeJS.ErrnoException) => {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use; choose another with PORT.`,
    EADDRNOTAVAIL: `HOST is "${host}", which is not an address of this machine.`,
  };
  exitWith(reasons[error.code ?? ""] ?? `Cannot listen on port ${port}: ${systemMessage(error)}.`);
});
// Before the line that says it is ready, after which it may be stopped at once.
endOn(["SIGTERM", "SIGINT"], {
  http,
  colyseus,
  together,
  workers,
  trainers,
  lessonFiles,
  log,
  logger,
});
http.listen(port, host ?? undefined);
await once(http, "listening");
const { port: boundPort } = http.address() as AddressInfo;
console.log(`DAgger Dojo is ready: http://${hostOf(host)}:${boundPort}${basePath}/`);
for (const url of urlsOnNetwork(settings, boundPort))
  if (!url.startsWith(`http://${hostOf(host)}:`)) console.log(`On this network: ${url}`);
logger.info({ port: boundPort }, "started");
// A parent process with a channel is told the port; when the parent ends, so does this process.
process.send?.({ port: boundPort });
const endWithParent = () => process.kill(process.pid, "SIGTERM");
process.once("disconnect", endWithParent);
if (process.connected === false) endWithParent();
forgetting.begin();
if (settings.watchdog > 0) watch(settings.watchdog);

async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  if (!isWebsocketUpgrade(request)) return answerWithoutUpgrade(http, request, socket as Socket);
  // Under "/" there is no room: the door counts what is elsewhere, and refuses it.
  request.url = within(basePath, request.url ?? "") ?? "/";
  const refusal = await door.admitWebsocket(request, socket);
  const address = door.addressOf(request);
  if (!refusal)
    return transport.take(request, socket, head, { address, budget, scheduler, held, paid });
  reports.refused(refusal.refusal.code, refusal.status, address);
  refuseAndClose(socket, refusal);
}

/** Counts the time that a message took. */
function paid(name: string | null, ms: number): void {
  const isKnown = name !== null && Object.hasOwn(requests, name);
  reports.paid(isKnown ? name : "other", ms);
}

function readSettingsOrExit(): Settings {
  try {
    const { place, ...read } = readSettings(process.env);
    const isFolder = place.kind === "sqlite";
    return {
      ...read,
      studies: resolve(read.studies),
      place: isFolder ? { ...place, folder: resolve(place.folder) } : place,
    };
  } catch (error) {
    if (error instanceof BadSetting) exitWith(error.message);
    throw error;
  }
}

async function shareOrExit({ url }: SharedRedis) {
  // Who has lessons for themselves need not wait for the client of Redis.
  const { Together } = await import("./together/together.ts");
  return Together.at(url, limits.mainThread).catch(noRedis(url));
}

function noRedis(url: string) {
  return ({ message }: Error) =>
    exitWith(`Cannot use the Redis at ${new URL(url).host} (REDIS_URL): ${message}.`);
}

async function byTrainers({ url }: SharedRedis) {
  const { RemoteWork } = await import("./trainers/remoteWork.ts");
  return RemoteWork.at(url, workerFile, workers, limits, reports, counts).catch(noRedis(url));
}

/** Limits the sockets of each machine, idle ones too. Not for use behind a proxy, whose all of them are. */
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

/** The message of a system error, without its code and system call. */
function systemMessage({ message }: Error): string {
  return message.replace(/^E[A-Z]+: /, "").replace(/, \w+ '.*$/, "");
}

function exitWith(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
