import { join, resolve } from "node:path";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

/** @typedef {typeof import("../server/storage/backup.ts")} Program */

/**
 * Does what `copy(program, folder, file)` does with the lessons' folder and the file that is named on
 * the command line, and prints what it resolves to; one sentence and exit code 1 where it can't.
 * @param {string} command
 * @param {(program: Program, folder: string, file: string) => Promise<string>} copy
 */
export async function copyLessons(command, copy) {
  const here = process.env.INIT_CWD ?? process.cwd(); // where files that are named are
  const [file, ...more] = process.argv.slice(2);
  if (!file || file.startsWith("-") || more.length > 0) {
    console.error(`Name one file: npm run ${command} -- FILE`);
    process.exit(2);
  }
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  prepare();
  const built = "../dist/server/backup.js"; // which is not there yet when types are checked
  /** @type {Program} */
  const program = await import(built);
  // As the server finds it: from the project's own folder.
  const folder = resolve(process.env.DATA_DIR || "data");
  try {
    console.log(await copy(program, folder, resolve(here, file)));
  } catch (error) {
    if (!(error instanceof program.NotCopied)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
