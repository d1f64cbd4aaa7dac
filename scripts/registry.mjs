import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { withLock } from "./install.mjs";

/**
 * The folder of a package from the npm registry that tests may use and the project does not depend on. It is
 * installed by {@link fromRegistry}, each package and version in a place of its own, since npm removes from a place
 * whatever it was not asked for.
 * @param {string} name
 * @param {string} version
 * @returns {string | null} null where it is not installed
 */
export function installed(name, version) {
  const modules = join(placeOf(name, version), "node_modules");
  // npm writes this file last, so an incomplete installation has none.
  return existsSync(join(modules, ".package-lock.json")) ? join(modules, name) : null;
}

/**
 * Installs a package, unless it is here already.
 * @param {string} name
 * @param {string} version
 * @returns {string | null} its folder, see {@link installed}; null where it cannot be installed
 */
export function fromRegistry(name, version) {
  const found = installed(name, version);
  if (found) return found;
  withLock(() => {
    if (installed(name, version)) return;
    console.log(`Installing ${name} from the npm registry …`);
    const place = placeOf(name, version);
    mkdirSync(place, { recursive: true });
    const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", place];
    spawnSync("npm", ["install", ...flags, `${name}@${version}`], {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32", // where npm is a script
    });
  });
  return installed(name, version);
}

/**
 * @param {string} name
 * @param {string} version
 */
function placeOf(name, version) {
  return resolve(".cache/npm", `${name}@${version}`);
}
