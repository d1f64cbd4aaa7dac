import { once } from "node:events";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Router } from "express";
import { describe, expect, test } from "vitest";
import { Door } from "../../server/door/door.ts";
import { type AppDependencies, createApp } from "../../server/http/app.ts";
import { readSettings } from "../../server/settings.ts";
import { server, useServer } from "./running.ts";
import { temporaryFolder } from "./server.ts";

useServer();

const folder = "dist/client";
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.(js|css|html|svg|json)$/.test(name),
);
const asset = files.find((name) => /stage-.*\.js$/.test(name))!;

const decode: Readonly<Record<string, (sent: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (sent) => sent,
};

/** The bytes of a response, not decoded. */
async function ask(
  address: string,
  headers: Record<string, string>,
): Promise<{ response: IncomingMessage; body: Buffer }> {
  const [response] = (await once(get(address, { headers }), "response")) as [IncomingMessage];
  return { response, body: Buffer.concat(await response.toArray()) };
}

test("each file of the page has smaller compressed copies beside it with the same content", () => {
  expect(files.length).toBeGreaterThan(10);
  for (const name of files) {
    const file = readFileSync(join(folder, name));
    const brotli = readFileSync(join(folder, `${name}.br`));
    const gzip = readFileSync(join(folder, `${name}.gz`));
    expect(brotliDecompressSync(brotli).equals(file), name).toBe(true);
    expect(gunzipSync(gzip).equals(file), name).toBe(true);
    // What is shorter than gzip's own frame grows by it, and costs nobody anything.
    if (file.length < 200) continue;
    expect(brotli.length, name).toBeLessThan(gzip.length);
    expect(gzip.length, name).toBeLessThan(file.length);
  }
});

describe("sends a file in the smallest encoding that the client accepts", () => {
  test.each([
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["identity", undefined],
    ["", undefined],
  ])("for Accept-Encoding %j sends %s", async (accepted, encoding) => {
    for (const path of ["", "explorer.html", asset]) {
      const headers: Record<string, string> = accepted ? { "accept-encoding": accepted } : {};
      const { response, body } = await ask(`${server.address}/${path}`, headers);
      expect(response.statusCode).toBe(200);
      expect(response.headers["content-encoding"]).toBe(encoding);
      expect(response.headers.vary).toBe("Accept-Encoding");
      expect(response.headers["content-type"]?.toLowerCase()).toBe(
        path === asset ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8",
      );
      expect(response.headers["cache-control"]).toBe(
        path === asset ? "public, max-age=31536000, immutable" : "no-cache",
      );
      expect(response.headers["content-security-policy"]).toContain("default-src 'self'");
      const file = readFileSync(join(folder, path || "index.html"));
      const plain = decode[encoding ?? "identity"]!(body);
      expect(plain.equals(file)).toBe(true);
      expect(Number(response.headers["content-length"])).toBe(body.length);
      const again = await ask(`${server.address}/${path}`, {
        ...headers,
        "if-none-match": response.headers.etag!,
      });
      expect([again.response.statusCode, again.body.length]).toEqual([304, 0]);
    }
  });
});

describe("sends an error uncompressed", () => {
  const compressed = { "accept-encoding": "br" };

  test("for a range that does not exist", async () => {
    const headers = { ...compressed, range: "bytes=99999999-" };
    const { response, body } = await ask(`${server.address}/${asset}`, headers);
    expect(response.statusCode).toBe(416);
    expect(response.headers["content-type"]).toContain("application/json");
    expect(JSON.parse(`${body}`)).toMatchObject({ code: "malformed" });
  });

  test("for a file that a later build has removed", async () => {
    const pageFolder = temporaryFolder();
    for (const name of ["index.html", "index.html.br"]) writeFileSync(join(pageFolder, name), "x");
    const door = new Door(readSettings({}), () => false);
    const reports = { responded() {} };
    const parts = { door, reports, metricsToken: null, pageFolder };
    const routers = { lessonFiles: Router(), outsideLearners: Router(), studies: Router() };
    const others = { ...routers, classes: { routes: Router() }, reach: { basePath: "" } };
    const http = createServer(createApp({ ...parts, ...others } as unknown as AppDependencies));
    http.listen(0);
    await once(http, "listening");
    const address = `http://localhost:${(http.address() as AddressInfo).port}/`;
    expect((await ask(address, compressed)).response.headers["content-encoding"]).toBe("br");
    renameSync(join(pageFolder, "index.html.br"), join(pageFolder, "old"));
    rmSync(join(pageFolder, "index.html"));
    const { response, body } = await ask(address, compressed);
    expect(response.statusCode).toBe(404);
    expect(response.headers["content-encoding"]).toBeUndefined();
    expect(JSON.parse(`${body}`)).toMatchObject({ code: "malformed" });
    http.close();
  });
});
