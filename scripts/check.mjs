import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { install, requireNode } from "./install.mjs";

/** Checks types, and lint and format. Returns the number of these two that fail. */
export function check() {
  const tools = [
    ["node_modules/typescript/bin/tsc", "--noEmit"],
    ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
  ];
  return tools.filter((tool) => {
    const { status } = spawnSync(process.execPath, tool, {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return status !== 0;
  }).length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  install();
  process.exitCode = check() === 0 ? 0 : 1;
}
