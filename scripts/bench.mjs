import { join } from "node:path";
import build from "./build.mjs";
import { chromium } from "./chromium.mjs";
import { compile } from "./compile.mjs";
import { install, requireNode } from "./install.mjs";

/** Packages that load files from beside themselves. */
const inPlace = ["libsql", "pg", "playwright-core", "colyseus.js"];

/** @type {import("vite").Plugin} */
const native = {
  name: "native",
  enforce: "pre",
  resolveId: (id) =>
    inPlace.includes(id) ? { id: import.meta.resolve(id), external: true } : null,
};

/**
 * The engine's own arithmetic in place of the project's.
 * @type {import("vite").Plugin}
 */
const host = {
  name: "host",
  enforce: "pre",
  resolveId: (id) =>
    id.endsWith("/arithmetic.ts") ? join(process.cwd(), "test/bench/hostArithmetic.ts") : null,
};

/**
 * @param {string} entry a TypeScript module
 * @param {...import("vite").Plugin} plugins
 */
function sourceOf(entry, ...plugins) {
  const ssr = { noExternal: /** @type {const} */ (true) };
  return compile(entry, { plugins: [native, ...plugins], ssr });
}

/**
 * @param {string} entry a TypeScript module
 * @param {...import("vite").Plugin} plugins
 */
async function load(entry, ...plugins) {
  const source = await sourceOf(entry, ...plugins);
  return await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
}

// Speed, each figure a ratio inside one run: `npm run bench [-- NAME… --json]`, all benches or those named.
// Bundled in memory, since Vite's module runner would slow inner loops down.
const args = process.argv.slice(2);
const names = args.filter((arg) => arg !== "--json");
process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
const tasks = "test/bench/arithmeticTasks.ts";
const [{ arithmeticTasks: ours }, { arithmeticTasks: hosts }] = [
  await load(tasks),
  await load(tasks, host),
];
const { benches: benchesWith, report } = await load("test/bench/index.ts");
const benches = benchesWith(ours, hosts, await sourceOf("test/bench/coldInference.ts"));
const known = Object.keys(benches);
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(
    `Unknown argument ${JSON.stringify(unknown)}: there are --json, and the benches ${known.join(", ")}.`,
  );
  process.exit(2);
}
if (names.length === 0 || names.includes("cold")) {
  process.env.CHROMIUM = await chromium();
  build();
}
const chosen = (names.length > 0 ? names : known).map((name) => benches[name]);
process.stdout.write(await report(chosen, args.includes("--json")));
