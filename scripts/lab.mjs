import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { changed } from "./build.mjs";
import { compile } from "./compile.mjs";
import { codeOf, install, requireNode } from "./install.mjs";

// The laboratory: `npm run lab -- --help`.

const here = process.env.INIT_CWD ?? process.cwd(); // file names are relative to it
process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();

/** @typedef {import("../shared/laboratory/flags.ts").StudyRequest} StudyRequest */
/** @typedef {import("../shared/laboratory/flags.ts").ExperimentRequest} ExperimentRequest */
/** @typedef {import("../shared/laboratory/flags.ts").ProblemRequest} ProblemRequest */

const bundle = "dist/lab/laboratory.js";
await build();
/** @type {typeof import("../shared/laboratory/index.ts")} */
const laboratory = await import(pathToFileURL(resolve(bundle)).href);

const request = requestOf(process.argv.slice(2));
if (request.task === "irl") solveProblem(request);
else if (request.task === "study") await study(request);
else await experiment(request);

/**
 * Runs a study and writes its results to where they were asked for.
 * @param {StudyRequest} request
 */
async function study(request) {
  const { study, json, report, figure, workers } = request;
  demandFolders(report, figure);
  /** @type {import("../shared/laboratory/run.ts").Run[]} */
  const done = await runs({ task: "study", study }, workers);
  const written = laboratory.outputs(study, done);
  if (report) writeFileSync(resolve(here, report), written.page);
  if (figure) writeFileSync(resolve(here, figure), written.figure);
  process.stdout.write(json ? written.json : written.text);
}

/**
 * Runs an experiment and writes its results to where they were asked for.
 * @param {ExperimentRequest} request
 */
async function experiment({ task, study, json, figure }) {
  demandFolders(figure);
  /** @type {import("../shared/laboratory/experiments.ts").Experiment<typeof study, unknown>} */
  const { outputs } = laboratory.experiments[task];
  const written = outputs(study, await runs({ task, study }, null));
  if (figure && written.figure) writeFileSync(resolve(here, figure), written.figure);
  process.stdout.write(json ? written.json : written.text);
}

/**
 * Ends the process where a file could not be written for want of its folder.
 * @param {(string | null)[]} names
 */
function demandFolders(...names) {
  for (const file of names.flatMap((name) => (name ? [resolve(here, name)] : []))) {
    if (existsSync(dirname(file))) continue;
    complain(`There is no folder ${dirname(file)} to write ${file} to.`);
  }
}

/**
 * Prints the reward inferred from the demonstrations in a file or, with weights, their consequences.
 * @param {ProblemRequest} request
 */
function solveProblem(request) {
  const { consequencesOf, readProblem, readWeights, solve } = laboratory;
  const { problem: file, weights: weightsFile } = request;
  const problem = validOrExit(file, () => readProblem(read(file), weightsFile === null));
  for (const warning of problem.warnings) console.error(`${file}: ${warning}`);
  if (weightsFile) {
    const result = validOrExit(weightsFile, () =>
      consequencesOf(problem, readWeights(read(weightsFile), problem.nFeatures)),
    );
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else {
    const began = performance.now();
    const solution = validOrExit(file, () => solve(problem));
    const ms = Math.round(performance.now() - began);
    process.stdout.write(`${JSON.stringify({ ...solution, ms })}\n`);
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(resolve(here, file), "utf8");
  } catch (error) {
    const code = codeOf(error);
    const sentence = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new laboratory.BadFile([sentence]);
  }
}

/**
 * The result of `make`. Ends the process, with all complaints about the file, where that is invalid.
 * @template T
 * @param {string} file
 * @param {() => T} make
 * @returns {T}
 */
function validOrExit(file, make) {
  try {
    return make();
  } catch (error) {
    // Numbers that are valid by themselves may be too large together.
    if (!(error instanceof laboratory.BadFile || error instanceof RangeError)) throw error;
    const complaints = error instanceof laboratory.BadFile ? error.complaints : [error.message];
    for (const sentence of complaints) console.error(`${file}: ${sentence}`);
    process.exit(2);
  }
}

/**
 * Parses the arguments. Ends the process after printing help, or where they are invalid.
 * @param {string[]} args
 */
function requestOf(args) {
  try {
    const { options } = laboratory;
    const parsed = parseArgs({ args, options, strict: false, allowPositionals: true });
    const request = laboratory.parse(parsed);
    if (request) return request;
    process.stdout.write(laboratory.help());
    process.exit(0);
  } catch (error) {
    if (!(error instanceof laboratory.BadFlags)) throw error;
    complain(error.message);
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function complain(sentence) {
  console.error(`${sentence}\n\`npm run lab -- --help\` lists all flags.`);
  process.exit(2);
}

/**
 * Does each run as a task in a pool of threads; the results are in order.
 * @template R
 * @param {import("./labWorker.mjs").Work} work
 * @param {number | null} workers threads; null for one on each core
 * @returns {Promise<R[]>}
 */
async function runs(work, workers) {
  const { default: Piscina } = await import("piscina");
  const { seeds } = work.study;
  const threads = Math.min(seeds, workers ?? availableParallelism());
  const pool = new Piscina({
    filename: resolve("scripts/labWorker.mjs"),
    minThreads: threads,
    maxThreads: threads,
  });
  const shares = new Float64Array(seeds);
  const show = process.stderr.isTTY ? bar : () => {};
  show(0);
  const done = await Promise.all(
    Array.from(shares, async (_, index) => {
      const { port1, port2 } = new MessageChannel();
      port1.on("message", (share) => {
        shares[index] = share;
        show(shares.reduce((sum, part) => sum + part, 0) / shares.length);
      });
      try {
        return await pool.run({ ...work, index, port: port2 }, { transferList: [port2] });
      } finally {
        port1.close();
      }
    }),
  );
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  await pool.destroy();
  return done;
}

/** @param {number} share of the work that is done, from 0 to 1 */
function bar(share) {
  const width = 40;
  const full = Math.round(width * share);
  const percent = `${Math.floor(100 * share)}`.padStart(3);
  process.stderr.write(`\r${"█".repeat(full)}${"░".repeat(width - full)} ${percent} %`);
}

/**
 * Bundles the laboratory, unless the bundle is newer than the sources. It is written to another file and
 * renamed, since another process may be reading the old one.
 */
async function build() {
  const built = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
  if (built >= Math.max(changed("shared"), changed("package-lock.json"))) return;
  const code = await compile("shared/laboratory/index.ts", { ssr: { noExternal: true } });
  mkdirSync(dirname(bundle), { recursive: true });
  const aside = `${bundle}.${process.pid}`;
  writeFileSync(aside, code);
  renameSync(aside, bundle);
}
