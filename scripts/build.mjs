import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const sources = [
  "client",
  "server",
  "shared",
  "vite.config.ts",
  "tsconfig.json",
  "package-lock.json",
];
const products = ["dist/client/index.html", "dist/server/index.js", "dist/server/worker.js"];

/** Builds the page and the server, unless that has been done since the sources last changed. */
export default function build() {
  const built = products.map((path) => (existsSync(path) ? statSync(path).mtimeMs : 0));
  if (Math.min(...built) >= Math.max(...sources.map(changed))) return;
  console.log("Building …");
  for (const target of [[], ["--ssr"]]) {
    const vite = ["node_modules/vite/bin/vite.js", "build", ...target, "--logLevel", "warn"];
    const { status } = spawnSync(process.execPath, vite, {
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (status !== 0) process.exit(1);
  }
}

/** When a file, or anything below a folder, last changed. A folder itself changes when files come and go. */
export function changed(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}
