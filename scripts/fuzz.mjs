import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { install, requireNode } from "./install.mjs";

// Random and malformed input for a real server: `npm run fuzz -- --help`.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
buildServer();

const folder = "dist/fuzz";
const { build } = await import("vite");
await build({
  configFile: false,
  logLevel: "error",
  build: { ssr: "test/fuzz/index.ts", target: "node20", outDir: folder },
});
const { run } = await import(pathToFileURL(resolve(folder, "index.js")).href);
const { text, code } = await run(process.argv.slice(2));
process[code === 2 ? "stderr" : "stdout"].write(text, () => process.exit(code));
