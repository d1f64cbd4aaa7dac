import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { install, requireNode, withLock } from "./install.mjs";

const sources = [
  "client",
  "server",
  "shared",
  "vite.config.ts",
  "scripts/bundle.mjs",
  "tsconfig.json",
  "package-lock.json",
];
/** Written last: the build is complete when it is there. */
const last = "dist/built";
const products = ["dist/client/index.html", "dist/server/index.js", "dist/server/worker.js", last];

/** Builds the page and the server, unless the build is newer than the sources. */
export default function build() {
  if (isBuilt()) return;
  withLock(() => {
    if (isBuilt()) return;
    console.log("Building …");
    for (const target of [[], ["--ssr"]]) {
      const vite = ["node_modules/vite/bin/vite.js", "build", ...target, "--logLevel", "warn"];
      const { status } = spawnSync(process.execPath, vite, {
        stdio: ["ignore", "inherit", "inherit"],
      });
      if (status !== 0) process.exit(1);
    }
    writeFileSync(last, "");
  });
}

/** Installs and builds what the server needs to run, where it is not up to date. */
export function prepare() {
  install({ tools: !isBuilt() });
  build();
}

function isBuilt() {
  const built = products.map((path) => (existsSync(path) ? statSync(path).mtimeMs : 0));
  // An installation that only runs the server may have no sources.
  return Math.min(...built) >= Math.max(...sources.filter((path) => existsSync(path)).map(changed));
}

/**
 * When a file, or anything in a folder, last changed. Files that come and go change their folder.
 * @param {string} path
 * @returns {number} ms since 1970
 */
export function changed(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  install();
  build();
}
