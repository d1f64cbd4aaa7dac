import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath, resolve } from "node:path";
import { Client, type Room } from "colyseus.js";
import type { LessonRoom } from "../../server/rooms/lessonRoom.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import {
  type Begun,
  eventMessage,
  type Progress,
  progressMessage,
} from "../../shared/lesson/protocol.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";

/** The output and exit of a process. */
export interface ProcessExit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function temporaryFolder(): string {
  return mkdtempSync(joinPath(tmpdir(), "dojo-"));
}

// A runner ends its workers by this signal, upon which nothing is done that is to be done at an exit.
process.once("SIGTERM", () => process.exit());

/**
 * Starts the server program with `env` on top of the environment.
 * @param through a command that starts it, if it is not to be started directly
 */
export function launch(
  env: Record<string, string>,
  who: SpawnOptions = {},
  through: readonly string[] = [],
): ChildProcess {
  const [command, ...args] = [...through, process.execPath, resolve("dist/server/index.js")];
  const child = spawn(command!, args, {
    ...who,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // No server is left behind by a test that fails before it stops its own.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return child;
}

/** The output of a process, once it has ended. */
export async function end(child: ChildProcess): Promise<ProcessExit> {
  let stdout = "";
  let stderr = "";
  child.stdout!.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/** The real server as it is built, in a process of its own, on a free port. */
export class RunningServer {
  /** As in http://localhost:1234, with the base path; different after each start, unless a port is set. */
  address = "";
  readonly dataFolder: string;
  /** Its output since the first start. */
  stdout = "";
  stderr = "";
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | null = null;

  constructor(dataFolder: string, env: Readonly<Record<string, string>> = {}) {
    this.dataFolder = dataFolder;
    this.#env = env;
  }

  /** Whether its process runs. */
  get isUp(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  /** Id of its process; undefined before the first start. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it on its folder, and waits until it is ready. */
  async start(
    port = "0",
    program: (env: Record<string, string>) => ChildProcess = launch,
  ): Promise<void> {
    const child = program({ ...this.#env, PORT: port, DATA_DIR: this.dataFolder });
    child.stdout!.on("data", (chunk) => {
      this.stdout += chunk;
    });
    child.stderr!.on("data", (chunk) => {
      this.stderr += chunk;
    });
    const line = once(child.stdout!, "data").then(([chunk]) => String(chunk));
    const said = await Promise.race([line, end(child).then(({ stderr }) => stderr)]);
    const address = said.match(/^DAgger Dojo is ready: (http:\/\/[\w.]+:\d+\S*)\/\n/)?.[1];
    if (!address) throw new Error(`the server said: ${said}`);
    this.address = address;
    this.#process = child;
  }

  /** Kills it, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Stops it, and resolves to its exit code; null where it had ended already. */
  async stop(): Promise<number | null> {
    return await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const gone = once(child, "close");
    child.kill(signal);
    const [code] = await gone;
    return code;
  }
}

/** A running server, with `env` on top of the environment. */
export async function startServer(
  dataFolder = temporaryFolder(),
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const server = new RunningServer(dataFolder, env);
  await server.start();
  return server;
}

/** The address of a running server. */
export type ServerAddress = Pick<RunningServer, "address">;

/** A server by IP address: localhost has two, and limits apply to each. */
export function byAddress({ address }: ServerAddress): ServerAddress {
  return { address: address.replace("//localhost:", "//127.0.0.1:") };
}

/** The secrets of all lessons created here, by id. */
const secrets = new Map<string, string>();

/** Creates a lesson in `world` and returns its id; its secret is remembered. */
export async function createLesson(
  server: ServerAddress,
  world: string,
  taste?: string,
): Promise<string> {
  const response = await fetch(`${server.address}/api/lessons`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ world, taste }),
  });
  const { id, secret } = (await response.json()) as Begun;
  secrets.set(id, secret);
  return id;
}

/** The URL to teach in a lesson that was created here. */
export function teachAt(server: { address: string }, lesson: string): string {
  return `${server.address}/?lesson=${lesson}#teach=${secrets.get(lesson)}`;
}

/** A client in a lesson's room. */
export interface Participant {
  readonly room: Room<LessonRoom>;
  /** Broadcast events, in order of arrival. */
  readonly heard: LessonEvent[];
  readonly progress: Progress[];
  /** Close codes of its connection, one at most. */
  readonly left: number[];
}

/** Joins a lesson with its secret, as the owner's page does. */
export async function join(server: ServerAddress, lesson: unknown): Promise<Participant> {
  const secret = secrets.get(lesson as string);
  return enter(server, secret === undefined ? { lesson } : { lesson, secret });
}

/** Joins with any join request. */
export async function enter(server: ServerAddress, entry: object): Promise<Participant> {
  const client = new Client(server.address);
  const room = await client.joinOrCreate<LessonRoom>("lesson", entry);
  // The server keeps no seats: a disconnected client joins again.
  room.reconnection.enabled = false;
  const participant: Participant = { room, heard: [], progress: [], left: [] };
  room.onMessage(eventMessage, (event) => participant.heard.push(JSON.parse(event)));
  room.onMessage(progressMessage, (progress) => participant.progress.push(progress));
  room.onLeave((code) => participant.left.push(code));
  return participant;
}

/** The lesson's events after number `since`, from the server. */
export async function eventsOf({ room }: Participant, since = 0): Promise<readonly LessonEvent[]> {
  const all: LessonEvent[] = [];
  for (let more = true; more; ) {
    const page = await room.request("events", { since: since + all.length });
    all.push(...(JSON.parse(page.events) as LessonEvent[]));
    more = page.more;
  }
  return all;
}

/** A request's refusal. Throws where the request succeeded or failed otherwise. */
export async function refusal(answer: Promise<unknown>): Promise<Refusal> {
  try {
    await answer;
  } catch (error) {
    const { name, reason } = error as { name: string; reason?: Refusal };
    if (name === "rejected" && reason) return reason;
    throw error;
  }
  throw new Error("this should have been refused");
}

let keys = 0;
/** A new idempotency key. */
export function newKey(): string {
  return `test-key-${keys++}`;
}
