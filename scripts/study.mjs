import { readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./build.mjs";
import { codeOf, requireNode } from "./install.mjs";

/** @typedef {typeof import("../server/studies/command.ts")} Program */

// Studies: `npm run study -- check FILE`, `npm run study -- link NAME`.
const here = process.env.INIT_CWD ?? process.cwd(); // the file's name is relative to it
process.chdir(join(import.meta.dirname, ".."));
requireNode();

const usage = `npm run study -- check FILE    says what is wrong with a study's file, and simulates its assignment
npm run study -- link NAME     makes the link to the researcher's page of a study, in place of any before

docs/studies.md says what is in the file, and how a study is run.
`;
const { command, subject } = orderOf(process.argv.slice(2));
prepare();
const built = "../dist/server/study.js"; // not built yet when types are checked
/** @type {Program} */
const program = await import(built);

if (command === "check") check(resolve(here, subject));
else await link(subject);

/** @param {string} path */
function check(path) {
  try {
    const name = basename(path).replace(/\.json$/, "");
    if (!path.endsWith(".json") || !program.studyName.safeParse(name).success)
      throw new program.BadProtocol([
        "A study's file is called NAME.json, and its name has small letters, digits and -.",
      ]);
    process.stdout.write(program.describeProtocol(read(path)));
  } catch (error) {
    if (!(error instanceof program.BadProtocol)) throw error;
    for (const sentence of error.complaints) console.error(`${subject}: ${sentence}`);
    process.exit(2);
  }
}

/** @param {string} path */
function read(path) {
  try {
    if (statSync(path).size > 4 * program.longestProtocol)
      throw new program.BadProtocol(["The file is longer than a protocol can be."]);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof program.BadProtocol) throw error;
    const code = codeOf(error);
    throw new program.BadProtocol([
      code === "ENOENT" ? "There is no such file." : `It cannot be read (${code}).`,
    ]);
  }
}

/** @param {string} name */
async function link(name) {
  if (!program.studyName.safeParse(name).success) complain(`"${name}" is no study's name.`);
  try {
    const secret = await program.renewResearcherSecret(name, program.placeIn(process.env));
    console.log(`The researcher's page, for you only: /study/${name}/researcher#${secret}`);
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(1);
  }
}

/** @param {string[]} args */
function orderOf(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const [command, subject, ...more] = positionals;
    if ((command === "check" || command === "link") && subject && more.length === 0)
      return { command, subject };
  } catch {
    // Said below.
  }
  return complain("Say `check FILE` or `link NAME`.");
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function complain(sentence) {
  console.error(`${sentence}\n\`npm run study -- --help\` says more.`);
  process.exit(2);
}
