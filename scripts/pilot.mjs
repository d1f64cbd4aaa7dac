import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { bundle } from "./bundle.mjs";
import { compile } from "./compile.mjs";
import { codeOf, install, requireNode } from "./install.mjs";

// Simulated participants go through a study: `npm run pilot -- --participants 200`.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
buildServer();
// The bundle is written inside the project, where it finds the libraries that are not bundled.
const program = resolve("dist/pilot/pilot.js");
mkdirSync(dirname(program), { recursive: true });
writeFileSync(program, await compile("test/studies/index.ts", { resolve: bundle.resolve }));
const { run } = await import(pathToFileURL(program).href);
try {
  process.exit((await run(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  if (!(error instanceof Error && codeOf(error).startsWith("ERR_PARSE_ARGS"))) throw error;
  console.error(error.message);
  process.exit(2);
}
