import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { compile } from "./compile.mjs";
import { codeOf, install, requireNode } from "./install.mjs";

// Kills the server again and again while people teach: `npm run faults -- --kills 100 --seed 1`.
// `--rolls 5` adds restarts without downtime; `--startup` measures how long starts take instead.
// `--processes 2` has several that share their lessons: `--kills 50 --stalls 10 --redis-restarts 5 --postgres-kills 5`.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
buildServer();
// The bundle is written inside the project, where it finds the client library, which is not bundled.
const bundle = resolve("dist/faults/faults.js");
mkdirSync(dirname(bundle), { recursive: true });
const isOne = !process.argv.some((arg) => arg.startsWith("--processes"));
writeFileSync(bundle, await compile(`test/faults/${isOne ? "index" : "several"}.ts`));
const { run } = await import(pathToFileURL(bundle).href);
try {
  process.exit((await run(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  if (!(error instanceof Error && codeOf(error).startsWith("ERR_PARSE_ARGS"))) throw error;
  console.error(error.message);
  process.exit(2);
}
