import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { onPath } from "./onPath.mjs";

/** Chromium without its windows, which take about a quarter of the time that a page takes. */
const shell = "chromium-headless-shell";
const others = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/**
 * The path of a Chromium for the tests: `CHROMIUM`, or Debian's headless one, which is installed where
 * that is possible, or an installed one, or else one from the npm registry.
 */
export async function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const found = onPath(shell);
  if (found) return found;
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    console.log(`Installing Debian's ${shell} …`);
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", shell]);
    const path = onPath(shell);
    if (path) return path;
  }
  return others.map(onPath).find((path) => path) ?? fromRegistry();
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
