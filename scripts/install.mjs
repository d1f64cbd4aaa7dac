import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

// This runs before anything is installed: it may import nothing but Node's own modules.

/** Ends the process with one sentence where Node is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`DAgger Dojo needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs what package-lock.json lists, unless that has been done since it last changed. */
export function install() {
  // npm writes this file last, so that a broken installation has none.
  const installed = "node_modules/.package-lock.json";
  const lock = "package-lock.json";
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("Installing what DAgger Dojo needs …");
  const flags = ["--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync("npm", ["ci", ...flags], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32", // where npm is a script
  });
  if (status === 0) return;
  console.error(`Could not install: npm ci ${error ? error.message : `ended with ${status}`}.`);
  process.exit(1);
}
