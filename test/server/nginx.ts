import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { nginx } from "../../scripts/nginx.mjs";
import type { NameServer } from "./nameServer.ts";
import { freePort } from "./ports.ts";
import type { ServerAddress } from "./server.ts";

/** Texts in a file of deploy/, each there once, and what is to be there instead. */
type Changes = readonly (readonly [from: string, to: string])[];

export interface RunningNginx extends ServerAddress {
  stop(): Promise<void>;
}

/**
 * Starts a real nginx with deploy/nginx.conf in front of a server. Null where there is none, and a
 * message says so.
 * @param folder where it keeps its files
 */
export function startNginx(
  server: ServerAddress,
  folder: string,
  changes: Changes = [],
): Promise<RunningNginx | null> {
  const to = `server 127.0.0.1:${new URL(server.address).port};`;
  return startNginxWith("deploy/nginx.conf", folder, [["server 127.0.0.1:2567;", to], ...changes]);
}

/**
 * The same with deploy/nginx-several.conf, in front of the servers that a name server knows as dojo, dojo-1 and so on.
 * @param port of all servers
 */
export function startNginxForSeveral(
  names: NameServer,
  port: number,
  folder: string,
): Promise<RunningNginx | null> {
  return startNginxWith(
    "deploy/nginx-several.conf",
    folder,
    [["resolver 127.0.0.11 ", `resolver 127.0.0.1:${names.port} `]],
    [[":2567", `:${port}`]],
  );
}

async function startNginxWith(
  file: string,
  folder: string,
  changes: Changes,
  everywhere: Changes = [],
): Promise<RunningNginx | null> {
  const program = nginx();
  if (!program) {
    console.log("Left out: there is no nginx here, and none was to be had from Debian.");
    return null;
  }
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), configuration(file, port, changes, everywhere));
  const args = ["-p", folder, "-c", "nginx.conf", "-e", "stderr"];
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr!.on("data", (chunk) => {
    said += chunk;
  });
  process.once("exit", () => child.kill());
  await vi.waitFor(async () => expect(await answers("127.0.0.1", port), said).toBe(true), 30_000);
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  return { address: `http://localhost:${port}`, stop };
}

/** A complete configuration around a file, with this port. */
function configuration(file: string, port: number, changes: Changes, everywhere: Changes): string {
  let given = readFileSync(file, "utf8");
  for (const [from, to] of everywhere) {
    expect(given, from).toContain(from);
    given = given.replaceAll(from, to);
  }
  const replacements: Changes = [
    ["listen 80;", `listen 127.0.0.1:${port};`],
    ["server_name dojo.example;", "server_name dojo.example localhost;"],
    ["/var/log/nginx/", ""],
    ...changes,
  ];
  for (const [from, to] of replacements) {
    expect(given.split(from), from).toHaveLength(2);
    given = given.replace(from, to);
  }
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off; pid nginx.pid; worker_processes 1;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    events {}
    http { ${temporary.map((name) => `${name}_temp_path ${name};`).join(" ")}
    ${given} }`;
}

/** Whether a connection to this address succeeds. */
export function answers(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  return new Promise<boolean>((done) => {
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  }).finally(() => socket.destroy());
}
