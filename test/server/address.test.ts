import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf } from "../../server/door/address.ts";

/** Node joins several headers of this name. */
const from = (remoteAddress: string, forwarded?: string | readonly string[]) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": [forwarded].flat().join(", ") },
  }) as unknown as IncomingMessage;

test.each([
  ["nobody is believed without proxies", 0, "9.9.9.9", "1.1.1.1", "9.9.9.9"],
  ["a proxy says who spoke to it", 1, "9.9.9.9", "1.1.1.1", "1.1.1.1"],
  ["and nothing further left is believed", 1, "9.9.9.9", "6.6.6.6, 1.1.1.1", "1.1.1.1"],
  ["two proxies", 2, "9.9.9.9", "6.6.6.6, 1.1.1.1,8.8.8.8", "1.1.1.1"],
  ["fewer hops than proxies", 3, "9.9.9.9", "1.1.1.1", "1.1.1.1"],
  ["a proxy that says nothing", 1, "9.9.9.9", undefined, "9.9.9.9"],
  ["a proxy that says what is no address", 1, "9.9.9.9", "unknown", "9.9.9.9"],
  ["a header that came twice", 1, "9.9.9.9", ["6.6.6.6", "1.1.1.1"], "1.1.1.1"],
  ["IPv4 in IPv6", 0, "::ffff:10.1.2.255", undefined, "10.1.2.255"],
  ["IPv6, by its network", 0, "2001:DB8:0:7::1", undefined, "2001:db8:0:7::/64"],
  ["IPv6, the same network", 0, "2001:db8::7:1:2:3:4", undefined, "2001:db8:0:7::/64"],
  ["IPv6 with an IPv4 tail", 0, "64:ff9b::1.2.3.4", undefined, "64:ff9b:0:0::/64"],
  ["IPv6 with a zone", 0, "fe80::1%eth0", undefined, "fe80:0:0:0::/64"],
  ["this machine", 0, "::1", undefined, "0:0:0:0::/64"],
  ["a line that has gone", 0, "", undefined, ""],
] as const)("%s", (_, proxies, socket, forwarded, address) => {
  expect(addressOf(from(socket, forwarded), proxies)).toBe(address);
});

test("gives a name to every address that Node accepts", () => {
  const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.string());
  fc.assert(
    fc.property(text, fc.boolean(), (said, hasZone) => {
      const name = addressOf(from("9.9.9.9", hasZone ? `${said}%eth0` : said), 1);
      expect(name).toMatch(/^[\d.]+$|^([\da-f]{1,4}:){4}:\/64$/);
    }),
  );
});
