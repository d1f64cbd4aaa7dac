import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { defineRoom, defineServer, matchMaker } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { maxPayload } from "../shared/protocol.ts";
import { addRoutes } from "./http.ts";
import { Log } from "./log.ts";
import { LessonRoom } from "./room.ts";
import { BadSetting, readSettings, type Settings } from "./settings.ts";
import { Workers } from "./workers.ts";

const { port, dataFolder, limits } = settings();
/** The bundles of the page lie beside those of the server. */
const pageFolder = join(import.meta.dirname, "../client");

const log = await Log.open(dataFolder).catch((error: Error) =>
  stop(`Cannot keep lessons in ${dataFolder} (DATA_DIR): ${plain(error)}.`),
);
const workers = new Workers(limits);
const http = createServer();
// Longer than proxies keep an idle line, so that it is they who hang up: a request that is on its
// way while the server hangs up is lost.
http.keepAliveTimeout = 65_000; // ms
http.on("error", (error: NodeJS.ErrnoException) =>
  stop(
    error.code === "EADDRINUSE"
      ? `Port ${port} is in use; choose another with PORT.`
      : `Cannot listen on port ${port}: ${plain(error)}.`,
  ),
);

// A lesson's address is all it takes to join it, and the only way: rooms have no other names.
matchMaker.controller.exposedMethods = ["joinOrCreate"];
const server = defineServer({
  rooms: { lesson: defineRoom(LessonRoom, { log, workers, limits }).filterBy(["lesson"]) },
  transport: new WebSocketTransport({ server: http, maxPayload }),
  greet: false,
  logger: { ...console, debug() {}, info() {}, error: inOneLine },
  express: (app) => addRoutes(app, log, pageFolder),
});
server.onShutdown(async () => {
  await workers.close();
  await log.close();
});
await server.listen(port);
console.log(`DAgger Dojo is ready: http://localhost:${(http.address() as AddressInfo).port}/`);

function settings(): Settings {
  try {
    const read = readSettings(process.env);
    return { ...read, dataFolder: resolve(read.dataFolder) };
  } catch (error) {
    if (error instanceof BadSetting) stop(error.message);
    throw error;
  }
}

/** An error of the system, in its own words and without the code and the call around them. */
function plain({ message }: Error): string {
  return message.replace(/^E[A-Z]+: /, "").replace(/, \w+ '.*$/, "");
}

/** What Colyseus reports is mostly what clients did wrong, at whatever length they like. */
function inOneLine(message: unknown): void {
  console.error(String(message).split("\n", 1)[0]!.slice(0, 300));
}

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
