import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { redis } from "../../../scripts/redis.mjs";
import { killed } from "../killed.ts";
import { freePort } from "../ports.ts";

/** The path of a Redis server; null where there is none, and what needs it is left out. */
export const redisServer = redis();
if (redisServer === null)
  console.log("Left out: several processes, as Redis is neither installed here nor to be had.");

/** A real Redis in a process of its own, which keeps nothing over a restart. */
export class RunningRedis {
  readonly #folder = mkdtempSync(join(tmpdir(), "dojo-redis-"));
  readonly #port: number;
  readonly #args: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, args: readonly string[]) {
    this.#port = port;
    this.#args = args;
  }

  /** @param args further ones of `redis-server` */
  static async start(...args: string[]): Promise<RunningRedis> {
    const server = new RunningRedis(await freePort(), args);
    await server.start();
    return server;
  }

  /** @param who user and password, as in `:password@` */
  url(who = ""): string {
    return `redis://${who}127.0.0.1:${this.#port}`;
  }

  /** Starts it, as after {@link kill}, and waits until it answers. */
  async start(): Promise<void> {
    const fixed = ["--port", `${this.#port}`, "--bind", "127.0.0.1", "--dir", this.#folder];
    const child = spawn(redisServer!, [...fixed, "--save", "", ...this.#args], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#process = child;
    // None is left behind by a test that fails before it stops its own.
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    let said = "";
    for await (const chunk of child.stdout!) {
      said += chunk;
      if (said.includes("Ready to accept connections")) break;
    }
    if (child.exitCode !== null) throw new Error(`redis-server said: ${said}`);
    // Nobody reads on, and it must not wait for that.
    child.stdout!.destroy();
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    await killed(child);
  }

  /** Lets it hang: it takes connections, and answers nothing. */
  hang(): void {
    this.#process!.kill("SIGSTOP");
  }

  /** Lets it go on, as after {@link hang}. */
  goOn(): void {
    this.#process!.kill("SIGCONT");
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A connection for a test, to be closed by it. */
  client(): Redis {
    return new Redis(this.url());
  }
}
