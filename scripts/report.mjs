import { join } from "node:path";
import { compile } from "./compile.mjs";
import { install, requireNode } from "./install.mjs";

/**
 * SQLite is a native library, which its package loads from a file beside itself.
 * @type {import("vite").Plugin}
 */
const native = {
  name: "native",
  enforce: "pre",
  resolveId: (id) => (id === "libsql" ? { id: import.meta.resolve(id), external: true } : null),
};

/**
 * Prints what `report(json)` of the TypeScript module `entry` resolves to; `--json` is the only flag.
 * The module is bundled in memory: Vite's module runner would turn every imported name into a getter,
 * which slows inner loops down.
 * @param {string} entry
 */
export async function print(entry) {
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => arg !== "--json");
  if (unknown !== undefined) {
    console.error(`Unknown argument ${JSON.stringify(unknown)}: the only flag is --json.`);
    process.exit(2);
  }
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  install();
  const code = await compile(entry, { plugins: [native], ssr: { noExternal: true } });
  const source = Buffer.from(code).toString("base64");
  const { report } = await import(`data:text/javascript;base64,${source}`);
  process.stdout.write(await report(args.includes("--json")));
}
