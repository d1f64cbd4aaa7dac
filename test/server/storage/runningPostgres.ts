import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { postgres } from "../../../scripts/postgres.mjs";
import { killed } from "../killed.ts";
import { freePort } from "../ports.ts";

/** The folder of PostgreSQL's programs; null where there are none, and what needs them is left out. */
export const postgresBin = postgres();
if (postgresBin === null)
  console.warn("NOT TESTED: lessons in PostgreSQL, for want of PostgreSQL.");

const user = "dojo";

/** A real PostgreSQL server, in processes of its own, with one empty database. */
export class RunningPostgres {
  readonly #folder = mkdtempSync(join(tmpdir(), "dojo-postgres-"));
  readonly #who = unprivileged();
  readonly #bin: string;
  readonly #settings: readonly string[];
  #port = 0;
  #process: ChildProcess | null = null;

  private constructor(settings: readonly string[]) {
    this.#settings = settings;
    this.#bin = this.#programs();
  }

  /** @param settings further ones, as in `ssl=on` */
  static async start(...settings: string[]): Promise<RunningPostgres> {
    const server = new RunningPostgres(settings);
    const { status, stderr } = spawnSync(
      join(server.#bin, "initdb"),
      ["-D", server.#data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
      { ...server.#who, encoding: "utf8", cwd: server.#folder },
    );
    if (status !== 0) throw new Error(`initdb said: ${stderr}`);
    server.#port = await freePort();
    await server.start();
    return server;
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  /** Of the database `name`, by its main one's if it is left out. */
  url(name = "postgres"): string {
    return `postgres://${user}@127.0.0.1:${this.#port}/${name}`;
  }

  /** Makes an empty database, and gives its address. */
  async database(name: string): Promise<string> {
    await this.query(`create database ${name}`);
    return this.url(name);
  }

  /** Starts it, as after {@link kill}, and waits until it answers. */
  async start(): Promise<void> {
    const settings = [
      "listen_addresses=127.0.0.1",
      "fsync=on",
      "max_connections=50",
      ...this.#settings,
    ];
    const child = spawn(
      join(this.#bin, "postgres"),
      [
        ...["-D", this.#data, "-p", `${this.#port}`, "-k", this.#folder],
        ...settings.flatMap((setting) => ["-c", setting]),
      ],
      { ...this.#who, stdio: "ignore", cwd: this.#folder },
    );
    this.#process = child;
    for (let tries = 0; ; tries++) {
      try {
        await this.query("select 1");
        return;
      } catch (error) {
        if (tries > 300 || child.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Kills all of its processes, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    await killed(child);
  }

  async remove(): Promise<void> {
    await this.kill();
    // Its children see that it is gone, a moment later.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async query(text: string, values: readonly unknown[] = [], url = this.url()) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** It refuses to be root's, and another user may not get at a folder of root's. */
  #programs(): string {
    if (this.#who.uid === undefined) return postgresBin!;
    chownSync(this.#folder, this.#who.uid, this.#who.gid!);
    chmodSync(this.#folder, 0o755);
    if (spawnSync(join(postgresBin!, "initdb"), ["--version"], this.#who).status === 0)
      return postgresBin!;
    const home = join(this.#folder, "programs");
    cpSync(dirname(postgresBin!), home, { recursive: true, verbatimSymlinks: true });
    return join(home, "bin");
  }
}

/** Who runs it where the tests are root's: nobody. */
export function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
}
