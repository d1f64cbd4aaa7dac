import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { bundle } from "./bundle.mjs";
import { install, requireNode } from "./install.mjs";

// Load on a real server: `npm run load -- --help`.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
buildServer();

// `--processes 2 --trainers 2` has several that share their lessons, beside one.
const isOne = !process.argv.some((arg) => arg.startsWith("--processes"));
// Written to disk, since the bots and the bare server are separate processes.
const folder = "dist/load";
const { build } = await import("vite");
await build({
  configFile: false,
  logLevel: "error",
  ssr: bundle.ssr,
  resolve: bundle.resolve,
  build: {
    ssr: true,
    target: "node20",
    outDir: folder,
    rolldownOptions: {
      input: {
        index: `test/load/${isOne ? "index" : "several"}.ts`,
        bots: "test/load/bots.ts",
        bare: "test/load/bare.ts",
      },
      treeshake: bundle.treeshake,
    },
  },
});
const { run } = await import(pathToFileURL(resolve(folder, "index.js")).href);
const { text, code } = await run(process.argv.slice(2));
process[code === 2 ? "stderr" : "stdout"].write(text, () => process.exit(code));
