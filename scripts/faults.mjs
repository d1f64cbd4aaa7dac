import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { compile } from "./compile.mjs";
import { codeOf, install, requireNode } from "./install.mjs";

// Kills the server again and again while people teach: `npm run faults -- --kills 100 --seed 1`.
// `--rolls 5` adds restarts without downtime; `--startup` measures how long starts take instead.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
buildServer();
// The bundle is written inside the project, where it finds the client library, which is not bundled.
const bundle = resolve("dist/faults/faults.js");
mkdirSync(dirname(bundle), { recursive: true });
writeFileSync(bundle, await compile("test/faults/index.ts"));
const { run } = await import(pathToFileURL(bundle).href);
try {
  process.exit((await run(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  if (!(error instanceof Error && codeOf(error).startsWith("ERR_PARSE_ARGS"))) throw error;
  console.error(error.message);
  process.exit(2);
}
