import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createLesson,
  end,
  join as enter,
  eventsOf,
  RunningServer,
  temporaryFolder,
} from "./server.ts";

/** Starts scripts/start.mjs of a folder. */
function launchStart(env: Record<string, string>, cwd = ".", through: string[] = []): ChildProcess {
  const [command, ...args] = [...through, process.execPath, resolve(cwd, "scripts/start.mjs")];
  const child = spawn(command!, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Id of the only child of a process. */
function childOf(pid: number): number {
  const [child, ...more] =
    readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").match(/\d+/g) ?? [];
  // 0 would be this test's own process group.
  if (child === undefined || more.length > 0) throw new Error(`${pid} has not one child`);
  return Number(child);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The real server under the real `npm start`. */
async function started(through: string[] = []) {
  const server = new RunningServer(temporaryFolder());
  let child: ChildProcess;
  await server.start("0", (env) => {
    child = launchStart(env, ".", through);
    return child;
  });
  return { server, child: child! };
}

describe("npm start", () => {
  test("restarts a killed server on the same port with all lessons", async () => {
    const { server, child } = await started();
    const lesson = await createLesson(server, "road");
    const first = childOf(child.pid!);
    process.kill(first, "SIGKILL");
    await expect.poll(() => answers(server.address)).toBe(true);
    expect(childOf(child.pid!)).not.toBe(first);
    expect(await eventsOf(await enter(server, lesson))).toHaveLength(1);
    expect(server.stderr).toBe("The server has ended (SIGKILL) and is started again in 1 s.\n");
    expect(await server.stop()).toBe(0);
    const line = `DAgger Dojo is ready: ${server.address}/\n`;
    expect(server.stdout).toBe(line + line);
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "passes %s on and exits with the server",
    async (signal) => {
      const { server, child } = await started();
      const pid = childOf(child.pid!);
      child.kill(signal);
      const [code] = await once(child, "close");
      expect(code).toBe(0);
      expect(runs(pid)).toBe(false);
      expect(server.stderr).toBe("");
    },
  );

  test("leaves no server behind when it is killed", async () => {
    const { child } = await started();
    const pid = childOf(child.pid!);
    child.kill("SIGKILL");
    await expect.poll(() => runs(pid)).toBe(false);
  });

  test("exits when the shell around it is gone", async () => {
    const { child } = await started(["sh", "-c", '"$0" "$@"; exit $?']);
    const start = childOf(child.pid!);
    const pid = childOf(start);
    child.kill("SIGKILL");
    await expect.poll(() => runs(start) || runs(pid)).toBe(false);
  });

  test("exits with the server's sentence and code when it cannot start", async () => {
    const busy = createServer().listen(0);
    await once(busy, "listening");
    const PORT = `${(busy.address() as { port: number }).port}`;
    for (const [env, sentence] of [
      [{ PORT }, `Port ${PORT} is in use; choose another with PORT.\n`],
      [{ HOST: "here" }, 'HOST is "here", which is neither an IP address nor localhost.\n'],
    ] as const)
      expect(await end(launchStart({ DATA_DIR: temporaryFolder(), ...env }))).toEqual({
        code: 1,
        stdout: "",
        stderr: sentence,
      });
    busy.close();
  });
});

/** Whether this address serves the page. */
function answers(address: string): Promise<boolean> {
  return fetch(`${address}/api/live`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** A clone with the real scripts, and stand-ins that log when they begin and end. */
function clone() {
  const folder = temporaryFolder();
  const diary = join(folder, "diary");
  writeFileSync(diary, "");
  cpSync("scripts", join(folder, "scripts"), { recursive: true });
  cpSync("package-lock.json", join(folder, "package-lock.json"));
  for (const name of ["client", "server", "shared", "bin"]) mkdirSync(join(folder, name));
  for (const name of ["vite.config.ts", "tsconfig.json"]) writeFileSync(join(folder, name), "");
  const write = `const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
    const tell = (what) => appendFileSync(${JSON.stringify(diary)}, what + " " + Date.now() + "\\n");
    const put = (path, text) => { mkdirSync(path.replace(/[^/]+$/, ""), { recursive: true }); writeFileSync(path, text); };
    const work = (name, ms, then) => { tell(name); setTimeout(() => { then(); tell(name + " over"); }, ms); };`;
  const server = `${write}
    tell("server");
    process.send({ port: 1 });
    process.on("SIGTERM", () => process.exit(0));
    const ms = Number(process.env.FALLS_AFTER);
    setTimeout(() => process.exit(ms ? 3 : 0), ms || 500);`;
  const vite = `${write}
    if (process.argv.includes("--ssr"))
      work("build", 300, () => {
        for (const name of ["index", "worker"]) put("dist/server/" + name + ".js", ${JSON.stringify(server)});
        put("dist/server/package.json", "{}");
      });
    else work("build", 300, () => put("dist/client/index.html", ""));`;
  const npm = `#!${process.execPath}
    ${write}
    work("install", 600, () => {
      put("node_modules/vite/package.json", "{}");
      put("node_modules/vite/bin/vite.js", ${JSON.stringify(vite)});
      put("node_modules/.package-lock.json", "{}");
    });`;
  writeFileSync(join(folder, "bin/npm"), npm, { mode: 0o755 });
  const env = { PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}` };
  return {
    folder,
    start: (more: Record<string, string> = {}) => launchStart({ ...env, ...more }, folder),
    lines: () => readFileSync(diary, "utf8").trim().split("\n"),
  };
}

const what = (line: string) => line.replace(/ \d+$/, "");
const when = (line: string) => Number(line.match(/\d+$/)![0]);

describe("npm start in a fresh clone", () => {
  test("installs and builds once when started several times at once", async () => {
    const { start, lines } = clone();
    const ended = await Promise.all([start(), start(), start()].map(end));
    for (const { code, stderr } of ended) expect([code, stderr]).toEqual([0, ""]);
    expect(lines().map(what)).toEqual([
      "install",
      "install over",
      ...["build", "build over", "build", "build over"],
      ...["server", "server", "server"],
    ]);
    const waited = ended.filter(({ stdout }) =>
      /^Process \d+ installs or builds here; /m.test(stdout),
    );
    expect(waited).toHaveLength(2);
  });

  test.each([
    ["has ended", () => 2 ** 22 + 1, 0],
    ["took it so long ago that its number is another's", () => process.pid, 3_600_000],
  ])("takes over the lock of a process that %s", async (_, pid, age) => {
    const { folder, start, lines } = clone();
    mkdirSync(join(folder, ".cache/lock"), { recursive: true });
    const file = join(folder, ".cache/lock/pid");
    writeFileSync(file, `${pid()}`);
    utimesSync(file, (Date.now() - age) / 1000, (Date.now() - age) / 1000);
    const ended = await Promise.all([start(), start()].map(end));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(lines().filter((line) => what(line) === "install")).toHaveLength(1);
  });

  test("restarts a crashing server after growing pauses", async () => {
    const { start, lines } = clone();
    const child = start({ FALLS_AFTER: "1" });
    let said = "";
    child.stderr!.on("data", (chunk) => {
      said += chunk;
    });
    const servers = () => lines().filter((line) => what(line) === "server");
    await expect.poll(() => servers().length).toBe(3);
    const [one, two, three] = servers().map(when);
    expect(two! - one!).toBeGreaterThan(900);
    expect(three! - two!).toBeGreaterThan(1900);
    await expect.poll(() => said).toMatch(/in 4 s/);
    expect(said.match(/\(code 3\)/g)).toHaveLength(3);
    // It stops during the pause too.
    child.kill("SIGTERM");
    const [code] = await once(child, "close");
    expect(code).toBe(0);
    expect(servers()).toHaveLength(3);
  });
});
