import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyaddr from "proxy-addr";

/**
 * The address that limits apply to: an IPv4 address, or the first half of an IPv6 one, as a machine may
 * choose the second half freely. The last `proxies` entries of X-Forwarded-For are trusted.
 */
export function addressOf(request: IncomingMessage, proxies: number): string {
  const socket = request.socket.remoteAddress ?? "";
  // Each proxy appends its client to X-Forwarded-For; entries further left may be forged.
  const address = proxyaddr(request, (_, hop) => hop < proxies) ?? "";
  return network(isIP(address) === 0 ? socket : address);
}

/** The host name in the URL of a server bound to `address`, for a browser on this machine; null is all addresses. */
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
  // A URL normalises the address: lower case, no zone, no dotted IPv4 tail.
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
