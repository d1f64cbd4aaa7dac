import type { IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import type { Settings } from "../settings.ts";

/** Private networks (RFC 1918): an address in one of them is of use to those who are in it. */
const privateNetworks = /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)\./;
const loopback = /^(127\.|::1$|::ffff:127\.)/;
const ownNames = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::(\d+))?$/i;
/** Networks of containers, virtual machines and tunnels, in which no phone is. */
const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|tun|tap|wg|utun|cni|flannel)/i;
/** What proxies add: then this machine's own browser is not who asks. */
const forwarding = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];

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
  return Object.entries(interfaces)
    .filter(([name]) => !virtual.test(name))
    .flatMap(([, all]) => all ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address)
    .filter((address) => privateNetworks.test(address))
    .filter((address) => isEverywhere || address === host)
    .filter((address) => allowedHosts.length === 0 || allowedHosts.includes(address))
    .sort((a, b) => homely(b) - homely(a))
    .map((address) => `http://${address}:${port}${basePath}/`);
}

/** Routers at home give addresses in 192.168. */
const homely = (address: string) => (address.startsWith("192.168.") ? 1 : 0);

/**
 * Whether a request is from a page of this machine's own. Its name counts too: anyone can point a name of theirs
 * at the machine, and have a browser on it ask (DNS rebinding).
 */
export function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const name = ownNames.exec(headers.host ?? "");
  // By another port it came through a tunnel or another server.
  const isDirect = name !== null && Number(name[1] ?? 80) === socket.localPort;
  return (
    isDirect &&
    loopback.test(socket.remoteAddress ?? "") &&
    !forwarding.some((header) => header in headers)
  );
}
