import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { onPath } from "./onPath.mjs";

/**
 * The path of a Chromium for the tests: `CHROMIUM`, or an installed one, or else one that is installed
 * now, from Debian where that is possible and from the npm registry elsewhere.
 */
export async function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const found = installed();
  if (found) return found;
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    console.log("No Chromium here: installing Debian's …");
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
    const path = installed();
    if (path) return path;
  }
  return fromRegistry();
}

function installed() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
  return names.map(onPath).find((path) => path);
}

/** A Chromium that comes inside an npm package, kept out of the project's own dependencies. */
async function fromRegistry() {
  const name = "@sparticuz/chromium";
  const folder = ".cache";
  const home = resolve(folder, "node_modules", name);
  if (!existsSync(home)) {
    console.log("No Chromium here: installing one from the npm registry …");
    const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", ["install", ...flags, "--prefix", folder, `${name}@153`]);
  }
  const path = createRequire(`${home}/`).resolve(name);
  const { default: packed } = await import(pathToFileURL(path).href);
  return packed.executablePath();
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync(command, args, { env, stdio: ["ignore", "ignore", "inherit"] });
}
