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

/** What a process printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function temporaryFolder(): string {
  return mkdtempSync(joinPath(tmpdir(), "dojo-"));
}

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
  // A test that fails before it stops its server leaves none behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return child;
}

/** Everything that a process prints until it ends, which is awaited. */
export async function end(child: ChildProcess): Promise<Ended> {
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
  /** As in http://localhost:1234; another after each start, unless a port is asked for. */
  address = "";
  readonly dataFolder: string;
  /** Everything that it has printed since it was started first. */
  stdout = "";
  stderr = "";
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | null = null;

  constructor(dataFolder: string, env: Readonly<Record<string, string>> = {}) {
    this.dataFolder = dataFolder;
    this.#env = env;
  }

  /** Whether it is there: started, and not ended by itself or anyone. */
  get isUp(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  /** Of its process; undefined before it was started. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it on the data it had before, if any, and waits until it says that it is ready. */
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
    const address = said.match(/^DAgger Dojo is ready: (http:\/\/localhost:\d+)\/\n/)?.[1];
    if (!address) throw new Error(`the server said: ${said}`);
    this.address = address;
    this.#process = child;
  }

  /** Ends it as a power cut would, whatever it is doing. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to end, and resolves to the code with which it did; null where it had ended already. */
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

/** A server that runs, here or in another process. */
export type ServerAddress = Pick<RunningServer, "address">;

/** A server by its address: the name of this machine has two, and the server counts by address. */
export function byAddress({ address }: ServerAddress): ServerAddress {
  return { address: address.replace("//localhost:", "//127.0.0.1:") };
}

/** The secrets of all lessons that have been begun here, by address. */
const secrets = new Map<string, string>();

/** Begins a lesson about `world` and returns its address; its secret is remembered. */
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

/** Where a browser opens a lesson that was begun here in order to teach in it. */
export function teachAt(server: { address: string }, lesson: string): string {
  return `${server.address}/?lesson=${lesson}#teach=${secrets.get(lesson)}`;
}

/** Someone in a lesson's room. */
export interface Participant {
  readonly room: Room<LessonRoom>;
  /** What the room told everyone, in order of arrival. */
  readonly heard: LessonEvent[];
  readonly progress: Progress[];
  /** Close codes of the room, one at most. */
  readonly left: number[];
}

/** Joins a lesson the way the page of whoever began it does. */
export async function join(server: ServerAddress, lesson: unknown): Promise<Participant> {
  const secret = secrets.get(lesson as string);
  return enter(server, secret === undefined ? { lesson } : { lesson, secret });
}

/** Joins with whatever is said at the door. */
export async function enter(server: ServerAddress, entry: object): Promise<Participant> {
  const client = new Client(server.address);
  const room = await client.joinOrCreate<LessonRoom>("lesson", entry);
  // The server keeps no seat for anyone: whoever was cut off joins again.
  room.reconnection.enabled = false;
  const participant: Participant = { room, heard: [], progress: [], left: [] };
  room.onMessage(eventMessage, (event) => participant.heard.push(JSON.parse(event)));
  room.onMessage(progressMessage, (progress) => participant.progress.push(progress));
  room.onLeave((code) => participant.left.push(code));
  return participant;
}

/** All events of the lesson after number `since`, as the server has them. */
export async function eventsOf({ room }: Participant, since = 0): Promise<readonly LessonEvent[]> {
  const all: LessonEvent[] = [];
  for (let more = true; more; ) {
    const page = await room.request("events", { since: since + all.length });
    all.push(...(JSON.parse(page.events) as LessonEvent[]));
    more = page.more;
  }
  return all;
}

/** Why a request was refused. Fails where it was not refused, or fell over instead. */
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
/** A key that no request had before. */
export function newKey(): string {
  return `test-key-${keys++}`;
}
