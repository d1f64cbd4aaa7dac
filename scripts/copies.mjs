import { join, resolve } from "node:path";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

/** @typedef {typeof import("../server/storage/backup.ts")} Program */

/**
 * Runs `copy(program, folder, file)` with the lessons' folder and the file named on the command line, and
 * prints the sentence that it resolves to. Where it fails, prints a sentence and exits with 1.
 * @param {string} command
 * @param {(program: Program, folder: string, file: string) => Promise<string>} copy
 */
export async function copyLessons(command, copy) {
  const here = process.env.INIT_CWD ?? process.cwd(); // file names are relative to it
  const [file, ...more] = process.argv.slice(2);
  if (!file || file.startsWith("-") || more.length > 0) {
    console.error(`Name one file: npm run ${command} -- FILE`);
    process.exit(2);
  }
  if (process.env.DATABASE_URL) {
    console.error(
      "Lessons are in PostgreSQL (DATABASE_URL), which has its own programs for this: pg_dump -Fc and pg_restore.",
    );
    process.exit(1);
  }
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  prepare();
  const built = "../dist/server/backup.js"; // not built yet when types are checked
  /** @type {Program} */
  const program = await import(built);
  // As for the server, relative to the project's folder.
  const folder = resolve(process.env.DATA_DIR || "data");
  try {
    console.log(await copy(program, folder, resolve(here, file)));
  } catch (error) {
    if (!(error instanceof program.NotCopied)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
