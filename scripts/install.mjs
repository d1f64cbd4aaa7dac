import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";

// This runs before packages are installed, so it may import only Node's own modules.

/** Ends the process with a sentence if Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`DAgger Dojo needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/**
 * Installs the packages in package-lock.json, unless they are up to date.
 * @param tools whether build and test tools are needed too
 */
export function install({ tools = true } = {}) {
  if (isInstalled(tools)) return;
  withLock(() => {
    if (isInstalled(tools)) return;
    console.log("Installing what DAgger Dojo needs …");
    const flags = ["--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const { status, error } = spawnSync("npm", ["ci", ...flags], {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32", // where npm is a script
    });
    if (status === 0) return;
    console.error(`Could not install: npm ci ${error ? error.message : `ended with ${status}`}.`);
    process.exit(1);
  });
}

/** @param {boolean} tools whether build and test tools are needed too */
function isInstalled(tools) {
  // npm writes this file last, so an incomplete installation has none.
  const installed = "node_modules/.package-lock.json";
  if (tools && !existsSync("node_modules/vite")) return false;
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs
  );
}

/** A folder that exists while a process installs or builds; a file in it has the process's id. */
const lock = ".cache/lock";
/** A lock older than this is of a process that has ended, and whose id another one may have now, ms. */
const longest = 600_000;

const mine = `${lock}-${process.pid}`;

/**
 * Does `work` while no other process installs or builds here. Prints a line if it has to wait.
 * @param {() => void} work
 */
export function withLock(work) {
  mkdirSync(".cache", { recursive: true });
  for (let told = false; !takeLock(); ) {
    const holder = holderOf();
    if (holder === null) continue;
    if (!isRunning(holder)) {
      removeStaleLock(holder);
      continue;
    }
    if (!told) console.log(`Process ${holder.pid} installs or builds here; waiting for it …`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  // Renamed first: others could take a folder that is half removed.
  const release = () => renamed(lock, mine) && rmSync(mine, { recursive: true });
  process.once("exit", release);
  work();
  process.off("exit", release);
  release();
}

/** Takes the lock, with this process's id in it; false where another process has it. */
function takeLock() {
  mkdirSync(mine, { recursive: true });
  writeFileSync(`${mine}/pid`, `${process.pid}`);
  if (renamed(mine, lock)) return true;
  rmSync(mine, { recursive: true });
  return false;
}

/** @typedef {{ pid: number, since: number }} Holder Id of the process that has the lock, and since when, ms since 1970. */

/**
 * The process that has the lock; null where none has.
 * @returns {Holder | null}
 */
function holderOf() {
  try {
    const file = `${lock}/pid`;
    return { pid: Number(readFileSync(file, "utf8")), since: statSync(file).mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** @param {Holder} holder */
function isRunning({ pid, since }) {
  if (Date.now() - since > longest) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM"; // it runs, as another user's
  }
}

/**
 * Moves away the lock of a process that has ended, unless another process does so first.
 * @param {Holder} holder
 */
function removeStaleLock({ pid, since }) {
  renamed(lock, `${lock}-left-${pid}-${Math.round(since)}`);
}

/**
 * Renames a folder; false where it does not exist, or the new name is taken.
 * @param {string} from
 * @param {string} to
 */
function renamed(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTEMPTY", "EEXIST", "EPERM"].includes(codeOf(error))) return false;
    throw error;
  }
}

/**
 * Node's code of an error, as in "ENOENT"; empty where it has none.
 * @param {unknown} error
 */
export function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
