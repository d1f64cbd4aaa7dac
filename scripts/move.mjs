import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

// All lessons from one place to another, a folder or a PostgreSQL database: `npm run move -- --from A --to B`.

/** @typedef {import("../server/storage/place.ts").Place} Place */

const here = process.env.INIT_CWD ?? process.cwd(); // folders are relative to it
process.chdir(join(import.meta.dirname, ".."));
requireNode();
prepare();
const built = "../dist/server/move.js"; // not built yet when types are checked
/** @type {typeof import("../server/storage/move.ts")} */
const { move, NotMoved, placeIn } = await import(built);
const [from, to] = placesOf(process.argv.slice(2));
try {
  const { lessons, events } = await move(from, to, ({ lessons, events }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${lessons} lessons, ${events} events `);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(
    `${lessons} lessons are there as they are here, by the hash of all their events; ${events} events were written.`,
  );
} catch (error) {
  if (!(error instanceof NotMoved)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** @param {string[]} args @returns {[Place, Place]} */
function placesOf(args) {
  try {
    const options = /** @type {const} */ ({ from: { type: "string" }, to: { type: "string" } });
    const { from, to } = parseArgs({ args, options }).values;
    if (from && to && from !== to) return [placeOf(from), placeOf(to)];
  } catch {
    // The usage says what there is, and nothing of an address, which may have a password in it.
  }
  console.error(
    "Name two places: npm run move -- --from PLACE --to PLACE. A place is a folder of lessons, a database as in postgres://user@host/database, or the word DATABASE_URL for the one that is set so, with a password that nobody else is to see.",
  );
  process.exit(2);
}

/**
 * @param {string} text
 * @throws {Error} where it is meant for a database and is no address of one
 */
function placeOf(text) {
  const { DATABASE_URL } = process.env;
  if (text !== "DATABASE_URL")
    return placeIn(
      /^postgres(ql)?:/.test(text) ? { DATABASE_URL: text } : { DATA_DIR: resolve(here, text) },
    );
  if (!DATABASE_URL) throw new Error("there is none");
  return placeIn({ DATABASE_URL });
}
