import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

// All lessons from one place to another, a folder or a PostgreSQL database: `npm run move -- --from A --to B`.

/** @typedef {import("../server/storage/place.ts").Place} Place */

const here = process.env.INIT_CWD ?? process.cwd(); // folders are relative to it
const [from, to] = placesOf(process.argv.slice(2));
process.chdir(join(import.meta.dirname, ".."));
requireNode();
prepare();
const built = "../dist/server/move.js"; // not built yet when types are checked
/** @type {typeof import("../server/storage/move.ts")} */
const { move, NotMoved } = await import(built);
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
    const places = from && to && from !== to ? [placeOf(from), placeOf(to)] : [];
    const [here, there] = places;
    if (here && there) return [here, there];
  } catch {
    // The usage says what there is.
  }
  console.error(
    "Name two places: npm run move -- --from PLACE --to PLACE. A place is a folder of lessons, a database as in postgres://user@host/database, or the word DATABASE_URL for the one that is set so, with a password that nobody else is to see.",
  );
  process.exit(2);
}

/**
 * @param {string} text
 * @returns {Place | null} null where it is meant for a database and is no address of one
 */
function placeOf(text) {
  const url = text === "DATABASE_URL" ? (process.env.DATABASE_URL ?? "") : text;
  if (text !== "DATABASE_URL" && !/^postgres(ql)?:/.test(url))
    return { kind: "sqlite", folder: resolve(here, text) };
  const isAddress = /^postgres(ql)?:/.test(url) && URL.canParse(url) && !url.includes("#");
  return isAddress ? { kind: "postgres", url } : null;
}
