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
const builtForStudies = "../dist/server/exportStudy.js";
const builtForClasses = "../dist/server/exportClass.js";
/** @type {Program} */
const { exportLessons, formats, NotExported, placeIn, BadSetting } = await import(built);
/** @type {typeof import("../server/export/study.ts")} */
const { exportStudy, idChoices } = await import(builtForStudies);
/** @type {typeof import("../server/export/class.ts")} */
const { exportClass } = await import(builtForClasses);

const usage = `npm run export -- (--all | --lesson ADDRESS … | --study NAME | --class CODE) --format FORMAT FOLDER

  --all              all lessons; one that cannot be read is left out, and told
  --lesson ADDRESS   a lesson, by the address in its link; may come several times, and as --lesson=ADDRESS,
                     which is needed where it begins with "-", as those of older lessons may
  --study NAME       a study: its participants, its log and its lessons
  --class CODE       a class, by its letters or its address: its pupils, its log and their lessons
  --ids CHOICE       of a study: what the panel calls people stays (keep), becomes a hash (hash), or
                     is left out (omit, without --ids); of a class, nicknames stay (keep) or are left out (omit)
  --format FORMAT    how they are written:
${Object.entries(formats)
  .map(([name, { words }]) => `      ${name.padEnd(10)} ${words}`)
  .join("\n")}

FOLDER is made; it must not be there yet. Lessons are read from where the server keeps them (DATA_DIR
or DATABASE_URL), which may be running.
docs/data.md says what is in the files, and how to open them.
`;

const { format, lessons, study, of, ids, to } = orderOf(process.argv.slice(2));
const broken = new AbortController();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.once(signal, () => broken.abort());
try {
  const from = placeIn(process.env);
  const sum =
    of !== null
      ? await exportClass({ from, of, hasNames: ids === "keep", format, to }, broken.signal)
      : study === null
        ? await exportLessons({ from, lessons, format, to }, broken.signal)
        : await exportStudy({ from, study, ids, format, to }, broken.signal);
  const people = "participants" in sum ? `participants ${sum.participants}, ` : "";
  console.log(
    `Now in ${to}: ${people}lessons ${sum.lessons}, episodes ${sum.episodes}, steps ${sum.steps}.`,
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
  const { all = false, lesson = [], study = null, class: of = null, ids, format } = values;
  const choices = [all, lesson.length > 0, study !== null, of !== null].filter(Boolean);
  if (choices.length !== 1)
    complain("Say either --all or --lesson ADDRESS or --study NAME or --class CODE.");
  if (ids !== undefined && study === null && of === null)
    complain("--ids is for a study or a class.");
  if (ids === "hash" && of !== null) complain("--ids of a class is keep or omit.");
  const choice = idChoices.find((one) => one === (ids ?? "omit"));
  if (!choice) complain(`--ids is one of ${idChoices.join(", ")}.`);
  if (format === undefined) complain("Say --format FORMAT.");
  if (!Object.hasOwn(formats, format))
    complain(`There is no format "${format}": there are ${Object.keys(formats).join(", ")}.`);
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) complain("Name one folder to write to.");
  const lessons = all ? null : [...new Set(lesson)];
  return { format, lessons, study, of, ids: choice, to: resolve(here, folder) };
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
        study: { type: "string" },
        class: { type: "string" },
        ids: { type: "string" },
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
