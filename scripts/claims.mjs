import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, parseDocument } from "yaml";
import { requireNode } from "./install.mjs";

// Makes every figure of docs/science.md again: `npm run claims [-- word …] [--write]`. Only the claims that have one of
// the words, in what they say or in their command, are looked at; all without any. Fails where one no longer holds,
// or where a picture is another one; with --write it puts down what was found instead.

/**
 * @typedef {object} Claim
 * @property {string} says
 * @property {string} command after `npm run`
 * @property {string} table the title of the table in its output, or what stands in it before a comma
 * @property {string} row the first cell of the row
 * @property {string} column the heading of the column
 * @property {string} is the figure
 * @property {string} caveat
 * @property {string} [picture] in docs/, which the command draws as well
 */

const root = resolve(import.meta.dirname, "..");
const list = join(root, "docs/claims.yaml");
const page = join(root, "docs/science.md");
/** How long all commands take together, as measured; said before they begin. */
const minutes = 20;
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

/**
 * The claims that have one of the words; all without any.
 * @param {readonly Claim[]} claims
 * @param {readonly string[]} words
 */
export function having(claims, words) {
  if (words.length === 0) return claims;
  return claims.filter(({ says, command }) =>
    words.some((word) => `${says} ${command}`.toLowerCase().includes(word.toLowerCase())),
  );
}

if (import.meta.filename === process.argv[1]) main(process.argv.slice(2));

/** @param {string[]} args */
function main(args) {
  requireNode();
  const isWritten = args.includes("--write");
  const words = args.filter((arg) => arg !== "--write");
  const claims = readClaims();
  const asked = having(claims, words);
  const commands = new Set(asked.map(({ command }) => command));
  if (commands.size === 0) {
    console.error(`No claim has ${words.join(" or ")} in what it says or in its command.`);
    process.exitCode = 2;
    return;
  }
  console.log(
    `${asked.length} of ${claims.length} claims, by ${commands.size} commands. All take about ${minutes} minutes on two cores.`,
  );
  const document = parseDocument(readFileSync(list, "utf8"));
  const began = performance.now();
  let broken = 0;
  let missing = 0;
  for (const command of commands) {
    const own = asked.filter((claim) => claim.command === command);
    const { output, drawn, seconds } = outcomeOf(command);
    console.log(`\nnpm run ${command} (${seconds.toFixed(0)} s)`);
    for (const claim of own) {
      const { says, is, picture } = claim;
      const found = figureIn(claim, output);
      if (found === is) console.log(`  holds: ${says}: ${is}`);
      else {
        broken++;
        if (found === null) missing++;
        else document.setIn([claims.indexOf(claim), "is"], found);
        console.log(`  DOES NOT HOLD: ${says}: ${found ?? "no figure found"}, not ${is}`);
      }
      if (picture === undefined) continue;
      const file = join(root, "docs", picture);
      if (drawn !== null && drawn === readFileSync(file, "utf8")) {
        console.log(`  holds: docs/${picture}`);
        continue;
      }
      broken++;
      if (drawn === null) missing++;
      else if (isWritten) writeFileSync(file, drawn);
      console.log(`  ANOTHER PICTURE than docs/${picture}${drawn === null ? ": none" : ""}`);
    }
  }
  const took = Math.round((performance.now() - began) / 1000);
  console.log(
    `\n${broken === 0 ? "All hold" : `${broken} do not hold`}; it took ${Math.floor(took / 60)} min ${took % 60} s.`,
  );
  process.exitCode = (isWritten ? missing : broken) === 0 ? 0 : 1;
  if (!isWritten) return;
  writeFileSync(list, document.toString({ lineWidth: 0 }));
  writeFileSync(page, withTable(readFileSync(page, "utf8"), readClaims()));
}

/**
 * What a command prints, what it draws where a claim has a picture, and how long it takes.
 * @param {string} command
 */
function outcomeOf(command) {
  const [script, ...args] = command.split(" ").filter((word) => word !== "--");
  const folder = mkdtempSync(join(tmpdir(), "claims-"));
  const file = join(folder, "picture.svg");
  const isDrawn = readClaims().some((claim) => claim.command === command && claim.picture);
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, `scripts/${script}.mjs`), ...args, ...(isDrawn ? ["--figure", file] : [])],
    { cwd: root, encoding: "utf8", env: { ...process.env, INIT_CWD: root } },
  );
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) console.error(stderr);
  const drawn = isDrawn && existsSync(file) ? readFileSync(file, "utf8") : null;
  rmSync(folder, { recursive: true });
  return { output: stdout, drawn, seconds };
}
