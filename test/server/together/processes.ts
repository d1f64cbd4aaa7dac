import { freePort } from "../ports.ts";
import { RunningServer, temporaryFolder } from "../server.ts";
import { type Front, frontOf } from "./front.ts";

/** A server among several that share their lessons, by itself as who asks it first. */
export class SharingServer extends RunningServer {
  readonly port: number;

  constructor(port: number, folder: string, env: Readonly<Record<string, string>>) {
    super(folder, {
      // Of a front that is no more than a test's, so that every one of them is this machine.
      ...env,
      PUBLIC_ADDRESS: `/at/${port}`,
    });
    this.port = port;
  }
}

/** Servers that share their lessons, behind one address. */
export interface Sharing {
  readonly servers: readonly SharingServer[];
  readonly front: Front;
  /** The front, which asks this server before the others: for who reads `address`. */
  through(server: SharingServer): { readonly address: string };
  stop(): Promise<void>;
}

/**
 * Starts `n` servers with one Redis, one folder of lessons and one address. Where they trust a proxy, everyone who comes
 * by that address has one of their own.
 * @param own further environment of each
 */
export async function startSharing(
  n: number,
  redis: string,
  env: Readonly<Record<string, string>> = {},
  own: (i: number) => Readonly<Record<string, string>> = () => ({}),
): Promise<Sharing> {
  const folder = temporaryFolder();
  const servers: SharingServer[] = [];
  for (let i = 0; i < n; i++)
    servers.push(
      new SharingServer(await freePort(), folder, { REDIS_URL: redis, ...env, ...own(i) }),
    );
  await Promise.all(servers.map((server) => server.start(`${server.port}`)));
  const ports = servers.map(({ port }) => port);
  const isTrusted = env.TRUST_PROXY === "1";
  const front = await frontOf(ports, isTrusted);
  const fronts: Front[] = await Promise.all(
    ports.map((first) => frontOf([first, ...ports.filter((port) => port !== first)], isTrusted)),
  );
  return {
    servers,
    front,
    through: (server) => fronts[servers.indexOf(server)]!,
    async stop() {
      await Promise.all([...servers.map((server) => server.kill())]);
      await Promise.all([front, ...fronts].map((one) => one.close()));
    },
  };
}
