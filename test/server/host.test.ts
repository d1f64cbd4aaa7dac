import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { hostOf } from "../../server/door/address.ts";
import { end, launch, type RunningServer, startServer, temporaryFolder } from "./server.ts";

let server: RunningServer | null = null;
afterEach(() => server?.stop());

/** An IPv4 address of this machine on its network; without a network, a second loopback address. */
const abroad =
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.2";

/** Whether a connection to this address at the server's port succeeds. */
function answers(address: string): Promise<boolean> {
  const socket = connect(Number(new URL(server!.address).port), address);
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

describe("HOST", () => {
  const cases: [string, Record<string, string>, boolean][] = [
    ["at all addresses", {}, true],
    ["behind a proxy at this machine's own only", { TRUST_PROXY: "1" }, false],
    [
      "behind a proxy at all addresses, where that is asked for",
      { TRUST_PROXY: "1", HOST: "0.0.0.0" },
      true,
    ],
    ["at this machine's own, where that is asked for", { HOST: "127.0.0.1" }, false],
    ["at what is called localhost", { HOST: "localhost" }, false],
  ];
  test.each(cases)("%s", async (_, env, everywhere) => {
    server = await startServer(temporaryFolder(), env);
    expect(await answers("localhost")).toBe(true);
    expect(await answers(abroad)).toBe(everywhere);
  });

  test("listens on one address and prints it", async () => {
    const child = launch({ PORT: "0", DATA_DIR: temporaryFolder(), HOST: abroad });
    child.stdout!.once("data", () => child.kill());
    const { stdout } = await end(child);
    const [, host] = stdout.match(/^DAgger Dojo is ready: http:\/\/(.+):\d+\/\n$/)!;
    expect(host).toBe(abroad);
  });

  test.each([
    ["dojo.example", 'HOST is "dojo.example", which is neither an IP address nor localhost.\n'],
    ["256.0.0.1", 'HOST is "256.0.0.1", which is neither an IP address nor localhost.\n'],
    // For documentation (RFC 5737): no machine has it.
    ["192.0.2.1", 'HOST is "192.0.2.1", which is not an address of this machine.\n'],
  ])("%s: exits with one sentence", async (HOST, sentence) => {
    const child = launch({ PORT: "0", DATA_DIR: temporaryFolder(), HOST });
    expect(await end(child)).toEqual({ code: 1, stdout: "", stderr: sentence });
  });
});

test.each([
  [null, "localhost"],
  ["0.0.0.0", "localhost"],
  ["::1", "localhost"],
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "[2001:db8::1]"],
])("the URL of a server bound to %s has the host %s", (address, host) => {
  expect(hostOf(address)).toBe(host);
});
