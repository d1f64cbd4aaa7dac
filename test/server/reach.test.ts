import { request } from "node:http";
import type { NetworkInterfaceInfo } from "node:os";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { urlsOnNetwork } from "../../server/http/reach.ts";
import { server, useServer } from "./running.ts";
import { end, launch, startServer, temporaryFolder } from "./server.ts";

useServer();

const at = (address: string, internal = false) =>
  ({ address, internal, family: address.includes(":") ? "IPv6" : "IPv4" }) as NetworkInterfaceInfo;
const interfaces = {
  lo: [at("127.0.0.1", true), at("::1", true)],
  eth0: [at("192.168.1.7"), at("fe80::1"), at("203.0.113.9")],
  docker0: [at("172.17.0.1")],
  wlan0: [at("10.0.0.3")],
  near: [at("172.15.0.1"), at("172.16.0.1"), at("172.31.0.1"), at("172.32.0.1")],
};
const everywhere = { host: null, basePath: "", allowedHosts: [], proxies: 0 };

test("a server is reached at the machine's private addresses, and at no public one", () => {
  expect(urlsOnNetwork(everywhere, 2567, interfaces)).toEqual([
    "http://192.168.1.7:2567/",
    "http://10.0.0.3:2567/",
    "http://172.16.0.1:2567/",
    "http://172.31.0.1:2567/",
  ]);
});

test.each([
  ["bound to one address", { host: "10.0.0.3" }, ["http://10.0.0.3:80/"]],
  ["bound to this machine's own", { host: "127.0.0.1" }, []],
  ["bound to what is called localhost", { host: "localhost" }, []],
  ["behind a proxy", { proxies: 1 }, []],
  ["that goes by a name only", { allowedHosts: ["dojo.example"] }, []],
  ["that goes by one of them", { allowedHosts: ["10.0.0.3"] }, ["http://10.0.0.3:80/"]],
  ["in a folder", { host: "10.0.0.3", basePath: "/dojo" }, ["http://10.0.0.3:80/dojo/"]],
])("a server %s", (_, settings, urls) => {
  expect(urlsOnNetwork({ ...everywhere, ...settings }, 80, interfaces)).toEqual(urls);
});

/** What the server answers to whoever asks it at `address`, by this name. */
function answer(
  address: string,
  host: string,
  others = {},
): Promise<{ status: number; body: string }> {
  const { port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    request(
      { host: address, port, path: "/api/network", headers: { host, ...others } },
      (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode!, body }));
      },
    )
      .on("error", reject)
      .end();
  });
}

const port = () => new URL(server.address).port;

test("a page on this machine is told, and nobody else", async () => {
  const urls = urlsOnNetwork(everywhere, Number(port()));
  const told = { status: 200, body: JSON.stringify({ urls }) };
  expect(await answer("127.0.0.1", `localhost:${port()}`)).toEqual(told);
  expect(await answer("127.0.0.1", `127.0.0.1:${port()}`)).toEqual(told);
  // A name that somebody points here.
  expect((await answer("127.0.0.1", "evil.example")).status).toBe(404);
  expect((await answer("127.0.0.1", "localhost.evil.example")).status).toBe(404);
  // Through a tunnel from another port, and through a proxy that nobody said there is.
  expect((await answer("127.0.0.1", "localhost:8080")).status).toBe(404);
  const proxied = { "x-forwarded-for": "203.0.113.7" };
  expect((await answer("127.0.0.1", `localhost:${port()}`, proxied)).status).toBe(404);
  const abroad = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  if (abroad) expect((await answer(abroad.address, "localhost")).status).toBe(404);
});

test("behind a proxy, where everyone comes from this machine, nobody is told", async () => {
  const behind = await startServer(temporaryFolder(), { TRUST_PROXY: "1" });
  const response = await fetch(`${behind.address}/api/network`);
  expect(await response.json()).toEqual({ urls: [] });
  await behind.stop();
});

test("prints what it is reached at, after the line that says it is ready", async () => {
  const child = launch({ PORT: "0", DATA_DIR: temporaryFolder() });
  child.stdout!.once("data", () => child.kill());
  const { stdout } = await end(child);
  const [ready, ...others] = stdout.trim().split("\n");
  const [, bound] = ready!.match(/^DAgger Dojo is ready: http:\/\/localhost:(\d+)\/$/)!;
  const urls = urlsOnNetwork(everywhere, Number(bound));
  expect(others).toEqual(urls.map((url) => `On this network: ${url}`));
});
