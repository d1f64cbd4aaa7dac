import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyaddr from "proxy-addr";

/**
 * Who asks, as one name for everyone that one household or machine can pretend to be: an IPv4
 * address, or the first half of an IPv6 one, whose second half anyone may choose for themselves.
 * `proxies` of those in front are believed about whom they speak for.
 */
export function addressOf(request: IncomingMessage, proxies: number): string {
  const socket = request.socket.remoteAddress ?? "";
  // Each proxy adds who spoke to it at the end of X-Forwarded-For; what is further left is hearsay.
  const address = proxyaddr(request, (_, hop) => hop < proxies) ?? "";
  return network(isIP(address) === 0 ? socket : address);
}

/** What a browser on this machine calls a server that is bound to `address`; null is all addresses. */
export function hostOf(address: string | null): string {
  const here = ["localhost", "0.0.0.0", "::", "127.0.0.1", "::1"];
  if (address === null || here.includes(address)) return "localhost";
  return isIP(address) === 6 ? `[${address}]` : address;
}

function network(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  const isIPv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!isIPv4) return `${groups.slice(0, 4).map(hex).join(":")}::/64`;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join(".");
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // A URL has them in lower case, without zone and without a dotted tail.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]`);
  const [head, tail] = hostname
    .slice(1, -1)
    .split("::")
    .map((part) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16))));
  if (!tail) return head!;
  return [...head!, ...Array<number>(8 - head!.length - tail.length).fill(0), ...tail];
}

function hex(group: number): string {
  return group.toString(16);
}
