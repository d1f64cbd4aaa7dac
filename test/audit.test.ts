import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Runs the audit against a stand-in registry with this answer, and an empty cache of npm. */
async function auditAt(answer: RequestListener): Promise<{ code: number; stdout: string }> {
  const registry = createServer(answer);
  await new Promise<void>((listening) => registry.listen(0, listening));
  const { port } = registry.address() as AddressInfo;
  const env = {
    ...process.env,
    npm_config_registry: `http://localhost:${port}/`,
    npm_config_cache: mkdtempSync(join(tmpdir(), "dojo-npm-")),
  };
  return new Promise((done) => {
    execFile(process.execPath, ["scripts/audit.mjs"], { env }, (error, stdout) => {
      registry.close();
      done({ code: error ? Number(error.code) : 0, stdout });
    });
  });
}

/** Answers with a vulnerability in every version of Comlink, and with one version. */
function knowing(severity: string): RequestListener {
  const hole = { id: 1, url: "https://advisory.example/1", title: "A hole", severity };
  const advisories = { comlink: [{ ...hole, vulnerable_versions: "*" }] };
  const { version } = JSON.parse(readFileSync("node_modules/comlink/package.json", "utf8"));
  const versions = { [version]: { name: "comlink", version } };
  const known = { name: "comlink", "dist-tags": { latest: version }, versions };
  return ({ method }, response) =>
    response.end(JSON.stringify(method === "POST" ? advisories : known));
}

test.each([
  ["a critical hole", knowing("critical"), 1, "comlink has a known hole (critical).\n"],
  ["a high one", knowing("high"), 1, "comlink has a known hole (high).\n"],
  ["one that is not grave", knowing("low"), 0, /^No grave holes are known .+\.\n$/],
  [
    "no such thing as an audit",
    ((_, response) => response.writeHead(405).end()) as RequestListener,
    0,
    /^Known holes were not looked for: .+\.\n$/,
  ],
] as const)("%s", async (_, answer, code, words) => {
  const audit = await auditAt(answer);
  if (typeof words === "string") expect(audit.stdout).toContain(words);
  else expect(audit.stdout).toMatch(words);
  expect(audit.code).toBe(code);
});
