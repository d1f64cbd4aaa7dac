import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createLesson, startServer, temporaryFolder } from "./server.ts";

const dockerfile = readFileSync("deploy/Dockerfile", "utf8");
/** The stages of the image, each with the files that it copies, from the project's folder unless it says otherwise. */
const stages = dockerfile.split(/^FROM /m).slice(1);
const copies = (stage: string) =>
  [...stage.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].flatMap(([, from]) => from!.split(" "));

function git(...args: string[]): string[] {
  return spawnSync("git", args, { encoding: "utf8" }).stdout.trim().split("\n");
}

test("the build imports only packages that are installed to run it", () => {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const imported = readdirSync("dist/server")
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => [
      ...readFileSync(join("dist/server", name), "utf8")
        .replaceAll(/^\s*\*.*$/gm, "") // packages' comments have examples
        .matchAll(
          /(?:^(?:import|export)\b[^"';]*|import\(|require(?:\$\d+)?\()["'`]((?:@[\w-]+\/)?[a-z][\w.:-]*)(?:\/[^"'`]*)?["'`]/gm,
        ),
    ])
    .map(([, name]) => name!);
  expect(imported).toEqual(expect.arrayContaining(["piscina", "libsql"]));
  // Without this one, which a package asks for in a try block, its lines have no colours.
  const others = imported.filter((name) => !isBuiltin(name) && name !== "supports-color");
  expect([...new Set(others)].filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
});

test("every file that the image copies exists and is in the build context", () => {
  const given = readFileSync(".dockerignore", "utf8").trim().split("\n");
  expect(given[0]).toBe("*");
  const copied = stages.flatMap(copies);
  expect(copied.length).toBeGreaterThan(10);
  // Without a git history, all files there count.
  const tracked = existsSync(".git") ? git("ls-files", ...copied) : null;
  for (const path of copied) {
    expect(existsSync(path), path).toBe(true);
    const isPath = (file: string) => `${file}/`.startsWith(`${path}/`);
    if (tracked) expect(tracked.some(isPath), `${path} in git`).toBe(true);
    expect(given, path).toContain(`!${path}`);
  }
  expect(given.slice(1).filter((line) => !copied.includes(line.slice(1)))).toEqual([]);
});

test("the image runs as an unprivileged user, without build and test tools", () => {
  const last = stages.at(-1)!;
  expect(last).toMatch(/^USER node$/m);
  const from = [...dockerfile.matchAll(/^COPY --from=(\w+) \S*node_modules/gm)].map(
    ([, name]) => name,
  );
  expect(from).toEqual(["modules"]);
  expect(stages.find((stage) => stage.includes(" AS modules"))).toContain("npm ci --omit=dev");
  // The health checks of compose.yaml and of the image.
  const compose = readFileSync("deploy/compose.yaml", "utf8");
  const probes = `${last}${compose}`.match(/"node", "scripts\/probe\.mjs", "\/api\/\w+"/g);
  expect(probes?.map((probe) => probe.match(/\/api\/\w+/)![0])).toEqual([
    "/api/live",
    "/api/ready",
  ]);
});

test("compose.yaml gives the server no more rights than it needs", () => {
  const { services, volumes } = parse(readFileSync("deploy/compose.yaml", "utf8"));
  const { build, ports, environment, volumes: mounted, healthcheck, ...rest } = services.dojo;
  expect(resolve("deploy", build.context)).toBe(resolve("."));
  expect(existsSync(join("deploy", build.context, build.dockerfile))).toBe(true);
  // Only a proxy on this machine reaches it.
  expect(ports).toEqual(["127.0.0.1:2567:2567"]);
  expect(environment).toEqual({ TRUST_PROXY: "1", ALLOWED_HOSTS: "dojo.example" });
  expect(mounted).toEqual(["lessons:/data"]);
  expect(volumes).toEqual({ lessons: null });
  expect(healthcheck.test).toEqual(["CMD", "node", "scripts/probe.mjs", "/api/ready"]);
  expect(rest).toEqual({
    restart: "unless-stopped",
    read_only: true,
    tmpfs: ["/tmp"],
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    mem_limit: "1g",
  });
});

test("compose-several.yaml starts what the tests start, and what belongs together has the same names", () => {
  const text = readFileSync("deploy/compose-several.yaml", "utf8");
  const { services, volumes } = parse(text, { merge: true });
  const names = Object.keys(services);
  const kinds = ["dojo-1", "dojo-2", "trainer-1", "trainer-2", "postgres", "redis", "nginx"];
  expect(names).toEqual(kinds);
  const settings = readFileSync("server/settings.ts", "utf8");
  const conf = readFileSync("deploy/nginx-several.conf", "utf8");
  for (const [name, service] of Object.entries<Record<string, unknown>>(services)) {
    const {
      command,
      environment,
      build,
      depends_on: first,
    } = service as {
      command?: string[];
      environment?: Record<string, string>;
      build?: object;
      depends_on?: string[] | Record<string, { condition: string }>;
    };
    for (const other of Object.keys(Array.isArray(first) ? {} : (first ?? {})))
      expect(services[other].healthcheck, `${name} waits for ${other}`).toBeTruthy();
    if (!build) continue;
    // The program is built, and the settings are read.
    expect(command![0]).toBe("node");
    expect(existsSync(command![1]!), command![1]).toBe(true);
    for (const variable of Object.keys(environment!))
      expect(settings, variable).toMatch(
        new RegExp(`"${variable}"|env\\.${variable}\\b|\\b${variable}: `),
      );
    expect(environment!.DATABASE_URL).toContain("@postgres/");
    expect(environment!.REDIS_URL).toContain("@redis:6379");
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      restart: "unless-stopped",
    });
  }
  const commands = ["dojo-1", "trainer-1"].map((name) => services[name].command[1]);
  expect(commands).toEqual(["dist/server/index.js", "dist/server/trainer.js"]);
  for (const n of [1, 2]) {
    expect(services[`dojo-${n}`].environment.PUBLIC_ADDRESS).toBe(`/at/${n}`);
    // nginx asks any of them by this name, and each by its own.
    expect(services[`dojo-${n}`].networks).toEqual({ default: { aliases: ["dojo"] } });
  }
  expect(conf).toContain("set $dojo dojo;");
  expect(conf).toContain("proxy_pass http://dojo-$n:2567;");
  const [mounted] = services.nginx.volumes;
  expect(mounted).toBe("./nginx-several.conf:/etc/nginx/conf.d/default.conf:ro");
  // No password is written down, and none of them may be missing.
  expect(text.match(/PASSWORD(?!:\?\}|: \$|=…)/g)).toBe(null);
  expect(Object.keys(volumes)).toEqual(["lessons"]);
});

