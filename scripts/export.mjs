import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

/** @typedef {typeof import("../server/export/index.ts")} Program */

// Lessons for other programs, while the server runs or not: `npm run export -- --all --format csv FOLDER`.
const here = process.env.INIT_CWD ?? process.cwd(); // the folder's name is relative to it
process.chdir(join(import.meta.dirname, ".."));
requireNode();
prepare();
const built = "../dist/server/export.js"; // not built yet when types are checked
/** @type {Program} */
const { exportLessons, formats, NotExported, placeIn, BadSetting } = await import(built);

const usage = `npm run export -- (--all | --lesson ADDRESS …) --format FORMAT FOLDER

  --all              all lessons; one that cannot be read is left out, and told
  --lesson ADDRESS   a lesson, by the address in its link; may come several times, and as --lesson=ADDRESS,
                     which is needed where it begins with "-", as those of older lessons may
  --format FORMAT    how they are written:
${Object.entries(formats)
  .map(([name, { words }]) => `      ${name.padEnd(10)} ${words}`)
  .join("\n")}

FOLDER is made; it must not be there yet. Lessons are read from where the server keeps them (DATA_DIR
or DATABASE_URL), which may be running.
docs/data.md says what is in the files, and how to open them.
`;

const { format, lessons, to } = orderOf(process.argv.slice(2));
const broken = new AbortController();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.once(signal, () => broken.abort());
try {
  const from = placeIn(process.env);
  const sum = await exportLessons({ from, lessons, format, to }, broken.signal);
  console.log(
    `Now in ${to}: lessons ${sum.lessons}, episodes ${sum.episodes}, steps ${sum.steps}.`,
  );
  for (const why of sum.leftOut) console.error(`Left out: ${why}`);
  if (sum.leftOut.length > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof NotExported || error instanceof BadSetting)) throw error;
  console.error(error.message);
  process.exit(1);
}

/**
 * Ends the process after printing help, or where the arguments are invalid.
 * @param {string[]} args
 */
function orderOf(args) {
  const { values, positionals } = parsed(args);
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const { all = false, lesson = [], format } = values;
  if (all === lesson.length > 0) complain("Say either --all or --lesson ADDRESS.");
  if (format === undefined) complain("Say --format FORMAT.");
  if (!Object.hasOwn(formats, format))
    complain(`There is no format "${format}": there are ${Object.keys(formats).join(", ")}.`);
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) complain("Name one folder to write to.");
  return { format, lessons: all ? null : [...new Set(lesson)], to: resolve(here, folder) };
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        all: { type: "boolean" },
        lesson: { type: "string", multiple: true },
        format: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    // Node's own words go on with how to escape a dash.
    complain(`${/** @type {Error} */ (error).message.split(/\.\s/)[0]}.`);
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function complain(sentence) {
  console.error(`${sentence}\n\`npm run export -- --help\` says more.`);
  process.exit(2);
}
