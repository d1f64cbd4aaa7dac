import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { onPath } from "./onPath.mjs";

/** DuckDB takes 70 MB, so it is kept out of the project's own dependencies. */
const duckdbVersion = "1.5.6-r.1";
const duckdbHome = resolve(".cache/node_modules/@duckdb/node-api");

/**
 * Programs of others that read what is exported.
 * @typedef {object} Readers
 * @property {string | null} python a Python that has pandas and h5py
 * @property {string | null} duckdb the folder of DuckDB's package
 */

/**
 * The readers that are here.
 * @returns {Readers}
 */
export function readers() {
  const pythons = ["/usr/bin/python3", onPath("python3")];
  return {
    python: pythons.find((path) => path && canRead(path)) ?? null,
    duckdb: existsSync(duckdbHome) ? duckdbHome : null,
  };
}

/** Installs the readers that are missing, where that is possible: Debian's pandas and h5py, DuckDB from the npm registry. */
export function installReaders() {
  const { python, duckdb } = readers();
  if (!python && process.getuid?.() === 0 && onPath("apt-get")) {
    console.log("Installing Debian's python3-pandas and python3-h5py …");
    const packages = ["python3-pandas", "python3-h5py"];
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages]);
  }
  if (!duckdb) {
    console.log("Installing DuckDB from the npm registry …");
    const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    const name = `@duckdb/node-api@${duckdbVersion}`;
    run("npm", ["install", ...flags, "--prefix", ".cache", name]);
  }
}

/** @param {string} python */
function canRead(python) {
  return spawnSync(python, ["-c", "import h5py, pandas"], { stdio: "ignore" }).status === 0;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync(command, args, { env, stdio: ["ignore", "ignore", "inherit"] });
}
