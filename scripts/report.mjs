import { join } from "node:path";
import { install, requireNode } from "./install.mjs";

/** SQLite is no JavaScript, and loads itself from beside its package. */
const native = {
  name: "native",
  enforce: "pre",
  resolveId: (id) => (id === "libsql" ? { id: import.meta.resolve(id), external: true } : null),
};

/**
 * Prints what `report(json)` of the TypeScript module `entry` resolves to; `--json` is the only flag.
 * Node 20 cannot read TypeScript, so it is bundled, in memory. Vite's module runner would do too, but
 * it turns every imported name into a getter, which inner loops feel.
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
  const { build } = await import("vite");
  const { output } = await build({
    configFile: false,
    logLevel: "error",
    plugins: [native],
    ssr: { noExternal: true },
    build: { ssr: entry, write: false },
  });
  const source = Buffer.from(output[0].code).toString("base64");
  const { report } = await import(`data:text/javascript;base64,${source}`);
  process.stdout.write(await report(args.includes("--json")));
}
