import type { IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import type { Settings } from "../settings.ts";

/** Private networks (RFC 1918): an address in one of them is of use to those who are in it. */
const privateNetworks = /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)\./;
const loopback = /^(127\.|::1$|::ffff:127\.)/;
const ownNames = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

export type Reach = Pick<Settings, "host" | "basePath" | "allowedHosts" | "proxies">;

/**
 * The URLs by which devices on this machine's private networks reach the server.
 * @param interfaces the machine's, by name
 */
export function urlsOnNetwork(
  { host, basePath, allowedHosts, proxies }: Reach,
  port: number,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  // Behind a proxy it is the proxy that is reached.
  if (proxies > 0) return [];
  const isEverywhere = host === null || host === "0.0.0.0" || host === "::";
  return Object.values(interfaces)
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address)
    .filter((address) => privateNetworks.test(address))
    .filter((address) => isEverywhere || address === host)
    .filter((address) => allowedHosts.length === 0 || allowedHosts.includes(address))
    .map((address) => `http://${address}:${port}${basePath}/`);
}

/**
 * Whether a request is from a page of this machine's own. Its name counts too: anyone can point a name of theirs
 * at the machine, and have a browser on it ask (DNS rebinding).
 */
export function isFromHere({ socket, headers }: IncomingMessage): boolean {
  return loopback.test(socket.remoteAddress ?? "") && ownNames.test(headers.host ?? "");
}
