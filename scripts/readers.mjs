import { spawnSync } from "node:child_process";
import { fromDebian } from "./debian.mjs";
import { onPath } from "./onPath.mjs";
import { fromRegistry, installed } from "./registry.mjs";

/** DuckDB takes 70 MB, so it is kept out of the project's own dependencies. */
const duckdb = /** @type {const} */ (["@duckdb/node-api", "1.5.6-r.1"]);

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
    duckdb: installed(...duckdb),
  };
}

/** Installs the readers that are missing, where that is possible: Debian's pandas and h5py, DuckDB from the npm registry. */
export function installReaders() {
  if (!readers().python) fromDebian(["python3-pandas", "python3-h5py"]);
  fromRegistry(...duckdb);
}

/** @param {string} python */
function canRead(python) {
  return spawnSync(python, ["-c", "import h5py, pandas"], { stdio: "ignore" }).status === 0;
}
