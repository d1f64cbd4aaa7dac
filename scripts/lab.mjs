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
/** @typedef {import("../shared/laboratory/flags.ts").RecoveryRequest} RecoveryRequest */
/** @typedef {import("../shared/laboratory/flags.ts").SetbackRequest} SetbackRequest */
/** @typedef {import("../shared/laboratory/flags.ts").CoverageRequest} CoverageRequest */
/** @typedef {import("../shared/laboratory/flags.ts").EnduranceRequest} EnduranceRequest */
/** @typedef {import("../shared/laboratory/flags.ts").ProblemRequest} ProblemRequest */

const bundle = "dist/lab/laboratory.js";
await build();
/** @type {typeof import("../shared/laboratory/index.ts")} */
const laboratory = await import(pathToFileURL(resolve(bundle)).href);

const request = requestOf(process.argv.slice(2));
if (request.task === "irl") solveProblem(request);
else if (request.task === "coverage") coverage(request);
else if (request.task === "setbacks") setbacks(request);
else if (request.task === "endurance") endurance(request);
else await study(request);

/**
 * Runs a study and writes its results to where they were asked for.
 * @param {StudyRequest | RecoveryRequest} request
 */
async function study(request) {
  const report = request.task === "study" ? request.report : null;
  const files = [report, request.figure].flatMap((name) => (name ? [resolve(here, name)] : []));
  for (const file of files) {
    if (existsSync(dirname(file))) continue;
    complain(`There is no folder ${dirname(file)} to write ${file} to.`);
  }
  /** @param {number} index */
  const recover = (index) => laboratory.recover(request.study, index);
  const written =
    request.task === "recovery"
      ? {
          page: null,
          ...laboratory.recoveryOutputs(request.study, oneByOne(request.study.seeds, recover)),
        }
      : laboratory.outputs(request.study, await runs(request));
  if (report && written.page) writeFileSync(resolve(here, report), written.page);
  if (request.figure) writeFileSync(resolve(here, request.figure), written.figure);
  process.stdout.write(request.json ? written.json : written.text);
}

/**
 * Runs a study of coverage and prints its results.
 * @param {CoverageRequest} request
 */
function coverage({ study, json }) {
  const done = oneByOne(study.seeds, (index) => laboratory.cover(study, index));
  const written = laboratory.coverageOutputs(study, done);
  process.stdout.write(json ? written.json : written.text);
}

/**
 * Runs a study of setbacks and prints its results.
 * @param {SetbackRequest} request
 */
function setbacks({ study, json }) {
  const done = oneByOne(study.seeds, (index) => laboratory.teach(study, index));
  const written = laboratory.setbackOutputs(study, done);
  process.stdout.write(json ? written.json : written.text);
}

/**
 * Runs a study of how far learners get and prints its results.
 * @param {EnduranceRequest} request
 */
function endurance({ study, json }) {
  const done = oneByOne(study.seeds, (index) => laboratory.endure(study, index));
  const written = laboratory.enduranceOutputs(study, done);
  process.stdout.write(json ? written.json : written.text);
}

/**
 * All runs of a study of short ones.
 * @template T
 * @param {number} n
 * @param {(index: number) => T} run
 */
function oneByOne(n, run) {
  const done = Array.from({ length: n }, (_, index) => {
    if (process.stderr.isTTY) bar(index / n);
    return run(index);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return done;
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
 * Runs each run of a study as a task in a pool of threads; the results are in order.
 * @param {StudyRequest} request
 * @returns {Promise<import("../shared/laboratory/run.ts").Run[]>}
 */
async function runs({ study, workers }) {
  const { default: Piscina } = await import("piscina");
  const threads = Math.min(study.seeds, workers ?? availableParallelism());
  const pool = new Piscina({
    filename: resolve("scripts/labWorker.mjs"),
    minThreads: threads,
    maxThreads: threads,
  });
  const shares = new Float64Array(study.seeds);
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
        return await pool.run({ study, index, port: port2 }, { transferList: [port2] });
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
