import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Serves the built pages, or another folder, as files, and knows nothing of lessons. */
export async function servePages(
  folder = "dist/client",
): Promise<{ address: string; close: () => void }> {
  const server = createServer(async ({ url = "" }, response) => {
    try {
      const file = await readFile(join(folder, new URL(url, "http://localhost").pathname));
      response
        .setHeader("content-type", types[extname(url)] ?? "application/octet-stream")
        .end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, listening));
  const { port } = server.address() as AddressInfo;
  return { address: `http://localhost:${port}`, close: () => server.close() };
}
