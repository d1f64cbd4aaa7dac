import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { changed } from "./build.mjs";
import { install, requireNode } from "./install.mjs";

// The laboratory: `npm run lab -- --help`.

const here = process.env.INIT_CWD ?? process.cwd(); // where files that are named are to go
process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();

const bundle = "dist/lab/laboratory.js";
await build();
const { BadFlags, help, outputs, parse } = await import(pathToFileURL(resolve(bundle)).href);

const asked = understood(process.argv.slice(2));
const { study } = asked;
const files = [asked.report, asked.figure].flatMap((name) => (name ? [resolve(here, name)] : []));
for (const file of files) {
  if (existsSync(dirname(file))) continue;
  complain(`There is no folder ${dirname(file)} to write ${file} to.`);
}
const written = outputs(study, await runs());
if (asked.report) writeFileSync(resolve(here, asked.report), written.page);
if (asked.figure) writeFileSync(resolve(here, asked.figure), written.figure);
process.stdout.write(asked.json ? written.json : written.text);

/** What the arguments ask for. Ends the process where that is help, or nothing that can be done. */
function understood(args) {
  try {
    const asked = parse(args);
    if (asked) return asked;
    process.stdout.write(help());
    process.exit(0);
  } catch (error) {
    if (!(error instanceof BadFlags)) throw error;
    complain(error.message);
  }
}

function complain(sentence) {
  console.error(`${sentence}\n\`npm run lab -- --help\` lists all flags.`);
  process.exit(2);
}

/** One task a run; the runs come back in their order, whichever thread was done first. */
async function runs() {
  const { default: Piscina } = await import("piscina");
  const threads = Math.min(study.seeds, asked.workers ?? availableParallelism());
  const pool = new Piscina({
    filename: resolve("scripts/lab-worker.mjs"),
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

function bar(share) {
  const width = 40;
  const full = Math.round(width * share);
  const percent = `${Math.floor(100 * share)}`.padStart(3);
  process.stderr.write(`\r${"█".repeat(full)}${"░".repeat(width - full)} ${percent} %`);
}

/**
 * Bundles the laboratory, which is TypeScript, unless that has been done since it last changed. It is
 * written aside and moved, since another laboratory may be reading the old one.
 */
async function build() {
  const built = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
  if (built >= Math.max(changed("shared"), changed("package-lock.json"))) return;
  const { build } = await import("vite");
  const { output } = await build({
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: { ssr: "shared/laboratory/index.ts", target: "node20", write: false },
  });
  mkdirSync(dirname(bundle), { recursive: true });
  const aside = `${bundle}.${process.pid}`;
  writeFileSync(aside, output[0].code);
  renameSync(aside, bundle);
}
