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

// This runs before anything is installed: it may import nothing but Node's own modules.

/** Ends the process with one sentence where Node is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`DAgger Dojo needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/**
 * Installs what package-lock.json lists, unless that has been done since it last changed.
 * @param tools whether what is there has to be enough to build and test as well, and not just to run
 */
export function install({ tools = true } = {}) {
  if (isInstalled(tools)) return;
  alone(() => {
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

/** @param {boolean} tools whether what builds and tests has to be there too */
function isInstalled(tools) {
  // npm writes this file last, so that a broken installation has none.
  const installed = "node_modules/.package-lock.json";
  if (tools && !existsSync("node_modules/vite")) return false;
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs
  );
}

/** A folder that is there while someone installs or builds; the file in it says who. */
const lock = ".cache/lock";
/** After this long even a process that runs is not the one that took the lock, but has got its number, ms. */
const longest = 600_000;

const mine = `${lock}-${process.pid}`;

/**
 * Does this while nobody else installs or builds here, and says so where it has to wait for that.
 * @param {() => void} work
 */
export function alone(work) {
  mkdirSync(".cache", { recursive: true });
  for (let told = false; !take(); ) {
    const holder = holderOf();
    if (holder === null) continue;
    if (!isAtWork(holder)) {
      leaveBehind(holder);
      continue;
    }
    if (!told) console.log(`Process ${holder.pid} installs or builds here; waiting for it …`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  // Away first, since a folder that is half removed is one that others can take.
  const release = () => renamed(lock, mine) && rmSync(mine, { recursive: true });
  process.once("exit", release);
  work();
  process.off("exit", release);
  release();
}

/** Takes the lock, with the number of this process already in it; false where someone has it. */
function take() {
  mkdirSync(mine, { recursive: true });
  writeFileSync(`${mine}/pid`, `${process.pid}`);
  if (renamed(mine, lock)) return true;
  rmSync(mine, { recursive: true });
  return false;
}

/** @typedef {{ pid: number, since: number }} Holder The process that has the lock, and since when, ms since 1970. */

/**
 * Who has the lock; null where nobody has.
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
function isAtWork({ pid, since }) {
  if (Date.now() - since > longest) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM"; // it runs, and is someone else's
  }
}

/**
 * Takes the lock from a process that has ended, unless someone else has done that: they have left it there.
 * @param {Holder} holder
 */
function leaveBehind({ pid, since }) {
  renamed(lock, `${lock}-left-${pid}-${Math.round(since)}`);
}

/**
 * Renames a folder; false where it is not there, or another is there by that name, which no folder replaces.
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
 * What Node calls an error, as in "ENOENT"; empty for errors of other kinds.
 * @param {unknown} error
 */
export function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
