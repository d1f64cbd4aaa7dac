import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, parseDocument } from "yaml";
import { requireNode } from "./install.mjs";

// Makes every figure of docs/science.md again: `npm run claims [-- word …] [--write]`. Only the claims whose
// command has one of the words are looked at, all without any. Fails where one no longer holds; with --write it
// puts down what was found instead.

/**
 * @typedef {object} Claim
 * @property {string} says
 * @property {string} command after `npm run`
 * @property {string} table the title of the table in its output, or what stands in it before a comma
 * @property {string} row the first cell of the row
 * @property {string} column the heading of the column
 * @property {string} is the figure
 * @property {string} caveat
 */

const root = resolve(import.meta.dirname, "..");
const list = join(root, "docs/claims.yaml");
const page = join(root, "docs/science.md");
const marks = /** @type {const} */ (["<!-- claims -->", "<!-- end of claims -->"]);

/** @returns {Claim[]} */
export function readClaims() {
  return parse(readFileSync(list, "utf8"));
}

/**
 * The figure of a claim in an output of its command; null where it is not there.
 * @param {Pick<Claim, "table" | "row" | "column">} claim
 * @param {string} output
 */
export function figureIn({ table, row, column }, output) {
  const lines = output.split("\n");
  const title = lines.findIndex((line) => line === table || line.startsWith(`${table},`));
  if (title < 0) return null;
  const cells = (/** @type {string} */ line) => line.trim().split(/ {3,}/);
  const at = cells(lines[title + 1] ?? "").indexOf(column);
  const end = lines.indexOf("", title);
  const found = lines.slice(title + 2, end).find((line) => cells(line)[0] === row);
  return (found && cells(found)[at]) ?? null;
}

/**
 * The page with the table of these claims in its place.
 * @param {string} text
 * @param {readonly Claim[]} claims
 */
export function withTable(text, claims) {
  const rows = claims.map(
    ({ says, is, command, caveat }) => `| ${says} | ${is} | \`npm run ${command}\` | ${caveat} |`,
  );
  const table = ["| claim | measured | command | caveat |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
  const [from, to] = marks.map((mark) => text.indexOf(mark));
  if (from === undefined || to === undefined || from < 0 || to < from) {
    throw new Error(`There is no place for the claims in ${page}.`);
  }
  return `${text.slice(0, from + marks[0].length)}\n\n${table}\n\n${text.slice(to)}`;
}

if (import.meta.filename === process.argv[1]) main(process.argv.slice(2));

/** @param {string[]} args */
function main(args) {
  requireNode();
  const isWritten = args.includes("--write");
  const words = args.filter((arg) => arg !== "--write");
  const claims = readClaims();
  const document = parseDocument(readFileSync(list, "utf8"));
  /** @type {Map<string, string>} */
  const outputs = new Map();
  let broken = 0;
  let missing = 0;
  for (const [i, claim] of claims.entries()) {
    const { command, says, is } = claim;
    if (words.length > 0 && !words.some((word) => command.includes(word))) continue;
    if (!outputs.has(command)) outputs.set(command, outputOf(command));
    const found = figureIn(claim, outputs.get(command) ?? "");
    if (found === is) {
      console.log(`holds: ${says}: ${is}`);
      continue;
    }
    broken++;
    if (found === null) missing++;
    console.log(`DOES NOT HOLD: ${says}: ${found ?? "no figure found"}, not ${is}`);
    if (found !== null) document.setIn([i, "is"], found);
  }
  process.exitCode = (isWritten ? missing : broken) === 0 ? 0 : 1;
  if (!isWritten) return;
  writeFileSync(list, document.toString({ lineWidth: 0 }));
  writeFileSync(page, withTable(readFileSync(page, "utf8"), readClaims()));
}

/** @param {string} command */
function outputOf(command) {
  const [script, ...args] = command.split(" ").filter((word) => word !== "--");
  console.log(`npm run ${command} …`);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, `scripts/${script}.mjs`), ...args],
    { cwd: root, encoding: "utf8", env: { ...process.env, INIT_CWD: root } },
  );
  if (status !== 0) console.error(stderr);
  return stdout;
}