test("Compose takes both files as they are, and no password may be missing", () => {
  const compose = [["docker", "compose"], ["docker-compose"]].find(
    ([program, ...args]) => spawnSync(program!, [...args, "version"]).status === 0,
  );
  if (!compose) {
    console.log("NOT TESTED: whether Compose takes the files of deploy/, as it is not installed.");
    return;
  }
  const [program, ...args] = compose;
  const passwords = { POSTGRES_PASSWORD: "first", REDIS_PASSWORD: "second" };
  const complaints = (file: string, env: object) => {
    // Compose 1, which is Debian 12's, knows all but the name.
    const given = readFileSync(join("deploy", file), "utf8");
    const input = program === "docker" ? given : given.replace(/^name: .*$/m, "");
    const where = ["--project-directory", "deploy", "-f", "-", "config"];
    const { stderr, status } = spawnSync(program!, [...args, ...where], {
      env: { ...process.env, ...env },
      encoding: "utf8",
      input,
    });
    return status === 0 ? "" : stderr;
  };
  expect(complaints("compose.yaml", {})).toBe("");
  expect(complaints("compose-several.yaml", passwords)).toBe("");
  for (const missing of ["POSTGRES_PASSWORD", "REDIS_PASSWORD"]) {
    const given = Object.entries(passwords).filter(([name]) => name !== missing);
    expect(complaints("compose-several.yaml", Object.fromEntries(given))).toContain(missing);
  }
});

test("the probe says whether the server answers, whatever its host name", async () => {
  const server = await startServer(temporaryFolder(), { ALLOWED_HOSTS: "dojo.example" });
  const PORT = new URL(server.address).port;
  const probe = (path: string, env = {}) => {
    const options = { env: { ...process.env, PORT, ...env }, encoding: "utf8" } as const;
    const { status, stderr } = spawnSync(process.execPath, ["scripts/probe.mjs", path], options);
    return { status, stderr };
  };
  const well = { status: 0, stderr: "" };
  for (const path of ["/api/live", "/api/ready"])
    await expect.poll(() => probe(path)).toEqual(well);
  for (const HOST of ["0.0.0.0", "::", "::1"]) expect(probe("/api/live", { HOST })).toEqual(well);
  expect(probe("/nothing").status).toBe(1);
  await server.stop();
  expect(probe("/api/live")).toEqual({ status: 1, stderr: expect.stringContaining(PORT) });
});

test("lessons can be backed up with the image's files alone while the server runs", async () => {
  const app = temporaryFolder();
  const here = ["dist", ...copies(stages.at(-1)!)];
  for (const path of here)
    cpSync(path, join(app, path), { recursive: true, preserveTimestamps: true });
  symlinkSync(resolve("node_modules"), join(app, "node_modules"));
  const server = await startServer();
  await createLesson(server, "road");
  const copy = join(server.dataFolder, "copy.db");
  const { stdout, stderr } = spawnSync(process.execPath, ["scripts/backup.mjs", copy], {
    cwd: app,
    env: { ...process.env, DATA_DIR: server.dataFolder },
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  // It has not installed or built anything before.
  expect(stdout).toBe(`All lessons in ${server.dataFolder} are now in ${copy}.\n`);
  expect(existsSync(copy)).toBe(true);
  await server.stop();
});
