import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { compile } from "./compile.mjs";
import { codeOf, install, requireNode } from "./install.mjs";

// People teach while the server is killed over and over: `npm run faults -- --kills 100 --seed 1`.
// `--rolls 5` are restarts without a pause after that; `--startup` measures starts instead.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
buildServer();
// The client library stays outside of the bundle, so this has to lie where it can be found.
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
