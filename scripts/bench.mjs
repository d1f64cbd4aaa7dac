// Measures speed, each figure a ratio inside one run: `node scripts/bench.mjs [--json]`.
import { fileURLToPath } from "node:url";

const args = process.argv.slice(2);
const unknown = args.find((arg) => arg !== "--json");
if (unknown !== undefined) {
  console.error(`Unknown argument ${JSON.stringify(unknown)}: the only flag is --json.`);
  process.exit(2);
}

// The sources are TypeScript, which Node 20 cannot read. One bundle, in memory: Vite's module
// runner would do too, but it turns every imported name into a getter, which the loops feel.
const { build } = await import("vite");
const bundle = await build({
  configFile: false,
  root: fileURLToPath(new URL("..", import.meta.url)),
  logLevel: "error",
  ssr: { noExternal: true },
  build: { ssr: "test/bench/index.ts", write: false },
});
const source = Buffer.from(bundle.output[0].code).toString("base64");
const { report } = await import(`data:text/javascript;base64,${source}`);
process.stdout.write(report(args.includes("--json")));
