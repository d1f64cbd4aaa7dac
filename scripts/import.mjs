import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./build.mjs";
import { codeOf, requireNode } from "./install.mjs";

/** @typedef {typeof import("../server/import/index.ts")} Program */

// A lesson from a file, while the server runs or not: `npm run import -- FILE [--world WORLD]`, or with a network
// that was trained elsewhere: `npm run import -- --policy FILE`.
const here = process.env.INIT_CWD ?? process.cwd(); // the file's name is relative to it
process.chdir(join(import.meta.dirname, ".."));
requireNode();
const { file, world, isPolicy } = orderOf(process.argv.slice(2));
prepare();
const built = "../dist/server/import.js"; // not built yet when types are checked
/** @type {Program} */
const { importLesson, importNetwork, longestFile, NotImported, placeIn, BadSetting } = await import(
  built
);
try {
  const content = read(resolve(here, file));
  const place = placeIn(process.env);
  const { id, secret } = await (isPolicy
    ? importNetwork(content, place)
    : importLesson(content, place, world));
  console.log(`It is lesson ${id} now. To teach in it, open /?lesson=${id}#teach=${secret}`);
} catch (error) {
  if (error instanceof BadSetting) {
    console.error(error.message);
    process.exit(1);
  }
  if (!(error instanceof NotImported)) throw error;
  for (const sentence of error.complaints) console.error(`${file}: ${sentence}`);
  process.exit(error.isBadFile ? 2 : 1);
}

/** @param {string} path */
function read(path) {
  try {
    const about = statSync(path);
    if (!about.isFile()) throw new NotImported(["It is no file."], true);
    if (about.size > longestFile)
      throw new NotImported(["It is longer than a lesson can be."], true);
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (error instanceof NotImported) throw error;
    const code = codeOf(error);
    const sentence = code === "ENOENT" ? "There is no such file." : `It cannot be read (${code}).`;
    throw new NotImported([sentence], true, error);
  }
}

/** @param {string[]} args */
function orderOf(args) {
  try {
    const options = /** @type {const} */ ({
      world: { type: "string" },
      policy: { type: "string" },
    });
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const { world, policy } = values;
    const [file, ...more] = positionals;
    if (policy && !file && !world) return { file: policy, world, isPolicy: true };
    if (file && more.length === 0 && !policy) return { file, world, isPolicy: false };
  } catch {
    // Said below.
  }
  console.error(
    "Name one file: npm run import -- FILE [--world WORLD], or npm run import -- --policy FILE",
  );
  process.exit(2);
}
