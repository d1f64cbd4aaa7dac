import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { compile } from "./compile.mjs";
import { codeOf, install, requireNode } from "./install.mjs";

/**
 * Builds the server, bundles a program that tries it and runs that with the arguments of the command. Exits with 0
 * where the program says that all is well, else with 1, and with 2 for wrong arguments.
 * @param {string} name of its folder in `dist`
 * @param {string} entry a TypeScript module with `run(args)`, which says whether all is well
 * @param {import("vite").InlineConfig} [config] further options of Vite
 */
export async function runProgram(name, entry, config) {
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  install();
  buildServer();
  // Written inside the project, where it finds the libraries that are not bundled.
  const program = resolve(`dist/${name}/${name}.js`);
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, await compile(entry, config));
  const { run } = await import(pathToFileURL(program).href);
  try {
    process.exit((await run(process.argv.slice(2))) ? 0 : 1);
  } catch (error) {
    if (!(error instanceof Error && codeOf(error).startsWith("ERR_PARSE_ARGS"))) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
