import { NameServer } from "../nameServer.ts";
import { type RunningNginx, startNginxForSeveral } from "../nginx.ts";
import { freePort } from "../ports.ts";
import { RunningServer, temporaryFolder } from "../server.ts";

/** Two servers with deploy/nginx-several.conf in front, each at an address of its own, as containers are. */
export class BehindNginx {
  readonly nginx: RunningNginx;
  /** The names of the servers, which are dojo-1 and dojo-2, and dojo for both. */
  readonly #names: NameServer;
  readonly #port: number;
  readonly #env: Readonly<Record<string, string>>;
  readonly #folder = temporaryFolder();
  readonly #servers: RunningServer[] = [];
  readonly #addresses: string[] = [];

  private constructor(
    nginx: RunningNginx,
    names: NameServer,
    port: number,
    env: Readonly<Record<string, string>>,
  ) {
    this.nginx = nginx;
    this.#names = names;
    this.#port = port;
    this.#env = env;
  }

  /** Null where there is no nginx, and a message says so. */
  static async start(redis: string): Promise<BehindNginx | null> {
    const names = await NameServer.start();
    const port = await freePort();
    const nginx = await startNginxForSeveral(names, port, temporaryFolder());
    if (!nginx) {
      names.close();
      return null;
    }
    const env = { REDIS_URL: redis, TRUST_PROXY: "1", ALLOWED_HOSTS: "dojo.example, localhost" };
    const both = new BehindNginx(nginx, names, port, env);
    await Promise.all([both.begin(1, "127.0.0.21"), both.begin(2, "127.0.0.22")]);
    return both;
  }

  /** The names that nginx has looked up. */
  get asked(): ReadonlySet<string> {
    return this.#names.asked;
  }

  /** Starts server `n` at an address, in place of the one that was, and gives it its names. */
  async begin(n: 1 | 2, address: string): Promise<void> {
    const env = { ...this.#env, HOST: address, PUBLIC_ADDRESS: `/at/${n}` };
    const server = new RunningServer(this.#folder, env);
    await server.start(`${this.#port}`);
    this.#servers[n - 1] = server;
    this.#addresses[n - 1] = address;
    this.#names.addresses.set(`dojo-${n}`, [address]);
    this.#names.addresses.set("dojo", this.#addresses.filter(Boolean));
  }

  /** Kills server `n`, whose names stay for a moment, as Docker's do. */
  kill(n: 1 | 2): Promise<void> {
    return this.#servers[n - 1]!.kill();
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await Promise.all(this.#servers.map((server) => server.kill()));
    this.#names.close();
  }
}

/** The number of the server that has a room. */
export function serverOf(room: object): 1 | 2 {
  const { url } = (room as { connection: { transport: { ws: { url: string } } } }).connection
    .transport.ws;
  return Number(url.match(/\/at\/(\d)\//)![1]) as 1 | 2;
}
