import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { alone, install, requireNode } from "./install.mjs";

const sources = [
  "client",
  "server",
  "shared",
  "vite.config.ts",
  "scripts/bundle.mjs",
  "tsconfig.json",
  "package-lock.json",
];
/** Written after all else that is built. */
const last = "dist/built";
const products = ["dist/client/index.html", "dist/server/index.js", "dist/server/worker.js", last];

/** Builds the page and the server, unless that has been done since the sources last changed. */
export default function build() {
  if (isBuilt()) return;
  alone(() => {
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

/** Installs and builds what it takes to run the server, as far as that has not been done. */
export function prepare() {
  install({ tools: !isBuilt() });
  build();
}

function isBuilt() {
  const built = products.map((path) => (existsSync(path) ? statSync(path).mtimeMs : 0));
  // Where it only runs there may be none.
  return Math.min(...built) >= Math.max(...sources.filter((path) => existsSync(path)).map(changed));
}

/**
 * When a file, or anything below a folder, last changed. A folder itself changes when files come and go.
 * @param {string} path
 * @returns {number} ms since 1970
 */
export function changed(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  install();
  build();
}
