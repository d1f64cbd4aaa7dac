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

// Speed, each figure a ratio inside one run: `npm run bench [-- NAME… --json]`, all benches or those named.
// Bundled in memory, since Vite's module runner would slow inner loops down.
const args = process.argv.slice(2);
const names = args.filter((arg) => arg !== "--json");
process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
const config = { plugins: [native], ssr: { noExternal: /** @type {const} */ (true) } };
const source = Buffer.from(await compile("test/bench/index.ts", config)).toString("base64");
const { benches, report } = await import(`data:text/javascript;base64,${source}`);
const known = Object.keys(benches);
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(
    `Unknown argument ${JSON.stringify(unknown)}: there are --json, and the benches ${known.join(", ")}.`,
  );
  process.exit(2);
}
process.stdout.write(await report(names.length > 0 ? names : known, args.includes("--json")));
